using Gim.Progress;
using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

public class CooccurrenceCountsTests
{
    /// <summary>Tokens, vocabulary, distance: around the lengths of a window, and rows that are sorted as well as looked through.</summary>
    public static TheoryData<int, int, int> Cases() => new()
    {
        { 0, 1, 1 }, { 1, 1, 1 }, { 1, 3, 5 }, { 2, 2, 1 }, { 5, 3, 5 }, { 6, 3, 5 }, { 7, 50, 5 }, { 100, 1, 3 }, { 1000, 7, 1 }, { 1000, 40, 5 }, { 3000, 2000, 5 }, { 50, 9, 100 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_what_counting_pairs_of_positions_gives_on_any_number_of_threads(int length, int vocabulary, int distance)
    {
        int[] tokens = Tokens(new Random(42), length, vocabulary);
        long[,] expected = BruteForce(tokens, vocabulary, distance);
        foreach (int threads in (int[])[1, 2, 7])
            RequireEqual(expected, Count(tokens, vocabulary, distance, threads), least: 1);
    }

    [Fact]
    public void Nearer_neighbours_weigh_more_and_a_border_parts()
    {
        CooccurrenceCounts counts = Count([0, 1, 2, 0, -1, -1, 3], 4, 2, 1);
        double[,] pairs = SparseCase.Dense(counts.Pairs);
        Assert.Equal([0, 3, 3, 0], Row(pairs, 0));
        Assert.Equal([3, 0, 2, 0], Row(pairs, 1));
        Assert.Equal([3, 2, 0, 0], Row(pairs, 2));
        Assert.Equal([0, 0, 0, 0], Row(pairs, 3));
        Assert.Equal([6, 5, 5, 0], counts.Totals);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(900)]
    public void Over_the_limit_the_lightest_pairs_are_left_out_of_the_pairs_alone(long most)
    {
        const int Vocabulary = 40;
        int[] tokens = Tokens(new Random(42), 2000, Vocabulary);
        long[,] expected = BruteForce(tokens, Vocabulary, 5);
        long[] weights = [.. expected.Cast<long>().Where(weight => weight > 0).OrderDescending()];
        long least = most >= weights.Length ? 1 : weights[most] + 1;
        foreach (int threads in (int[])[1, 2, 7])
        {
            CooccurrenceCounts counts = Count(tokens, Vocabulary, 5, threads, most);
            Assert.True(counts.Pairs.Count <= most);
            RequireEqual(expected, counts, least);
        }
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => CooccurrenceCounts.Count([0, 1, 0], 2, 1, 10, 2, SilentLog.Instance, cancelled.Token));
    }

    private static CooccurrenceCounts Count(int[] tokens, int vocabulary, int distance, int threads, long most = CooccurrenceCounts.MostPairs)
        => CooccurrenceCounts.Count(tokens, vocabulary, distance, most, threads, SilentLog.Instance, default);

    /// <summary>Few frequent ones, many rare ones, and a border now and then.</summary>
    private static int[] Tokens(Random random, int length, int vocabulary)
        => [.. Enumerable.Range(0, length).Select(_ => random.Next(30) == 0 ? -1 : (int)(vocabulary * Math.Pow(random.NextDouble(), 3)))];

    private static long[,] BruteForce(int[] tokens, int vocabulary, int distance)
    {
        long[,] counts = new long[vocabulary, vocabulary];
        for (int p = 0; p < tokens.Length; p++)
        {
            for (int q = 0; q < tokens.Length; q++)
            {
                if (p != q && Math.Abs(p - q) <= distance && tokens[p] >= 0 && tokens[q] >= 0)
                    counts[tokens[p], tokens[q]] += distance + 1 - Math.Abs(p - q);
            }
        }
        return counts;
    }

    private static void RequireEqual(long[,] expected, CooccurrenceCounts counts, long least)
    {
        SparseMatrix pairs = counts.Pairs;
        int vocabulary = expected.GetLength(0);
        Assert.Equal(vocabulary, pairs.Size);
        for (int i = 0; i < vocabulary; i++)
        {
            (int Column, float Value)[] row = [.. Enumerable.Range(0, vocabulary).Where(j => expected[i, j] >= least).Select(j => (j, (float)expected[i, j]))];
            int start = (int)pairs.Starts[i], end = (int)pairs.Starts[i + 1];
            Assert.Equal(row, pairs.Columns[start..end].Zip(pairs.Values[start..end]));
            Assert.Equal(Enumerable.Range(0, vocabulary).Sum(j => expected[i, j]), counts.Totals[i]);
        }
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(j => matrix[row, j])];
}
