using Gim.Progress;
using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

public class SparseMatrixTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 0, 1)]
    [InlineData(15, 7, 0.5)]
    [InlineData(16, 8, 0)]
    [InlineData(17, 9, 0.3)]
    [InlineData(33, 16, 1)]
    [InlineData(70, 33, 0.1)]
    [InlineData(200, 144, 0.2)]
    public void Multiplies_as_the_reference_and_the_same_on_any_number_of_threads(int n, int width, double filled)
    {
        var random = new Random(42);
        SparseMatrix a = SparseCase.Symmetric(random, n, filled);
        float[] x = [.. Enumerable.Range(0, n * width).Select(_ => (float)random.NextDouble() - 0.5f)], y = new float[n * width];
        Array.Fill(y, float.NaN);
        double[] expected = new double[n * width];
        a.MultiplyReference(x, width, expected);
        Multiply(a, x, width, y, 1);
        // Up to n roundings of sums of n products of at most 1.5.
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(expected[i], y[i], 1.5 * n * 6e-8 * Math.Sqrt(n));
        foreach (int threads in (int[])[2, 7])
        {
            float[] again = new float[y.Length];
            Multiply(a, x, width, again, threads);
            Assert.Equal(y, again);
        }
    }

    private static void Multiply(SparseMatrix a, float[] x, int width, float[] y, int threads)
    {
        using IJobProgress progress = SilentLog.Instance.Start("multiplying", 0, "rows");
        a.Multiply(x, width, y, threads, progress, default);
    }
}
