using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void AddGramCore(DeviceView<float> x, int rows, int columns, DeviceView<float> gram)
    {
        MultiplyCore(x, x, new ProductShape(columns, columns, rows) { TransposeA = true, Beta = 1 }, gram, default, hasBias: false);
        kernels.Launch(GramKernels.Mirror, KernelGroups.For(gram.Length), KernelGroups.ElementThreads, columns, View(gram));
    }
}

internal static class GramKernels
{
    /// <summary>Copies the lower triangle to the upper one. Compilers may round the two differently.</summary>
    [DeviceKernel]
    public static void Mirror(int columns, ArrayView<float> gram)
    {
        int i = KernelGroups.Element();
        if (i >= gram.IntLength) return;
        int row = i / columns, column = i % columns;
        if (column > row)
            gram[i] = gram[column * columns + row];
    }
}
