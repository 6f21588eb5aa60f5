using Gim.Kernels.Devices;
using Gim.Kernels.Products;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void MultiplyBatchCore(DeviceView<float> a, DeviceView<float> b, ProductBatch batch, DeviceView<float> c)
    {
        ProductShape shape = batch.Product;
        BatchedMatrixProduct.Multiply(
            batch.Count, shape.M, shape.N, shape.K,
            shape.Alpha, Span(a), shape.TransposeA ? shape.M : shape.K, shape.TransposeA, batch.StrideA,
            Span(b), shape.TransposeB ? shape.K : shape.N, shape.TransposeB, batch.StrideB,
            shape.Beta, Span(c), shape.N, batch.StrideC, threads);
    }
}
