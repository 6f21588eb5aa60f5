using Gim.Progress;
using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

public class CooccurrenceEmbeddingTests
{
    [Fact]
    public void Words_of_one_topic_start_nearer_to_each_other()
    {
        // 12 words each of two topics, and 6 that both use.
        const int Words = 12, Vocabulary = 30;
        var random = new Random(42);
        var tokens = new List<int>();
        for (int sentence = 0; sentence < 2000; sentence++)
        {
            for (int i = 0; i < 10; i++)
                tokens.Add(random.Next(3) == 0 ? 2 * Words + random.Next(6) : sentence % 20 / 10 * Words + random.Next(Words));
        }
        float[] e = Compute([new(new ListedTokens([.. tokens]), 1)], Vocabulary, 8);
        double within = double.MaxValue, across = double.MinValue;
        for (int i = 0; i < 2 * Words; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double cosine = Cosine(e, 8, i, j);
                if (i / Words == j / Words)
                    within = Math.Min(within, cosine);
                else
                    across = Math.Max(across, cosine);
            }
        }
        Assert.True(within > across + 0.5, $"cosines within a topic from {within:F3}, across up to {across:F3}");
    }

    [Theory]
    [InlineData(60, 4000, 16)]
    [InlineData(300, 3000, 32)]
    [InlineData(20, 500, 64)]
    public void Known_tokens_have_the_deviation_and_columns_fall_with_their_largest_element_positive(int vocabulary, int length, int columns)
    {
        int[] tokens = Tokens(vocabulary, length);
        float[] e = Compute([new(new ListedTokens(tokens), 1)], vocabulary + 7, columns);
        Assert.Equal((vocabulary + 7) * columns, e.Length);
        float[] known = [.. tokens.Distinct().Order().SelectMany(token => e[(token * columns)..((token + 1) * columns)])];
        Assert.Equal(0.5, Deviation(known), 1e-3);
        for (int j = 0; j < Math.Min(columns, 4); j++)
            Assert.True(known.Where((_, i) => i % columns == j).MaxBy(Math.Abs) > 0);
        Assert.Equal(0.05, Deviation(e[^(7 * columns)..]), 0.01);
        Assert.Equal(e.Length, e.Count(float.IsFinite));
    }

    [Fact]
    public void It_is_the_root_of_the_information_up_to_scale()
    {
        const int Vocabulary = 12;
        int[] tokens = Tokens(Vocabulary, 600);
        float[] e = Compute([new(new ListedTokens(tokens), 1)], Vocabulary, Vocabulary);
        var counts = CooccurrenceCounts.Count(tokens, Vocabulary, 5, 1000, 1, SilentLog.Instance, default);
        SparseMatrix information = PositivePointwiseInformation.Of(counts, 1, SilentLog.Instance, default);
        SingularVectors factors = RandomizedSvdReference.Decompose(information, Vocabulary);
        Assert.Equal(Vocabulary, factors.Count);
        double scale = 0;
        for (int j = 0; j < Vocabulary; j++)
        {
            double sum = 0;
            for (int i = 0; i < Vocabulary; i++)
                sum += e[i * Vocabulary + j] * e[i * Vocabulary + j];
            if (j == 0)
                scale = sum / factors.Values[0];
            Assert.Equal(scale * factors.Values[j], sum, 1e-4 * scale * factors.Values[0]);
        }
    }

    [Fact]
    public void It_is_the_same_on_any_number_of_threads()
    {
        WeightedTokens[] sources = [new(new ListedTokens(Tokens(200, 20000)), 0.7), new(new ListedTokens(Tokens(250, 3000)), 0.3)];
        float[] one = Compute(sources, 300, 24, threads: 1);
        Assert.Equal(one, Compute(sources, 300, 24, threads: 2));
        Assert.Equal(one, Compute(sources, 300, 24, threads: 7));
    }

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "0")]
    [InlineData(1, 8, "0 0 0 0 0 0 0")]
    [InlineData(2, 1, "0 1")]
    [InlineData(2, 1, "0 1 0 1 1")]
    [InlineData(2, 128, "0 1")]
    [InlineData(5, 3, "4 4")]
    [InlineData(5, 128, "0 1 2 3 4 0 1 2 3")]
    [InlineData(40, 128, "7")]
    public void Any_input_gives_numbers(int vocabulary, int columns, string text)
    {
        int[] tokens = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        foreach (WeightedTokens[] sources in (WeightedTokens[][])[[], [new(new ListedTokens(tokens), 1)], [new(new ListedTokens(tokens), 0)], [new(new ListedTokens(), 1), new(new ListedTokens(tokens), 2)]])
        {
            float[] e = Compute(sources, vocabulary, columns);
            Assert.Equal(vocabulary * columns, e.Length);
            Assert.Equal(e.Length, e.Count(float.IsFinite));
            Assert.Equal(e.Length, e.Count(value => value != 0));
        }
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => CooccurrenceEmbedding.Compute(
            [new(new ListedTokens(0, 1, 0), 1)], 2, 1, 5, 100, 42, 2, SilentLog.Instance, cancelled.Token));
    }

    [Fact]
    public void Sizes_that_are_none_are_refused()
    {
        static void Refused(int vocabulary, int columns, int distance, long tokens, int threads) => Assert.ThrowsAny<ArgumentException>(
            () => CooccurrenceEmbedding.Compute([], vocabulary, columns, distance, tokens, 42, threads, SilentLog.Instance, default));
        Refused(0, 1, 1, 1, 1);
        Refused(1, 0, 1, 1, 1);
        Refused(1, 1, 0, 1, 1);
        Refused(1, 1, 1001, 1, 1);
        Refused(1, 1, 1, -1, 1);
        Refused(1, 1, 1, 1, 0);
        Refused(int.MaxValue, 1, 1, 1, 1);
    }

    private static float[] Compute(WeightedTokens[] sources, int vocabulary, int columns, int threads = 2)
        => CooccurrenceEmbedding.Compute(
            sources, vocabulary, columns, CooccurrenceEmbedding.DefaultDistance, CooccurrenceEmbedding.DefaultTokens, 42, threads, SilentLog.Instance, default);

    private static int[] Tokens(int vocabulary, int length)
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, length).Select(_ => (int)(vocabulary * Math.Pow(random.NextDouble(), 2)))];
    }

    private static double Deviation(float[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static double Cosine(float[] e, int columns, int i, int j)
    {
        double product = 0, first = 0, second = 0;
        for (int c = 0; c < columns; c++)
        {
            float a = e[i * columns + c], b = e[j * columns + c];
            product += a * b;
            first += a * a;
            second += b * b;
        }
        return product / Math.Sqrt(first * second);
    }
}
