using System.Runtime.InteropServices;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Tests.Kernels.LinearAlgebra;

/// <summary>One product of random matrices, between whose rows and behind which there is NaN.</summary>
internal sealed unsafe class DoubleProductCase
{
    private readonly int m, n, k, lda, ldb, ldc;
    private readonly bool transposeA, transposeB;
    private readonly double beta;
    private readonly double[] a, b, c;

    public DoubleProductCase(Random random, int m, int n, int k, bool transposeA, bool transposeB, double alpha, double beta, int padding)
    {
        (this.m, this.n, this.k, this.transposeA, this.transposeB, Alpha, this.beta) = (m, n, k, transposeA, transposeB, alpha, beta);
        (a, lda) = Matrix(random, transposeA ? k : m, transposeA ? m : k, padding);
        (b, ldb) = Matrix(random, transposeB ? n : k, transposeB ? k : n, padding);
        (c, ldc) = Matrix(random, m, n, padding);
    }

    public double Alpha { get; }

    public static double[] Random(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];

    /// <summary>
    /// Sums of <paramref name="k"/> products of factors up to 1/2: each of as many roundings errs by at most 2^-53 of the
    /// sum so far, here and there.
    /// </summary>
    public static double RequireClose(double[] expected, double[] actual, int k)
    {
        double allowed = (k + 4.0) * (k + 4.0) / 4 * 2.2e-16, largest = 0;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]);
            if (!(difference <= allowed || (double.IsNaN(expected[i]) && double.IsNaN(actual[i]))))
                Assert.Fail($"element {i} is {actual[i]:R} where {expected[i]:R} was expected");
            largest = double.IsNaN(difference) ? largest : Math.Max(largest, difference);
        }
        return largest / allowed;
    }

    /// <summary>To the last bit, NaN included.</summary>
    public static void RequireSame(double[] expected, double[] actual)
        => Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())), "the results differ");

    public double[] Product(int threads)
    {
        double[] result = [.. c];
        DoubleProduct.Multiply(m, n, k, Alpha, a, lda, transposeA, b, ldb, transposeB, beta, result, ldc, threads);
        return result;
    }

    public double RequireReference() => RequireClose(Reference(), Product(threads: 1), k);

    public void RequireReference<TKernel>()
        where TKernel : struct, IDoubleKernel
    {
        double[] result = [.. c];
        fixed (double* pinnedA = a, pinnedB = b, pinnedC = result)
        {
            var problem = new DoubleProblem
            {
                M = m, N = n, K = k, Alpha = Alpha, Beta = beta, A = pinnedA, B = pinnedB, C = pinnedC, Lda = lda, Ldb = ldb, Ldc = ldc,
                TransposeA = transposeA, TransposeB = transposeB,
            };
            DoubleProduct.RunBlocked<TKernel>(&problem, threads: 2);
        }
        RequireClose(Reference(), result, k);
    }

    private double[] Reference()
    {
        double[] result = [.. c];
        DoubleProductReference.Multiply(m, n, k, Alpha, a, lda, transposeA, b, ldb, transposeB, beta, result, ldc);
        return result;
    }

    private static (double[] Values, int Stride) Matrix(Random random, int rows, int columns, int padding)
    {
        int stride = columns + padding;
        double[] values = Random(random, rows * stride);
        for (int i = 0; i < rows; i++)
            values.AsSpan(i * stride + columns, padding).Fill(double.NaN);
        return (values, stride);
    }
}
