using Gim.Evaluate;
using Gim.Progress;
using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

public class RandomizedSvdTests
{
    /// <summary>Rows, columns asked for: the sketch as wide as the matrix, one narrower, and far narrower.</summary>
    public static TheoryData<int, int> Sizes() => new() { { 1, 1 }, { 1, 5 }, { 2, 1 }, { 9, 4 }, { 40, 40 }, { 40, 25 }, { 41, 24 }, { 150, 20 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Is_the_dense_decomposition_where_the_spectrum_falls(int n, int columns)
    {
        SparseMatrix a = SparseCase.Falling(new Random(42), n, n);
        SingularVectors expected = RandomizedSvdReference.Decompose(a, columns), actual = Decompose(a, columns, 1);
        // Sums of n products in single precision, more than once.
        double allowed = 1e-5 * expected.Values.FirstOrDefault();
        for (int j = 0; j < Math.Max(expected.Count, actual.Count); j++)
            Assert.Equal(expected.Values.ElementAtOrDefault(j), actual.Values.ElementAtOrDefault(j), allowed);
        RequireOrthonormal(actual, n);
        double[,] wanted = Projected(a, expected), made = Projected(a, actual);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                Assert.Equal(wanted[i, j], made[i, j], 4 * allowed);
        }
    }

    [Theory]
    [InlineData(100, 0.3, 10)]
    [InlineData(300, 0.05, 30)]
    public void Where_the_spectrum_is_flat_the_values_are_nearly_as_large(int n, double filled, int columns)
    {
        SparseMatrix a = SparseCase.Symmetric(new Random(42), n, filled);
        SingularVectors expected = RandomizedSvdReference.Decompose(a, columns), actual = Decompose(a, columns, 1);
        Assert.Equal(columns, actual.Count);
        RequireOrthonormal(actual, n);
        // A random matrix, the slowest of spectra: six products bring the values within a tenth.
        for (int j = 0; j < columns; j++)
            Assert.InRange(actual.Values[j], 0.9 * expected.Values[j], 1.00001 * expected.Values[j]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Directions_that_are_not_there_are_not_found(int rank)
    {
        SingularVectors factors = Decompose(SparseCase.Falling(new Random(42), 120, rank), 30, 2);
        Assert.Equal(rank, factors.Count);
        RequireOrthonormal(factors, 120);
        Assert.Equal(0, Decompose(SparseCase.From(new double[5, 5]), 3, 1).Count);
    }

    [Fact]
    public void It_is_the_same_on_any_number_of_threads_and_another_with_another_seed()
    {
        SparseMatrix a = SparseCase.Symmetric(new Random(42), 400, 0.1);
        SingularVectors one = Decompose(a, 20, 1);
        foreach (int threads in (int[])[2, 7])
        {
            SingularVectors again = Decompose(a, 20, threads);
            Assert.Equal(one.Values, again.Values);
            Assert.Equal(one.Vectors, again.Vectors);
        }
        Assert.NotEqual(one.Vectors, RandomizedSvd.Decompose(a, 20, new GaussianRandom(43), 1, SilentLog.Instance, default).Vectors);
    }

    private static SingularVectors Decompose(SparseMatrix a, int columns, int threads)
        => RandomizedSvd.Decompose(a, columns, new GaussianRandom(42), threads, SilentLog.Instance, default);

    private static void RequireOrthonormal(SingularVectors factors, int n)
    {
        for (int p = 0; p < factors.Count; p++)
        {
            for (int q = 0; q <= p; q++)
            {
                double sum = 0;
                for (int i = 0; i < n; i++)
                    sum += (double)factors.Vectors[i * factors.Count + p] * factors.Vectors[i * factors.Count + q];
                Assert.Equal(p == q ? 1 : 0, sum, 1e-6);
            }
        }
    }

    /// <summary>U U^T A</summary>
    private static double[,] Projected(SparseMatrix a, SingularVectors factors)
    {
        int n = a.Size, count = factors.Count;
        double[,] dense = SparseCase.Dense(a), inside = new double[count, n], projected = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int r = 0; r < count; r++)
                    inside[r, j] += factors.Vectors[i * count + r] * dense[i, j];
            }
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int r = 0; r < count; r++)
                    projected[i, j] += factors.Vectors[i * count + r] * inside[r, j];
            }
        }
        return projected;
    }
}
