using Gim.Kernels.LinearAlgebra;

namespace Gim.Tests.Kernels.LinearAlgebra;

public class CholeskyTests
{
    /// <summary>Around the leaves of 32 and their multiples, the tiles and the vectors.</summary>
    public static TheoryData<int, int> Sizes() => new()
    {
        { 0, 0 }, { 0, 3 }, { 1, 1 }, { 2, 5 }, { 3, 0 }, { 7, 7 }, { 8, 8 }, { 31, 33 }, { 32, 63 }, { 33, 64 }, { 63, 65 }, { 64, 1 }, { 65, 17 }, { 97, 130 }, { 70, 301 },
        { 129, 3 }, { 200, 200 }, { 333, 100 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Is_the_reference_and_the_same_on_any_number_of_threads(int n, int columns)
    {
        var random = new Random(42);
        int lda = n + 3, ldb = columns + 2;
        double[] a = PositiveDefinite(random, n, lda), b = DoubleProductCase.Random(random, n * ldb);
        double[] expected = [.. a], factor = [.. a], expectedX = [.. b], x = [.. b];
        CholeskyReference.Factor(n, expected, lda);
        CholeskyReference.Solve(n, columns, expected, lda, expectedX, ldb);
        Cholesky.Factor(n, factor, lda);
        Cholesky.Solve(n, columns, factor, lda, x, ldb);
        // Elements of about 1 after up to n roundings each; the matrix is so well conditioned that errors stay as they are.
        RequireClose(expected, factor, 1e-15 * (n + 10));
        RequireClose(expectedX, x, 1e-15 * (n + 10));
        foreach (int threads in (int[])[2, 3, 8])
        {
            double[] again = [.. a], againX = [.. b];
            Cholesky.Factor(n, again, lda, threads);
            DoubleProductCase.RequireSame(factor, again);
            Cholesky.Solve(n, columns, again, lda, againX, ldb, threads);
            DoubleProductCase.RequireSame(x, againX);
        }
    }

    [Fact]
    public void A_badly_conditioned_system_is_solved_with_a_small_residual()
    {
        // Hilbert's matrix of 8: condition 1e10.
        const int N = 8;
        double[] a = new double[N * N], x = new double[N];
        for (int i = 0; i < N * N; i++)
            a[i] = 1.0 / (1 + i / N + i % N);
        Array.Fill(x, 1);
        double[] factor = [.. a];
        Cholesky.Factor(N, factor, N);
        Cholesky.Solve(N, 1, factor, N, x, 1);
        double size = x.Max(Math.Abs);
        for (int i = 0; i < N; i++)
        {
            double sum = 0;
            for (int j = 0; j < N; j++)
                sum += a[i * N + j] * x[j];
            // Backward stable: about n roundings of |A| |x|.
            Assert.True(Math.Abs(sum - 1) <= 1e-14 * size, $"row {i} gives {sum:R}");
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(40, 0)]
    [InlineData(40, 35)]
    [InlineData(200, 31)]
    [InlineData(200, 32)]
    [InlineData(200, 177)]
    public void What_is_not_positive_definite_is_refused_with_its_pivot(int n, int index)
    {
        foreach (double value in (double[])[-3, double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            double[] a = PositiveDefinite(new Random(42), n, n);
            a[index * n + index] = value;
            var refusal = Assert.Throws<NotPositiveDefiniteException>(() => CholeskyReference.Factor(n, [.. a], n));
            Assert.Equal(index, refusal.Index);
            foreach (int threads in (int[])[1, 3])
            {
                var fast = Assert.Throws<NotPositiveDefiniteException>(() => Cholesky.Factor(n, [.. a], n, threads));
                Assert.Equal(index, fast.Index);
                if (double.IsFinite(value))
                    Assert.Equal(refusal.Pivot, fast.Pivot, 1e-12);
                else
                    Assert.Equal(refusal.Pivot, fast.Pivot);
            }
        }
    }

    [Fact]
    public void Refusals_say_what_is_wrong_in_numbers()
    {
        static string Refusal(Action call) => Assert.Throws<ArgumentException>(call).Message;
        double[] six = new double[6];
        Assert.Equal("a size is negative: N = -1", Refusal(() => Cholesky.Factor(-1, six, 2)));
        Assert.Equal("A has 6 elements where 3 x 3 with row stride 3 takes 9", Refusal(() => Cholesky.Factor(3, six, 3)));
        Assert.Equal("B has 6 elements where 2 x 4 with row stride 4 takes 8", Refusal(() => Cholesky.Solve(2, 4, six, 2, new double[6], 4)));
        Assert.StartsWith("B shares memory with L", Refusal(() => Cholesky.Solve(2, 1, six, 2, six.AsSpan(3), 1)), StringComparison.Ordinal);
        Assert.Equal(
            "the matrix is not positive definite: pivot 1 is -3, where a positive finite number was expected",
            Assert.Throws<NotPositiveDefiniteException>(() => Cholesky.Factor(2, [1, 0, 2, 1], 2)).Message);
    }

    /// <summary>Random, with NaN above the diagonal and between the rows: elements that may not be read.</summary>
    private static double[] PositiveDefinite(Random random, int n, int stride)
    {
        double[] a = new double[n * stride];
        Array.Fill(a, double.NaN);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                a[i * stride + j] = (random.NextDouble() - 0.5) * 2 / n;
            a[i * stride + i] = 2 + random.NextDouble();
        }
        return a;
    }

    private static void RequireClose(double[] expected, double[] actual, double allowed)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed || (double.IsNaN(expected[i]) && double.IsNaN(actual[i]))))
                Assert.Fail($"element {i} is {actual[i]:R} where {expected[i]:R} was expected");
        }
    }
}
