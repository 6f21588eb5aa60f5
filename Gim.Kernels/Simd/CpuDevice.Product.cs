using Gim.Kernels.Devices;
using Gim.Kernels.Products;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void MultiplyCore(
        DeviceView<float> a, DeviceView<float> b, ProductShape shape, DeviceView<float> c, DeviceView<float> bias, bool hasBias)
        => MatrixProduct.Multiply(
            shape.M, shape.N, shape.K,
            shape.Alpha, Span(a), shape.TransposeA ? shape.M : shape.K, shape.TransposeA,
            Span(b), shape.TransposeB ? shape.K : shape.N, shape.TransposeB,
            shape.Beta, Span(c), shape.N, hasBias ? Span(bias) : default, shape.Gelu, threads);
}
