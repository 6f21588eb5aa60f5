using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void SimilarityWeightsCore(
        DeviceView<float> queries, DeviceView<float> keys, int queryCount, int keyCount, int columns, int firstPosition, float inverseTemperature,
        DeviceView<float> destination)
    {
        MultiplyCore(queries, keys, new ProductShape(queryCount, keyCount, columns) { TransposeB = true }, destination, default, hasBias: false);
        kernels.Launch(
            SimilarityKernels.Weigh, KernelGroups.For(destination.Length), KernelGroups.ElementThreads,
            View(destination), keyCount, firstPosition, inverseTemperature);
    }
}

internal static class SimilarityKernels
{
    /// <summary>Cosines become weights in place.</summary>
    [DeviceKernel]
    public static void Weigh(ArrayView<float> weights, int keyCount, int firstPosition, float inverseTemperature)
    {
        int i = KernelGroups.Element();
        if (i >= weights.IntLength) return;
        // Compared by a difference: the sum of position and row may leave 32 bits.
        int row = i / keyCount, key = i % keyCount;
        weights[i] = key - row < firstPosition ? XMath.Exp((weights[i] - 1) * inverseTemperature) : 0;
    }
}
