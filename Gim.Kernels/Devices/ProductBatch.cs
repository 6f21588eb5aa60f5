namespace Gim.Kernels.Devices;

/// <summary>
/// Many matrix products of one shape: C_i = alpha op(A_i) op(B_i) + beta C_i for i below <paramref name="Count"/>. An
/// operand holds (Count - 1) · stride + the values of one matrix.
/// </summary>
/// <param name="Product">One product; without GELU.</param>
/// <param name="StrideA">Values from A_i to A_(i+1); 0 where all products share one A. Likewise for B.</param>
/// <param name="StrideC">Values from C_i to C_(i+1), at least what one C takes.</param>
public readonly record struct ProductBatch(int Count, ProductShape Product, int StrideA, int StrideB, int StrideC)
{
    /// <summary>Matrices without gaps between them; sizes whose products leave 31 bits are refused when they are used.</summary>
    public static ProductBatch Contiguous(int count, ProductShape product)
        => new(count, product, unchecked(product.M * product.K), unchecked(product.K * product.N), unchecked(product.M * product.N));
}
