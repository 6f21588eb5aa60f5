using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void MultiplyCore(
        DeviceView<float> a, DeviceView<float> b, ProductShape shape, DeviceView<float> c, DeviceView<float> bias, bool hasBias)
        => Divide(shape.M, (long)shape.N * Math.Max(1, shape.K), (start, end) =>
        {
            CpuMatrixProduct.Multiply(Span(a), Span(b), shape, Span(c), start, end);
            for (int row = start; row < end && (hasBias || shape.Gelu); row++)
            {
                Span<float> result = Span(c).Slice(row * shape.N, shape.N);
                if (hasBias) TensorPrimitives.Add(result, Span(bias), result);
                if (shape.Gelu) VectorGelu.Gelu(result, result);
            }
        });
}
