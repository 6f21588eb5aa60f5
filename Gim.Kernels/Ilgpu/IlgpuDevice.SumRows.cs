using Gim.Kernels.Devices;
using ILGPU;
namespace Gim.Kernels.Ilgpu;
internal sealed partial class IlgpuDevice
{
    private void SumRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(SumRowsKernels.Sum, KernelGroups.For(columns), 256, View(source), rows, columns, View(destination));
}
internal static class SumRowsKernels
{
    [DeviceKernel]
    public static void Sum(ArrayView<float> source, int rows, int columns, ArrayView<float> destination)
    {
        int c = KernelGroups.Element();
        if (c >= columns) return;
        float s = 0;
        for (int r = 0; r < rows; r++) s += source[r * columns + c];
        destination[c] += s;
    }
}
