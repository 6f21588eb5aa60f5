using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void AddCore(DeviceView<float> a, DeviceView<float> b, DeviceView<float> destination)
        => Divide(a.Length, 1, new AddWork(Values(a), Values(b), Values(destination)));

    private protected override void ScaleCore(DeviceView<float> source, float factor, DeviceView<float> destination)
        => Divide(source.Length, 1, new ScaleWork(Values(source), factor, Values(destination)));

    private protected override void GeluCore(DeviceView<float> source, DeviceView<float> destination)
        => Divide(source.Length, 4, new GeluWork(Values(source), Values(destination)));

    private protected override void GeluBackwardCore(DeviceView<float> source, DeviceView<float> upstream, DeviceView<float> destination)
        => Divide(source.Length, 6, new GeluBackwardWork(Values(source), Values(upstream), Values(destination)));

    private readonly struct AddWork(HostValues<float> a, HostValues<float> b, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end) => TensorPrimitives.Add(a.Range(start, end), b.Range(start, end), destination.Range(start, end));
    }

    private readonly struct ScaleWork(HostValues<float> source, float factor, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end) => TensorPrimitives.Multiply(source.Range(start, end), factor, destination.Range(start, end));
    }

    private readonly struct GeluWork(HostValues<float> source, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end) => Elementwise.Gelu.Apply(source.Range(start, end), destination.Range(start, end));
    }

    private readonly struct GeluBackwardWork(HostValues<float> source, HostValues<float> upstream, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end) => GeluSlope.Apply(source.Range(start, end), upstream.Range(start, end), destination.Range(start, end));
    }
}
