namespace Gim.Kernels.Products;

/// <summary>The definition of <see cref="BatchedMatrixProduct"/>: one product after the other.</summary>
public static class BatchedMatrixProductReference
{
    /// <inheritdoc cref="BatchedMatrixProduct.Multiply"/>
    public static void Multiply(
        int batch, int m, int n, int k, float alpha, ReadOnlySpan<float> a, int lda, bool transposeA, long strideA,
        ReadOnlySpan<float> b, int ldb, bool transposeB, long strideB, float beta, Span<float> c, int ldc, long strideC, int threads = 1)
    {
        MatrixProductArguments.CheckBatch(batch, m, n, k, a, lda, transposeA, strideA, b, ldb, transposeB, strideB, c, ldc, strideC, threads);
        if (m == 0 || n == 0)
            return;
        for (int i = 0; i < batch; i++)
        {
            MatrixProductReference.Multiply(
                m, n, k, alpha, k == 0 ? [] : a[(int)(i * strideA)..], lda, transposeA, k == 0 ? [] : b[(int)(i * strideB)..], ldb, transposeB,
                beta, c[(int)(i * strideC)..], ldc);
        }
    }
}
