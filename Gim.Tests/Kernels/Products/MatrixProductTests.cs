using System.Runtime.Intrinsics;
using Gim.Kernels.Products;
using Xunit.Abstractions;

namespace Gim.Tests.Kernels.Products;

public class MatrixProductTests(ITestOutputHelper output)
{
    /// <summary>Around the vectors, the tiles (14 x 32, 6 x 16, 6 x 8), and the blocks' ends.</summary>
    private static readonly int[] Sizes = [0, 1, 2, 3, 5, 7, 8, 13, 14, 15, 16, 17, 29, 31, 32, 33, 63, 64, 65, 97, 127, 129];

    /// <summary>More than one block of rows, columns or depth.</summary>
    public static TheoryData<int, int, int> LargeShapes() => new()
    {
        { 97, 33, 769 }, { 193, 65, 1537 }, { 171, 320, 767 }, { 400, 31, 300 }, { 29, 1500, 257 }, { 95, 4100, 40 },
        { 2, 5001, 33 }, { 3001, 2, 33 }, { 1, 4097, 300 }, { 4097, 1, 300 }, { 1, 130, 3001 }, { 129, 1, 3001 }, { 256, 1500, 48 }, { 3, 1501, 400 }, { 1501, 3, 400 },
    };

    private static IEnumerable<(bool A, bool B)> Transpositions => [(false, false), (false, true), (true, false), (true, true)];

    [Fact]
    public void Is_the_reference_for_every_small_size_and_both_kernels()
    {
        var random = new Random(42);
        double largest = 0;
        int cases = 0;
        float[] factors = [0, 1, -0.5f];
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                foreach (int k in (int[])[0, 1, 2, 15, 16, 17, 31, 33, 66])
                {
                    // The other choices take turns, each with all of the others: their numbers of values have no common divisor with the sizes'.
                    int turn = cases++;
                    var (a, b) = Transpositions.ElementAt(turn % 4);
                    var one = new MatrixProductCase(
                        random, m, n, k, a, b, factors[turn / 4 % 3], factors[turn / 12 % 3], turn % 5 < 2, turn % 7 < 2, padding: turn % 11 < 4 ? 3 : 0);
                    largest = Math.Max(largest, one.RequireReference(one.Product()));
                    if (m > 0 && n > 0 && k > 0 && one.Alpha != 0)
                    {
                        one.RequireReference(one.Product<MicroKernelAny>());
                        if (Vector512.IsHardwareAccelerated)
                            one.RequireReference(one.Product<MicroKernel512>());
                    }
                }
            }
        }
        output.WriteLine($"{cases} cases; the largest difference is {largest:P1} of what is allowed");
    }

    [Theory]
    [MemberData(nameof(LargeShapes))]
    public void Is_the_reference_over_several_blocks(int m, int n, int k)
    {
        var random = new Random(42);
        double largest = 0;
        foreach (var (a, b) in Transpositions)
        {
            var one = new MatrixProductCase(random, m, n, k, a, b, alpha: -0.5f, beta: 1, bias: a, gelu: b, padding: 5);
            largest = Math.Max(largest, one.RequireReference(one.Product()));
            one.RequireReference(one.Product<MicroKernelAny>());
        }
        output.WriteLine($"the largest difference is {largest:P1} of what is allowed");
    }

    [Theory]
    [MemberData(nameof(LargeShapes))]
    public void Is_the_same_to_the_last_bit_on_any_number_of_threads(int m, int n, int k)
    {
        var random = new Random(42);
        foreach (var (a, b) in Transpositions)
        {
            var one = new MatrixProductCase(random, m, n, k, a, b, alpha: 1.5f, beta: -0.5f, bias: true, gelu: b, padding: 1);
            float[] expected = one.Product(threads: 1);
            foreach (int threads in (int[])[2, 3, 5, 8])
                Assert.Equal(expected, one.Product(threads));
            float[] expectedAny = one.Product<MicroKernelAny>();
            foreach (var (rowParts, columnParts) in ((int, int)[])[(2, 1), (1, 2), (3, 2), (1, 7)])
                Assert.Equal(expectedAny, one.Product<MicroKernelAny>(rowParts, columnParts));
        }
    }

    [Fact]
    public void Is_the_same_when_many_threads_ask_at_once()
    {
        MatrixProductCase[] cases = [.. Enumerable.Range(0, 6).Select(i => new MatrixProductCase(new Random(i), 150 + i, 200 - i, 200, i % 2 == 0, i % 3 == 0, 1, 0, true, false))];
        float[][] expected = [.. cases.Select(one => one.Product())];
        Parallel.For(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 6 }, round =>
            Assert.Equal(expected[round % cases.Length], cases[round % cases.Length].Product(threads: 2 + round % 3)));
    }

    [Theory]
    [InlineData(40, 70, 30)]
    [InlineData(1, 70, 30)]
    [InlineData(40, 1, 30)]
    [InlineData(40, 70, 0)]
    public void Beta_0_does_not_read_C(int m, int n, int k)
    {
        foreach (var (a, b) in Transpositions)
        {
            foreach (float alpha in (float[])[0, 1])
            {
                var one = new MatrixProductCase(new Random(42), m, n, k, a, b, alpha, beta: 0, bias: true, gelu: false);
                Array.Fill(one.C, float.NaN);
                float[] actual = one.Product();
                Assert.DoesNotContain(actual, float.IsNaN);
                one.RequireReference(actual);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_not_finite_goes_where_the_definition_lets_it(float value)
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(20, 40, 18), (1, 100, 50), (100, 1, 50), (33, 5, 3)])
        {
            foreach (var (a, b) in Transpositions)
            {
                for (int round = 0; round < 8; round++)
                {
                    var one = new MatrixProductCase(new Random(round), m, n, k, a, b, alpha: 1, beta: 0.5f, bias: true, gelu: round % 2 == 1);
                    float[] changed = (round % 4) switch { 0 => one.A, 1 => one.B, 2 => one.C, _ => one.Bias };
                    changed[round * 7 % changed.Length] = value;
                    if (round > 4)
                        one.B[3] = 0;
                    float[] expected = one.Reference();
                    foreach (float[] actual in (float[][])[one.Product(), one.Product<MicroKernelAny>()])
                    {
                        for (int i = 0; i < expected.Length; i++)
                        {
                            if (!float.IsFinite(expected[i]) || !float.IsFinite(actual[i]))
                                Assert.Equal(expected[i], actual[i]);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Alpha_0_does_not_read_A_and_B()
    {
        var one = new MatrixProductCase(new Random(42), 20, 40, 18, false, false, alpha: 0, beta: -0.5f, bias: true, gelu: true);
        Array.Fill(one.A, float.NaN);
        Array.Fill(one.B, float.PositiveInfinity);
        one.RequireReference(one.Product());
        Assert.DoesNotContain(one.Product(), float.IsNaN);
    }

    [Fact]
    public void Allocates_nothing_once_it_is_warm()
    {
        var random = new Random(42);
        MatrixProductCase[] cases =
        [
            new(random, 300, 310, 100, false, true, 1, 0, true, true), new(random, 20, 2000, 300, false, false, 1, 1, false, false),
            new(random, 1, 900, 700, true, true, 1, 0, true, false), new(random, 900, 1, 700, false, false, 1, 0, true, false),
        ];
        foreach (int threads in (int[])[1, 2])
        {
            for (int round = 0; round < 3; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                foreach (MatrixProductCase one in cases)
                    MatrixProduct.Multiply(one.M, one.N, one.K, 1, one.A, one.Lda, one.TransposeA, one.B, one.Ldb, one.TransposeB, 0, one.C, one.Ldc, one.Bias, one.Gelu, threads);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (round == 2)
                    Assert.Equal(0, allocated);
            }
        }
    }
}
