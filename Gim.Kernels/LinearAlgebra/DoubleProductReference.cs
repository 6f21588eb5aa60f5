namespace Gim.Kernels.LinearAlgebra;

/// <summary>The definition of <see cref="DoubleProduct"/>, as plain loops.</summary>
public static class DoubleProductReference
{
    /// <inheritdoc cref="DoubleProduct.Multiply"/>
    public static void Multiply(
        int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, bool transposeA, ReadOnlySpan<double> b, int ldb, bool transposeB,
        double beta, Span<double> c, int ldc, int threads = 1)
    {
        LinearAlgebraArguments.CheckProduct(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, threads);
        Multiply(m, n, k, alpha, a, lda, transposeA, b, ldb, transposeB, beta, c, ldc, lower: false);
    }

    /// <inheritdoc cref="DoubleProduct.MultiplyByTranspose"/>
    public static void MultiplyByTranspose(
        int n, int k, double alpha, ReadOnlySpan<double> a, int lda, bool transposeA, double beta, Span<double> c, int ldc, int threads = 1)
    {
        LinearAlgebraArguments.CheckProduct(n, n, k, a, lda, transposeA, a, lda, !transposeA, c, ldc, threads);
        Multiply(n, n, k, alpha, a, lda, transposeA, a, lda, !transposeA, beta, c, ldc, lower: true);
    }

    private static void Multiply(
        int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, bool transposeA, ReadOnlySpan<double> b, int ldb, bool transposeB,
        double beta, Span<double> c, int ldc, bool lower)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < (lower ? i + 1 : n); j++)
            {
                double sum = 0;
                for (int p = 0; p < k && alpha != 0; p++)
                    sum += (transposeA ? a[p * lda + i] : a[i * lda + p]) * (transposeB ? b[j * ldb + p] : b[p * ldb + j]);
                double value = alpha == 0 || k == 0 ? 0 : alpha * sum;
                c[i * ldc + j] = beta == 0 ? value : value + beta * c[i * ldc + j];
            }
        }
    }
}
