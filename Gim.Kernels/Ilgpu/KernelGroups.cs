using System.Runtime.CompilerServices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

/// <summary>Groups of threads: their sizes, a thread's place, and sums and maxima over a group.</summary>
internal static class KernelGroups
{
    /// <summary>Threads in a group of an elementwise kernel: the most that every device offers.</summary>
    public const int ElementThreads = 256;

    /// <summary>Threads in the group that takes one row.</summary>
    public const int RowThreads = 128;

    /// <summary>Groups for so many values, one thread each.</summary>
    public static int For(int count) => (int)(((long)count + ElementThreads - 1) / ElementThreads);

    /// <summary>This thread's number in an elementwise kernel; may lie beyond the values in the last group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Element() => Grid.IdxX * ElementThreads + Group.IdxX;

    /// <summary>The sum over a row's group, for every thread of it. A tree: the same order whatever the device.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RowSum(float value)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(RowThreads);
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int distance = RowThreads / 2; distance > 0; distance /= 2)
        {
            if (thread < distance)
                shared[thread] += shared[thread + distance];
            Group.Barrier();
        }
        float sum = shared[0];
        Group.Barrier(); // the next use of the memory must not overtake this read
        return sum;
    }

    /// <summary>The largest value over a row's group, for every thread of it; undefined where one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RowMax(float value)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(RowThreads);
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int distance = RowThreads / 2; distance > 0; distance /= 2)
        {
            if (thread < distance && shared[thread + distance] > shared[thread])
                shared[thread] = shared[thread + distance];
            Group.Barrier();
        }
        float largest = shared[0];
        Group.Barrier();
        return largest;
    }
}
