using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void AddCore(DeviceView<float> a, DeviceView<float> b, DeviceView<float> destination)
        => Divide(a.Length, 1, (start, end) => TensorPrimitives.Add(Span(a)[start..end], Span(b)[start..end], Span(destination)[start..end]));

    private protected override void ScaleCore(DeviceView<float> source, float factor, DeviceView<float> destination)
        => Divide(source.Length, 1, (start, end) => TensorPrimitives.Multiply(Span(source)[start..end], factor, Span(destination)[start..end]));

    private protected override void GeluCore(DeviceView<float> source, DeviceView<float> destination)
        => Divide(source.Length, 4, (start, end) => Elementwise.Gelu.Apply(Span(source)[start..end], Span(destination)[start..end]));

    private protected override void GeluBackwardCore(DeviceView<float> source, DeviceView<float> upstream, DeviceView<float> destination)
        => Divide(source.Length, 6, (start, end) => GeluSlope.Apply(Span(source)[start..end], Span(upstream)[start..end], Span(destination)[start..end]));
}
