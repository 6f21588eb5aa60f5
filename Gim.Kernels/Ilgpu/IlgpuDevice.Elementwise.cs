using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void AddCore(DeviceView<float> a, DeviceView<float> b, DeviceView<float> destination)
        => kernels.Launch(ElementwiseKernels.Add, KernelGroups.For(a.Length), KernelGroups.ElementThreads, View(a), View(b), View(destination));

    private protected override void ScaleCore(DeviceView<float> source, float factor, DeviceView<float> destination)
        => kernels.Launch(ElementwiseKernels.Scale, KernelGroups.For(source.Length), KernelGroups.ElementThreads, View(source), factor, View(destination));

    private protected override void GeluCore(DeviceView<float> source, DeviceView<float> destination)
        => kernels.Launch(ElementwiseKernels.Gelu, KernelGroups.For(source.Length), KernelGroups.ElementThreads, View(source), View(destination));

    private protected override void GeluBackwardCore(DeviceView<float> source, DeviceView<float> upstream, DeviceView<float> destination)
        => kernels.Launch(ElementwiseKernels.GeluBackward, KernelGroups.For(source.Length), KernelGroups.ElementThreads, View(source), View(upstream), View(destination));
}

internal static class ElementwiseKernels
{
    /// <summary>Zeros, which floats and integers write alike.</summary>
    [DeviceKernel]
    public static void Clear(ArrayView<float> destination)
    {
        int i = KernelGroups.Element();
        if (i < destination.IntLength)
            destination[i] = 0;
    }

    [DeviceKernel]
    public static void Add(ArrayView<float> a, ArrayView<float> b, ArrayView<float> destination)
    {
        int i = KernelGroups.Element();
        if (i < destination.IntLength)
            destination[i] = a[i] + b[i];
    }

    [DeviceKernel]
    public static void Scale(ArrayView<float> source, float factor, ArrayView<float> destination)
    {
        int i = KernelGroups.Element();
        if (i < destination.IntLength)
            destination[i] = factor * source[i];
    }

    [DeviceKernel]
    public static void Gelu(ArrayView<float> source, ArrayView<float> destination)
    {
        int i = KernelGroups.Element();
        if (i < destination.IntLength)
            destination[i] = KernelGelu.Value(source[i]);
    }

    [DeviceKernel]
    public static void GeluBackward(ArrayView<float> source, ArrayView<float> upstream, ArrayView<float> destination)
    {
        int i = KernelGroups.Element();
        if (i < destination.IntLength)
            destination[i] = upstream[i] * KernelGelu.Slope(source[i]);
    }
}
