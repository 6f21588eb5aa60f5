using Gim.Kernels.Devices;
using Gim.Kernels.Products;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void MultiplyBatchCore(DeviceView<float> a, DeviceView<float> b, ProductBatch batch, DeviceView<float> c)
    {
        ProductShape shape = batch.Product;
        BatchedMatrixProductReference.Multiply(
            batch.Count, shape.M, shape.N, shape.K,
            shape.Alpha, Span(a), shape.TransposeA ? shape.M : shape.K, shape.TransposeA, batch.StrideA,
            Span(b), shape.TransposeB ? shape.K : shape.N, shape.TransposeB, batch.StrideB,
            shape.Beta, Span(c), shape.N, batch.StrideC);
    }
}
