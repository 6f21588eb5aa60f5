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
        => kernels.Launch(
            EmbeddingKernels.ScatterAddRows, KernelGroups.For(source.Length), KernelGroups.ElementThreads,
            View(source), View(indexes), rows, columns, View(table));
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
    /// A thread for every value of the source. The one at an index's first occurrence adds all its occurrences in order
    /// and the others do nothing, so no two threads write to one place and results repeat. Reading the indexes takes n²
    /// steps, which neighbouring threads share: milliseconds at the tens of thousands of tokens of a batch.
    /// </summary>
    [DeviceKernel]
    public static void ScatterAddRows(ArrayView<float> source, ArrayView<int> indexes, int rows, int columns, ArrayView<float> table)
    {
        int i = KernelGroups.Element();
        if (i >= source.IntLength) return;
        int place = i / columns, column = i % columns, index = indexes[place];
        if (index < 0 || index >= rows) return;
        for (int earlier = 0; earlier < place; earlier++)
        {
            if (indexes[earlier] == index) return;
        }
        float sum = table[index * columns + column];
        for (int later = place; later < indexes.IntLength; later++)
        {
            if (indexes[later] == index)
                sum += source[later * columns + column];
        }
        table[index * columns + column] = sum;
    }
}
