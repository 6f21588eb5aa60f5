using System.Runtime.Intrinsics;
using Gim.Kernels.LinearAlgebra;
using Xunit.Abstractions;

namespace Gim.Tests.Kernels.LinearAlgebra;

public class DoubleProductTests(ITestOutputHelper output)
{
    /// <summary>Around the vectors and the tiles (14 x 16, 6 x 8, 6 x 4).</summary>
    private static readonly int[] Sizes = [0, 1, 2, 3, 5, 7, 8, 9, 13, 14, 15, 16, 17, 29, 31, 33, 65];

    /// <summary>More than one block of rows, columns or depth.</summary>
    public static TheoryData<int, int, int> LargeShapes() => new()
    {
        { 97, 33, 385 }, { 193, 65, 769 }, { 400, 31, 300 }, { 29, 1500, 130 }, { 95, 4100, 20 }, { 1, 300, 200 }, { 300, 1, 200 }, { 300, 200, 150 },
    };

    private static IEnumerable<(bool A, bool B)> Transpositions => [(false, false), (false, true), (true, false), (true, true)];

    [Fact]
    public void Is_the_reference_for_every_small_size_and_both_kernels()
    {
        var random = new Random(42);
        double largest = 0;
        int cases = 0;
        double[] factors = [0, 1, -0.5];
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                foreach (int k in (int[])[0, 1, 2, 7, 8, 9, 33])
                {
                    // The other choices take turns: their numbers of values have no common divisor with the sizes'.
                    int turn = cases++;
                    var (a, b) = Transpositions.ElementAt(turn % 4);
                    var one = new DoubleProductCase(random, m, n, k, a, b, factors[turn / 4 % 3], factors[turn / 12 % 3], padding: turn % 11 < 4 ? 3 : 0);
                    largest = Math.Max(largest, one.RequireReference());
                    if (m > 0 && n > 0 && k > 0 && one.Alpha != 0)
                    {
                        one.RequireReference<DoubleKernelAny>();
                        if (Vector512.IsHardwareAccelerated)
                            one.RequireReference<DoubleKernel512>();
                    }
                }
            }
        }
        output.WriteLine($"{cases} cases; the largest difference is {largest:P1} of what is allowed");
    }

    [Theory]
    [MemberData(nameof(LargeShapes))]
    public void Is_the_reference_over_several_blocks_and_the_same_on_any_number_of_threads(int m, int n, int k)
    {
        var random = new Random(42);
        foreach (var (a, b) in Transpositions)
        {
            var one = new DoubleProductCase(random, m, n, k, a, b, alpha: -0.5, beta: 1, padding: 5);
            one.RequireReference();
            one.RequireReference<DoubleKernelAny>();
            double[] expected = one.Product(threads: 1);
            foreach (int threads in (int[])[2, 3, 8])
                DoubleProductCase.RequireSame(expected, one.Product(threads));
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(13, 3)]
    [InlineData(15, 7)]
    [InlineData(17, 16)]
    [InlineData(33, 40)]
    [InlineData(300, 64)]
    [InlineData(500, 400)]
    [InlineData(1400, 384)]
    public void Product_with_the_own_transpose_is_the_reference_and_leaves_the_upper_triangle_alone(int n, int k)
    {
        var random = new Random(42);
        foreach (bool transpose in (bool[])[false, true])
        {
            foreach (double beta in (double[])[0, 1, -0.5])
            {
                // More columns than one block has: one case is enough, as the definition takes its time.
                if (n > 1000 && (transpose || beta != 1))
                    continue;
                int lda = (transpose ? n : k) + 3, ldc = n + 2;
                double[] a = DoubleProductCase.Random(random, (transpose ? k : n) * lda), c = DoubleProductCase.Random(random, n * ldc);
                for (int i = 0; i < n; i++)
                    c.AsSpan(i * ldc + i + 1, n - i - 1).Fill(double.NaN);
                double[] expected = [.. c], actual = [.. c];
                DoubleProductReference.MultiplyByTranspose(n, k, -1.5, a, lda, transpose, beta, expected, ldc);
                DoubleProduct.MultiplyByTranspose(n, k, -1.5, a, lda, transpose, beta, actual, ldc);
                DoubleProductCase.RequireClose(expected, actual, k);
                foreach (int threads in (int[])[2, 3, 8])
                {
                    double[] other = [.. c];
                    DoubleProduct.MultiplyByTranspose(n, k, -1.5, a, lda, transpose, beta, other, ldc, threads);
                    DoubleProductCase.RequireSame(actual, other);
                }
            }
        }
    }

    [Fact]
    public void Beta_0_does_not_read_C_and_alpha_0_not_A_and_B()
    {
        double[] c = new double[40 * 30], nan = new double[40 * 30];
        Array.Fill(nan, double.NaN);
        Array.Fill(c, double.NaN);
        DoubleProduct.Multiply(40, 30, 20, 1, new double[40 * 20], 20, false, new double[20 * 30], 30, false, 0, c, 30);
        Assert.All(c, value => Assert.Equal(0, value));
        Array.Fill(c, 2);
        DoubleProduct.Multiply(40, 30, 20, 0, nan, 20, false, nan, 30, false, 0.5, c, 30);
        Assert.All(c, value => Assert.Equal(1, value));
    }

    [Fact]
    public void Allocates_nothing_once_it_is_warm()
    {
        double[] a = new double[300 * 310], c = new double[310 * 310];
        foreach (int threads in (int[])[1, 2])
        {
            long allocated = 0;
            for (int round = 0; round < 3; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                DoubleProduct.Multiply(300, 310, 100, 1, a, 100, false, a, 100, true, 0, c, 310, threads);
                DoubleProduct.MultiplyByTranspose(300, 310, 1, a, 310, false, 1, c, 310, threads);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            Assert.Equal(0, allocated);
        }
    }

    [Fact]
    public void Hostile_calls_end_in_results_or_refusals()
    {
        int[] numbers = [int.MinValue, -2, -1, 0, 1, 2, 3, 4, 5, 8, 16, 17, 64, 46341, 65536, 1 << 30, int.MaxValue];
        var random = new Random(42);
        double[] memory = new double[1000];
        int Number() => random.Next(3) == 0 ? numbers[random.Next(numbers.Length)] : random.Next(6);
        Span<double> Part()
        {
            int start = random.Next(memory.Length);
            return memory.AsSpan(start, random.Next(Math.Min(100, memory.Length - start)));
        }
        int done = 0, refused = 0;
        for (int call = 0; call < 10_000; call++)
        {
            try
            {
                switch (call % 4)
                {
                    case 0:
                        DoubleProduct.Multiply(
                            Number(), Number(), Number(), random.Next(2), Part(), Number(), random.Next(2) == 0, Part(), Number(), random.Next(2) == 0,
                            random.Next(2), Part(), Number(), random.Next(-1, 4));
                        break;
                    case 1:
                        DoubleProduct.MultiplyByTranspose(Number(), Number(), random.Next(2), Part(), Number(), random.Next(2) == 0, random.Next(2), Part(), Number(), random.Next(-1, 4));
                        break;
                    case 2:
                        Cholesky.Factor(Number(), Part(), Number(), random.Next(-1, 4));
                        break;
                    default:
                        Cholesky.Solve(Number(), Number(), Part(), Number(), Part(), Number(), random.Next(-1, 4));
                        break;
                }
                done++;
            }
            catch (Exception refusal) when (refusal is ArgumentException or NotPositiveDefiniteException)
            {
                refused++;
            }
        }
        Assert.True(done > 100 && refused > 1000, $"{done} done, {refused} refused: not a mixture");
    }

    [Fact]
    public void Refusals_say_what_is_wrong_in_numbers()
    {
        double[] six = new double[6];
        static string Refusal(Action call) => Assert.Throws<ArgumentException>(call).Message;
        Assert.Equal("a size is negative: N = -1", Refusal(() => DoubleProduct.Multiply(2, -1, 3, 1, six, 3, false, six, 3, false, 0, new double[6], 3)));
        Assert.Equal("A has 6 elements where 3 x 4 with row stride 4 takes 12", Refusal(() => DoubleProduct.Multiply(3, 1, 4, 1, six, 4, false, six, 1, false, 0, new double[6], 1)));
        Assert.StartsWith("threads is 0", Refusal(() => DoubleProduct.Multiply(2, 3, 2, 1, six, 2, false, six, 3, false, 0, new double[6], 3, threads: 0)), StringComparison.Ordinal);
        Assert.StartsWith("C shares memory with A", Refusal(() => DoubleProduct.MultiplyByTranspose(2, 2, 1, six, 2, false, 0, six.AsSpan(1), 2)), StringComparison.Ordinal);
    }
}
