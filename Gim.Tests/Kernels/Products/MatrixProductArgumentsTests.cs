using Gim.Kernels.Products;

namespace Gim.Tests.Kernels.Products;

public class MatrixProductArgumentsTests
{
    private static readonly int[] Numbers = [int.MinValue, -2, -1, 0, 1, 2, 3, 4, 5, 8, 16, 17, 64, 46341, 65536, 1 << 30, int.MaxValue];

    [Fact]
    public void Ten_thousand_hostile_calls_end_in_results_or_refusals()
    {
        var random = new Random(42);
        float[] memory = new float[1000];
        int Number() => random.Next(3) == 0 ? Numbers[random.Next(Numbers.Length)] : random.Next(6);
        Span<float> Part()
        {
            int start = random.Next(memory.Length);
            return memory.AsSpan(start, random.Next(Math.Min(100, memory.Length - start)));
        }
        int done = 0, refused = 0;
        for (int call = 0; call < 10_000; call++)
        {
            int m = Number(), n = Number(), k = Number(), lda = Number(), ldb = Number(), ldc = Number();
            bool transposeA = random.Next(2) == 0, transposeB = random.Next(2) == 0;
            try
            {
                if (call % 3 == 0)
                {
                    long Stride() => random.Next(4) == 0 ? Number() * (long)int.MaxValue : Number();
                    BatchedMatrixProduct.Multiply(
                        random.Next(4) == 0 ? Number() : random.Next(3), m, n, k, 1, Part(), lda, transposeA, Stride(), Part(), ldb, transposeB, Stride(), 0, Part(), ldc, Stride(), random.Next(-1, 4));
                }
                else
                {
                    MatrixProduct.Multiply(
                        m, n, k, random.Next(2), Part(), lda, transposeA, Part(), ldb, transposeB, random.Next(2), Part(), ldc,
                        random.Next(2) == 0 ? [] : Part(), random.Next(2) == 0, random.Next(-1, 4));
                }
                done++;
            }
            catch (ArgumentException)
            {
                refused++;
            }
        }
        Assert.True(done > 100 && refused > 1000, $"{done} done, {refused} refused: not a mixture");
    }

    [Fact]
    public void Refusals_say_what_is_wrong_in_numbers()
    {
        float[] six = new float[6];
        static string Refusal(Action call) => Assert.Throws<ArgumentException>(call).Message;
        Assert.Equal("a size is negative: M = 2, N = -1, K = 3", Refusal(() => MatrixProduct.Multiply(2, -1, 3, 1, six, 3, false, six, 3, false, 0, new float[6], 3)));
        Assert.Equal("A has 6 elements where 3 x 4 with row stride 4 takes 12", Refusal(() => MatrixProduct.Multiply(3, 1, 4, 1, six, 4, false, six, 1, false, 0, new float[6], 1)));
        Assert.Equal("B has row stride 2, less than its 3 columns", Refusal(() => MatrixProduct.Multiply(2, 3, 2, 1, six, 2, false, six, 2, false, 0, new float[6], 3)));
        Assert.Equal("C has 6 elements where 2147483647 x 1 with row stride 2147483647 takes 4611686011984936963",
            Refusal(() => MatrixProduct.Multiply(int.MaxValue, 1, 0, 1, [], 0, false, [], 1, false, 0, new float[6], int.MaxValue)));
        Assert.StartsWith("bias has 6 elements where C has 3 columns", Refusal(() => MatrixProduct.Multiply(2, 3, 2, 1, six, 2, false, six, 3, false, 0, new float[6], 3, six)), StringComparison.Ordinal);
        Assert.StartsWith("threads is 0", Refusal(() => MatrixProduct.Multiply(2, 3, 2, 1, six, 2, false, six, 3, false, 0, new float[6], 3, threads: 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void C_must_not_share_memory_with_what_is_read()
    {
        float[] memory = new float[20];
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(2, 2, 2, 1, memory, 2, false, new float[4], 2, false, 0, memory.AsSpan(3), 2));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(2, 2, 2, 1, new float[4], 2, false, memory, 2, false, 0, memory.AsSpan(3), 2));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(2, 2, 2, 1, new float[4], 2, false, new float[4], 2, false, 0, memory, 2, memory.AsSpan(3, 2)));
        // What lies behind the last element that a matrix needs is not shared.
        MatrixProduct.Multiply(2, 2, 2, 1, memory, 2, false, memory, 2, false, 0, memory.AsSpan(4), 2);
    }
}
