using Gim.Kernels.Products;

namespace Gim.Tests.Kernels.Products;

public class BatchedMatrixProductTests
{
    [Theory]
    [InlineData(0, 3, 4, 5)]
    [InlineData(1, 17, 33, 9)]
    [InlineData(7, 1, 33, 64)]
    [InlineData(12, 65, 1, 64)]
    [InlineData(13, 64, 65, 66)]
    [InlineData(5, 20, 7, 0)]
    public void Is_one_product_after_the_other(int batch, int m, int n, int k)
    {
        var random = new Random(42);
        for (int round = 0; round < 12; round++)
        {
            bool transposeA = round % 2 == 1, transposeB = round % 4 > 1, sharedB = round % 3 == 2;
            int lda = (transposeA ? m : k) + 1, ldb = transposeB ? k : n, ldc = n + 2;
            int strideA = (transposeA ? k : m) * lda, strideB = sharedB ? 0 : (transposeB ? n : k) * ldb, strideC = m * ldc + 3;
            float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
            float[] a = Values(batch * strideA), b = Values(sharedB ? k * n : batch * strideB), c = Values(batch * strideC);
            float[] expected = [.. c];
            float beta = round % 3 - 1;
            BatchedMatrixProductReference.Multiply(batch, m, n, k, 1.5f, a, lda, transposeA, strideA, b, ldb, transposeB, strideB, beta, expected, ldc, strideC);
            float[]? first = null;
            foreach (int threads in (int[])[1, 2, 3])
            {
                float[] actual = [.. c];
                BatchedMatrixProduct.Multiply(batch, m, n, k, 1.5f, a, lda, transposeA, strideA, b, ldb, transposeB, strideB, beta, actual, ldc, strideC, threads);
                Assert.Equal(first ??= actual, actual);
                // No value is above 0.5, so sums of k terms are rounded by at most k k / 4 times 2^-24, and alpha and beta add little.
                float allowed = (k * k + 8) * 1.5f / 4 * MathF.Pow(2, -23);
                for (int i = 0; i < c.Length; i++)
                    Assert.True(MathF.Abs(expected[i] - actual[i]) <= allowed, $"round {round}, element {i}: expected {expected[i]:R}, got {actual[i]:R}");
            }
        }
    }
}
