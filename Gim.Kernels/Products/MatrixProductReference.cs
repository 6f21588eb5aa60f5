using Gim.Kernels.Elementwise;

namespace Gim.Kernels.Products;

/// <summary>The definition of <see cref="MatrixProduct"/>, as plain loops that sum in double precision.</summary>
public static class MatrixProductReference
{
    /// <inheritdoc cref="MatrixProduct.Multiply"/>
    public static void Multiply(
        int m, int n, int k, float alpha, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB,
        float beta, Span<float> c, int ldc, ReadOnlySpan<float> bias = default, bool gelu = false, int threads = 1)
    {
        MatrixProductArguments.Check(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, bias, threads);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double value = 0;
                if (alpha != 0 && k > 0)
                {
                    for (int p = 0; p < k; p++)
                    {
                        float left = transposeA ? a[p * lda + i] : a[i * lda + p];
                        float right = transposeB ? b[j * ldb + p] : b[p * ldb + j];
                        value += (double)left * right;
                    }
                    value *= alpha;
                }
                if (beta != 0)
                    value += (double)beta * c[i * ldc + j];
                if (!bias.IsEmpty)
                    value += bias[j];
                c[i * ldc + j] = (float)(gelu ? GeluReference.Gelu(value) : value);
            }
        }
    }
}
