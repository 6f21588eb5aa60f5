using Gim.Progress;
using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

public class PositivePointwiseInformationTests
{
    [Theory]
    [InlineData(10, 4)]
    [InlineData(2000, 30)]
    [InlineData(3000, 500)]
    public void Is_the_mean_of_both_smoothed_values_where_that_is_positive(int length, int vocabulary)
    {
        var random = new Random(42);
        int[] tokens = [.. Enumerable.Range(0, length).Select(_ => (int)(vocabulary * Math.Pow(random.NextDouble(), 2)))];
        CooccurrenceCounts counts = Count(tokens, vocabulary);
        double[,] pairs = SparseCase.Dense(counts.Pairs);
        double sum = counts.Totals.Sum(), smoothed = counts.Totals.Sum(total => Math.Pow(total, 0.75));
        foreach (int threads in (int[])[1, 2, 7])
        {
            SparseMatrix information = PositivePointwiseInformation.Of(Count(tokens, vocabulary), threads, SilentLog.Instance, default);
            double[,] actual = SparseCase.Dense(information);
            for (int i = 0; i < vocabulary; i++)
            {
                for (int j = 0; j < vocabulary; j++)
                {
                    double Value(int token, int neighbour) => pairs[i, j] == 0
                        ? double.NegativeInfinity
                        : Math.Log(pairs[i, j] / sum / (counts.Totals[token] / sum * Math.Pow(counts.Totals[neighbour], 0.75) / smoothed));
                    // Kept in single precision, of values up to about 8.
                    Assert.Equal(Math.Max(0, (Value(i, j) + Value(j, i)) / 2), actual[i, j], 1e-6);
                    Assert.Equal(actual[i, j], actual[j, i], 1e-6);
                }
                for (long p = information.Starts[i]; p < information.Starts[i + 1]; p++)
                    Assert.True(information.Values[p] > 0 && (p == information.Starts[i] || information.Columns[p] > information.Columns[p - 1]));
            }
        }
    }

    [Fact]
    public void A_token_alone_tells_nothing()
    {
        for (int length = 0; length < 40; length++)
            Assert.Equal(0, PositivePointwiseInformation.Of(Count(new int[length], 1), 1, SilentLog.Instance, default).Count);
    }

    private static CooccurrenceCounts Count(int[] tokens, int vocabulary)
        => CooccurrenceCounts.Count(tokens, vocabulary, 5, CooccurrenceCounts.MostPairs, 2, SilentLog.Instance, default);
}
