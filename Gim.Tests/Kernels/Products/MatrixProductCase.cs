using Gim.Kernels.Products;

namespace Gim.Tests.Kernels.Products;

/// <summary>A matrix product's operands, with row strides that leave padding which nothing may touch.</summary>
internal sealed class MatrixProductCase
{
    private const float Padding = 12345;

    public MatrixProductCase(Random random, int m, int n, int k, bool transposeA, bool transposeB, float alpha, float beta, bool bias, bool gelu, int padding = 0)
    {
        (M, N, K, TransposeA, TransposeB, Alpha, Beta, Gelu) = (m, n, k, transposeA, transposeB, alpha, beta, gelu);
        (A, Lda) = Matrix(random, transposeA ? k : m, transposeA ? m : k, padding);
        (B, Ldb) = Matrix(random, transposeB ? n : k, transposeB ? k : n, 2 * padding);
        (C, Ldc) = Matrix(random, m, n, 3 * padding);
        Bias = bias ? Matrix(random, 1, n, 0).Values : [];
    }

    public int M { get; }
    public int N { get; }
    public int K { get; }
    public int Lda { get; }
    public int Ldb { get; }
    public int Ldc { get; }
    public bool TransposeA { get; }
    public bool TransposeB { get; }
    public bool Gelu { get; }
    public float Alpha { get; }
    public float Beta { get; }
    public float[] A { get; }
    public float[] B { get; }
    public float[] C { get; }
    public float[] Bias { get; }

    public override string ToString()
        => $"M {M} N {N} K {K}, A{(TransposeA ? "^T" : "")} B{(TransposeB ? "^T" : "")}, strides {Lda} {Ldb} {Ldc}, alpha {Alpha} beta {Beta}{(Bias.Length > 0 ? ", bias" : "")}{(Gelu ? ", GELU" : "")}";

    public float[] Reference()
    {
        float[] c = [.. C];
        MatrixProductReference.Multiply(M, N, K, Alpha, A, Lda, TransposeA, B, Ldb, TransposeB, Beta, c, Ldc, Bias, Gelu);
        return c;
    }

    public float[] Product(int threads = 1)
    {
        float[] c = [.. C];
        MatrixProduct.Multiply(M, N, K, Alpha, A, Lda, TransposeA, B, Ldb, TransposeB, Beta, c, Ldc, Bias, Gelu, threads);
        return c;
    }

    /// <summary>The product by one kernel, whatever the machine would choose.</summary>
    public unsafe float[] Product<TKernel>(int rowParts = 1, int columnParts = 1)
        where TKernel : struct, IMicroKernel
    {
        float[] c = [.. C];
        fixed (float* a = A, b = B, pinned = c, bias = Bias)
        {
            var problem = new ProductProblem
            {
                M = M, N = N, K = K, Alpha = Alpha, Beta = Beta, A = a, B = b, C = pinned, Lda = Lda, Ldb = Ldb, Ldc = Ldc,
                TransposeA = TransposeA, TransposeB = TransposeB, Bias = bias, Gelu = Gelu, RowParts = rowParts, ColumnParts = columnParts,
            };
            for (int part = 0; part < rowParts * columnParts; part++)
                BlockedProduct<TKernel>.Part(&problem, part);
        }
        return c;
    }

    /// <summary>
    /// Requires what <see cref="Reference"/> gives, each element within (K + 4) 2^-23 of the sum of its terms' magnitudes:
    /// every one of K fused sums rounds by at most 2^-24 of a partial sum, and what follows (alpha, beta, bias) a few times more;
    /// GELU lengthens no difference by more than 1.13 and adds its own 1e-6. Padding must be as it was.
    /// Returns the largest difference as a part of that allowance.
    /// </summary>
    public double RequireReference(float[] actual)
    {
        float[] expected = Reference();
        double largest = 0;
        for (int at = 0; at < C.Length; at++)
        {
            var (i, j) = Math.DivRem(at, Ldc);
            if (j >= N)
            {
                Assert.True(actual[at] == C[at], $"{this}: padding of C at {i}, {j} was written");
                continue;
            }
            if (expected[at].Equals(actual[at]))
                continue;
            double magnitude = (Beta != 0 ? Math.Abs(Beta * C[at]) : 0) + (Bias.Length > 0 ? Math.Abs(Bias[j]) : 0);
            for (int p = 0; p < K && Alpha != 0; p++)
                magnitude += Math.Abs(Alpha * (TransposeA ? A[p * Lda + i] : A[i * Lda + p]) * (TransposeB ? B[j * Ldb + p] : B[p * Ldb + j]));
            double allowed = magnitude * (K + 4) * Math.Pow(2, -23) * (Gelu ? 1.13 : 1) + (Gelu ? 1e-6 * Math.Abs(expected[at]) : 0) + 1e-37;
            double difference = Math.Abs((double)expected[at] - actual[at]);
            Assert.True(difference <= allowed, $"{this}: at {i}, {j} expected {expected[at]:R}, got {actual[at]:R}: {difference:G3} apart where {allowed:G3} is allowed");
            largest = Math.Max(largest, difference / allowed);
        }
        return largest;
    }

    private static (float[] Values, int Stride) Matrix(Random random, int rows, int columns, int padding)
    {
        int stride = columns + padding;
        float[] values = new float[rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns];
        for (int at = 0; at < values.Length; at++)
            values[at] = at % stride < columns ? (float)(random.NextDouble() * 2 - 1) : Padding;
        return (values, stride);
    }
}
