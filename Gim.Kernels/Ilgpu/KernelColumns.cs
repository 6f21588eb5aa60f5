using System.Runtime.CompilerServices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

/// <summary>
/// Groups that take 32 neighbouring columns, so that reads join: lane l of a column takes rows l, l + 8, ... A group has
/// <see cref="KernelGroups.ElementThreads"/> threads.
/// </summary>
internal static class KernelColumns
{
    public const int PerGroup = 32;

    public const int Lanes = KernelGroups.ElementThreads / PerGroup;

    public static int Groups(int columns) => (int)(((long)columns + PerGroup - 1) / PerGroup);

    /// <summary>This thread's column; may lie beyond the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Column() => Grid.IdxX * PerGroup + Group.IdxX % PerGroup;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lane() => Group.IdxX / PerGroup;

    /// <summary>The sum over a column's lanes in their order, for every thread of the column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float value)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelGroups.ElementThreads);
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        KernelSum sum = default;
        for (int place = thread % PerGroup; place < KernelGroups.ElementThreads; place += PerGroup)
            sum.Add(shared[place]);
        Group.Barrier(); // the next use of the memory must not overtake these reads
        return sum.Total;
    }
}
