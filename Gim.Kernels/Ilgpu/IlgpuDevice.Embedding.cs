using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void GatherRowsCore(DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(
            EmbeddingKernels.GatherRows, KernelGroups.For(destination.Length), KernelGroups.ElementThreads,
            View(table), View(indexes), rows, columns, View(destination));

    private protected override void ScatterAddRowsCore(DeviceView<float> source, DeviceView<int> indexes, int rows, int columns, DeviceView<float> table)
    {
        int count = indexes.Length;
        // Given back at once: what uses the memory next runs after these kernels.
        using DeviceBuffer<int> previous = AllocateInts(count), next = AllocateInts(count);
        kernels.Launch(
            EmbeddingKernels.LinkOccurrences, count, KernelGroups.RowThreads,
            View(indexes), View<int>(previous), View<int>(next));
        kernels.Launch(
            EmbeddingKernels.ScatterAddRows, KernelGroups.For(source.Length), KernelGroups.ElementThreads,
            View(source), View(indexes), View<int>(previous), View<int>(next), rows, columns, View(table));
    }
}

internal static class EmbeddingKernels
{
    [DeviceKernel]
    public static void GatherRows(ArrayView<float> table, ArrayView<int> indexes, int rows, int columns, ArrayView<float> destination)
    {
        int i = KernelGroups.Element();
        if (i >= destination.IntLength) return;
        int index = indexes[i / columns];
        destination[i] = index >= 0 && index < rows ? table[index * columns + i % columns] : float.NaN;
    }

    /// <summary>
    /// For every place the nearest place before and after it with the same index; -1 where there is none. A group takes a
    /// place and reads all indexes together: n² reads, but neighbouring ones.
    /// </summary>
    [DeviceKernel]
    public static void LinkOccurrences(ArrayView<int> indexes, ArrayView<int> previous, ArrayView<int> next)
    {
        ArrayView<int> before = SharedMemory.Allocate<int>(KernelGroups.RowThreads);
        ArrayView<int> after = SharedMemory.Allocate<int>(KernelGroups.RowThreads);
        int place = Grid.IdxX, thread = Group.IdxX, count = indexes.IntLength, index = indexes[place];
        int nearestBefore = -1, nearestAfter = count;
        for (int i = thread; i < count; i += KernelGroups.RowThreads)
        {
            if (indexes[i] != index) continue;
            if (i < place) nearestBefore = i;
            else if (i > place && i < nearestAfter) nearestAfter = i;
        }
        before[thread] = nearestBefore;
        after[thread] = nearestAfter;
        Group.Barrier();
        for (int distance = KernelGroups.RowThreads / 2; distance > 0; distance /= 2)
        {
            if (thread < distance)
            {
                if (before[thread + distance] > before[thread]) before[thread] = before[thread + distance];
                if (after[thread + distance] < after[thread]) after[thread] = after[thread + distance];
            }
            Group.Barrier();
        }
        if (thread == 0)
        {
            previous[place] = before[0];
            next[place] = after[0] < count ? after[0] : -1;
        }
    }

    /// <summary>
    /// A thread for every value of the source. The one at an index's first occurrence adds all its occurrences in order
    /// and the others do nothing, so no two threads write to one place and results repeat.
    /// </summary>
    [DeviceKernel]
    public static void ScatterAddRows(
        ArrayView<float> source, ArrayView<int> indexes, ArrayView<int> previous, ArrayView<int> next, int rows, int columns, ArrayView<float> table)
    {
        int i = KernelGroups.Element();
        if (i >= source.IntLength) return;
        int place = i / columns, column = i % columns, index = indexes[place];
        if (index < 0 || index >= rows || previous[place] >= 0) return;
        float sum = table[index * columns + column];
        for (int occurrence = place; occurrence >= 0; occurrence = next[occurrence])
            sum += source[occurrence * columns + column];
        table[index * columns + column] = sum;
    }
}
