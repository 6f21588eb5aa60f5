using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void TopKCore(DeviceView<float> source, int rows, int columns, int k, DeviceView<float> values, DeviceView<int> indexes)
        => kernels.Launch(SelectionKernels.TopK, rows, KernelGroups.RowThreads, View(source), columns, k, View(values), View(indexes));
}

internal static class SelectionKernels
{
    /// <summary>
    /// One group a row. Each round finds the best of what comes after the last one found, in the order of key, then
    /// column: nothing need be remembered but that one.
    /// </summary>
    [DeviceKernel]
    public static void TopK(ArrayView<float> source, int columns, int k, ArrayView<float> values, ArrayView<int> indexes)
    {
        ArrayView<int> keys = SharedMemory.Allocate<int>(KernelGroups.RowThreads);
        ArrayView<int> places = SharedMemory.Allocate<int>(KernelGroups.RowThreads);
        int row = Grid.IdxX, thread = Group.IdxX, start = row * columns;
        int lastKey = int.MaxValue, lastPlace = -1;
        for (int round = 0; round < k; round++)
        {
            int bestKey = int.MinValue, bestPlace = int.MaxValue;
            for (int c = thread; c < columns; c += KernelGroups.RowThreads)
            {
                int key = Key(source[start + c]);
                // Places rise, so of equal keys a thread keeps the first.
                if (IsBefore(lastKey, lastPlace, key, c) && IsBefore(key, c, bestKey, bestPlace))
                {
                    bestKey = key;
                    bestPlace = c;
                }
            }
            keys[thread] = bestKey;
            places[thread] = bestPlace;
            Group.Barrier();
            for (int distance = KernelGroups.RowThreads / 2; distance > 0; distance /= 2)
            {
                if (thread < distance && IsBefore(keys[thread + distance], places[thread + distance], keys[thread], places[thread]))
                {
                    keys[thread] = keys[thread + distance];
                    places[thread] = places[thread + distance];
                }
                Group.Barrier();
            }
            lastKey = keys[0];
            lastPlace = places[0];
            if (thread == 0)
            {
                values[row * k + round] = source[start + lastPlace];
                indexes[row * k + round] = lastPlace;
            }
            Group.Barrier(); // the next round must not overtake these reads
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBefore(int key, int place, int otherKey, int otherPlace)
        => key > otherKey || (key == otherKey && place < otherPlace);

    /// <summary>A whole number in the values' order: 0 for -0 too, the least for NaN. Bits, as GPUs may take tiny values for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Key(float value)
    {
        const int magnitude = 0x7FFF_FFFF, infinity = 0x7F80_0000;
        int bits = (int)Interop.FloatAsInt(value);
        int key = bits >= 0 ? bits : bits ^ magnitude;
        if ((bits & magnitude) == 0) key = 0;
        if ((bits & magnitude) > infinity) key = int.MinValue;
        return key;
    }
}
