using Gim.Kernels.LinearAlgebra;
using Xunit.Abstractions;

namespace Gim.Tests.Kernels.LinearAlgebra;

public class SymmetricEigenTests(ITestOutputHelper output)
{
    /// <summary>Of n times the matrix's largest element: some hundred times what a rounding makes, as in what is compared with.</summary>
    private const double Allowed = 1e-13;

    public static TheoryData<string> Kinds => [.. EigenMatrices.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_the_reference_with_orthonormal_vectors(string kind)
    {
        double worstResidual = 0, worstOrthogonality = 0, worstValue = 0;
        // Around the leaves (33), the blocks of reflections (32, 64) and deeper trees.
        List<int> sizes = [1, 2, 3, 4, 5, 21, 31, 32, 33, 34, 63, 64, 65, 66, 67, 99, 130, 168];
        if (kind is "random" or "clustered" or "glued Wilkinson")
            sizes.Add(300);
        foreach (int n in sizes)
        {
            double[] a = EigenMatrices.Make(kind, n), values = new double[n], vectors = new double[n * n], expected = new double[n];
            SymmetricEigenReference.Decompose(n, a, n, expected, new double[n * n]);
            SymmetricEigen.Decompose(n, a, n, values, vectors);
            var (residual, orthogonality) = EigenMatrices.Quality(n, a, values, vectors);
            double size = Math.Max(a.Max(Math.Abs), double.Epsilon), difference = values.Zip(expected, (x, y) => Math.Abs(x - y)).Max() / size / n;
            Assert.True(residual <= Allowed, $"n = {n}: the residual is {residual:E2}");
            Assert.True(orthogonality <= Allowed, $"n = {n}: V^T V differs from 1 by {orthogonality:E2}");
            Assert.True(difference <= Allowed, $"n = {n}: a value differs by {difference:E2}");
            Assert.Equal(values.Order(), values);
            worstResidual = Math.Max(worstResidual, residual);
            worstOrthogonality = Math.Max(worstOrthogonality, orthogonality);
            worstValue = Math.Max(worstValue, difference);
        }
        output.WriteLine($"{kind}: residual {worstResidual:E1}, orthogonality {worstOrthogonality:E1}, values {worstValue:E1}, of n |A|");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Vectors_of_300_are_orthonormal_and_the_same_on_any_number_of_threads(string kind)
    {
        const int N = 300;
        double[] a = EigenMatrices.Make(kind, N), values = new double[N], vectors = new double[N * N];
        SymmetricEigen.Decompose(N, a, N, values, vectors, threads: 2);
        var (residual, orthogonality) = EigenMatrices.Quality(N, a, values, vectors);
        Assert.True(residual <= Allowed, $"the residual is {residual:E2}");
        Assert.True(orthogonality <= Allowed, $"V^T V differs from 1 by {orthogonality:E2}");
        foreach (int threads in (int[])[1, 3, 8])
        {
            double[] otherValues = new double[N], otherVectors = new double[N * N];
            SymmetricEigen.Decompose(N, a, N, otherValues, otherVectors, threads);
            DoubleProductCase.RequireSame(values, otherValues);
            DoubleProductCase.RequireSame(vectors, otherVectors);
        }
    }

    [Fact]
    public void Values_of_the_second_difference_are_those_of_the_formula()
    {
        const int N = 500;
        double[] a = EigenMatrices.Make("tridiagonal", N), values = new double[N], vectors = new double[N * N];
        SymmetricEigen.Decompose(N, a, N, values, vectors, threads: 2);
        for (int i = 0; i < N; i++)
            Assert.Equal(2 - 2 * Math.Cos(Math.PI * (i + 1) / (N + 1)), values[i], 1e-13);
    }

    [Fact]
    public void Only_the_lower_triangle_is_read_and_memory_may_be_shared()
    {
        const int N = 70, Stride = 75;
        double[] a = EigenMatrices.Make("random", N), wide = new double[N * Stride], expected = new double[N], expectedVectors = new double[N * N];
        SymmetricEigen.Decompose(N, a, N, expected, expectedVectors);
        Array.Fill(wide, double.NaN);
        for (int i = 0; i < N; i++)
            a.AsSpan(i * N, i + 1).CopyTo(wide.AsSpan(i * Stride));
        double[] values = new double[N], vectors = new double[N * N];
        SymmetricEigen.Decompose(N, wide, Stride, values, vectors);
        DoubleProductCase.RequireSame(expected, values);
        DoubleProductCase.RequireSame(expectedVectors, vectors);
        SymmetricEigen.Decompose(N, a, N, values, a);
        DoubleProductCase.RequireSame(expected, values);
        DoubleProductCase.RequireSame(expectedVectors, a);
    }

    [Fact]
    public void Nothing_has_nothing()
    {
        SymmetricEigen.Decompose(0, [], 0, [], []);
        SymmetricEigenReference.Decompose(0, [], 0, [], []);
    }

    [Fact]
    public void What_is_not_finite_is_refused_before_anything_is_written()
    {
        foreach (double value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            double[] a = [1, 2, 3, 4, 5, 6, 7, value, 9], values = [7, 7, 7], vectors = [.. Enumerable.Repeat(7.0, 9)];
            string message = Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose(3, a, 3, values, vectors)).Message;
            Assert.StartsWith(FormattableString.Invariant($"A[2, 1] is {value}, where a finite number was expected"), message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => SymmetricEigenReference.Decompose(3, a, 3, values, vectors));
            Assert.All(values.Concat(vectors), written => Assert.Equal(7, written));
        }
    }

    [Fact]
    public void Refusals_say_what_is_wrong_in_numbers()
    {
        static string Refusal(int n, int lda, int values, int vectors, int threads)
            => Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose(n, new double[9], lda, new double[values], new double[vectors], threads)).Message;
        Assert.Equal("a size is negative: N = -1", Refusal(-1, 3, 3, 9, 1));
        Assert.Equal("A has row stride 2, less than its 3 columns", Refusal(3, 2, 3, 9, 1));
        Assert.Equal("A has 9 elements where 3 x 3 with row stride 4 takes 11", Refusal(3, 4, 3, 9, 1));
        Assert.StartsWith("values has 2 elements where 3 eigenvalues were expected", Refusal(3, 3, 2, 9, 1), StringComparison.Ordinal);
        Assert.StartsWith("vectors has 8 elements where 3 x 3 were expected", Refusal(3, 3, 3, 8, 1), StringComparison.Ordinal);
        Assert.StartsWith("threads is 0", Refusal(3, 3, 3, 9, 0), StringComparison.Ordinal);
        double[] shared = new double[12];
        Assert.StartsWith(
            "values and vectors share memory",
            Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose(3, new double[9], 3, shared.AsSpan(7, 3), shared.AsSpan(0, 9))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_calls_end_in_results_or_refusals()
    {
        int[] numbers = [int.MinValue, -1, 0, 1, 2, 3, 5, 17, 46341, 65536, int.MaxValue];
        var random = new Random(42);
        double[] memory = DoubleProductCase.Random(random, 1000);
        int Number(int other) => random.Next(4) == 0 ? numbers[random.Next(numbers.Length)] : other;
        int done = 0, refused = 0;
        for (int call = 0; call < 5_000; call++)
        {
            int n = Number(random.Next(20)), stride = Number(n), side = Math.Clamp(n, 0, 31);
            try
            {
                SymmetricEigen.Decompose(n, memory.AsSpan(0, random.Next(1000)), stride, new double[Math.Clamp(Number(side), 0, 50)], new double[side * side], random.Next(-1, 4));
                done++;
            }
            catch (ArgumentException)
            {
                refused++;
            }
        }
        Assert.True(done > 1000 && refused > 1000, $"{done} done, {refused} refused: not a mixture");
    }

    [Fact]
    public void Progress_ascends_to_1_and_the_work_can_be_cancelled()
    {
        const int N = 200;
        double[] a = EigenMatrices.Make("random", N), values = new double[N], vectors = new double[N * N];
        var told = new Told();
        SymmetricEigen.Decompose(N, a, N, values, vectors, progress: told);
        Assert.Equal(told.Values.Order(), told.Values);
        Assert.Equal((0.0, 1.0), (told.Values[0], told.Values[^1]));
        Assert.True(told.Values.Count > 8, "hardly anything was told");
        for (int after = 1; after < told.Values.Count - 1; after += 3)
        {
            using var cancellation = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(
                () => SymmetricEigen.Decompose(N, a, N, values, vectors, 2, new Told(cancellation, after), cancellation.Token));
        }
    }

    private sealed class Told(CancellationTokenSource? cancellation = null, int after = int.MaxValue) : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value)
        {
            Values.Add(value);
            if (Values.Count == after)
                cancellation!.Cancel();
        }
    }
}
