using Gim.Evaluate;
using Gim.Train;
using Gim.Train.Data;

namespace Gim.Tests.Train.Data;

public class SequenceMixtureTests
{
    private static readonly double[] Weights = [0.30, 0.25, 0.15, 0.10, 0.08, 0.12];

    [Fact]
    public void Points_are_counted_as_counting_them_one_by_one()
    {
        var random = new SeededRandom(42);
        UInt128 whole = (UInt128)1 << 64;
        for (int round = 0; round < 200; round++)
        {
            ulong start = round % 5 == 0 ? ulong.MaxValue - (ulong)round : random.Next();
            UInt128 a = random.Next() >> (round % 40), b = round % 7 == 0 ? whole : random.Next();
            UInt128 from = UInt128.Min(a, b), to = UInt128.Max(a, b);
            long expected = 0;
            int n = (int)random.Below(300);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(expected, GoldenRotation.Count(start, i, from, to));
                ulong point = GoldenRotation.At(start, i);
                expected += point >= from && point < to ? 1 : 0;
            }
        }
    }

    [Fact]
    public void Counts_far_out_add_up()
    {
        var random = new SeededRandom(42);
        UInt128 whole = (UInt128)1 << 64;
        foreach (long far in new[] { 1L << 20, (1L << 40) + 3, (1L << 52) - 1, long.MaxValue - 20 })
        {
            ulong start = random.Next();
            UInt128 from = random.Next() >> 1, to = from + (random.Next() >> 2);
            Assert.Equal(far, GoldenRotation.Count(start, far, 0, whole));
            Assert.Equal(far, GoldenRotation.Count(start, far, 0, from) + GoldenRotation.Count(start, far, from, to) + GoldenRotation.Count(start, far, to, whole));
            for (long i = far; i < far + 20; i++)
            {
                ulong point = GoldenRotation.At(start, i);
                Assert.Equal(
                    point >= from && point < to ? 1 : 0, GoldenRotation.Count(start, i + 1, from, to) - GoldenRotation.Count(start, i, from, to));
            }
        }
    }

    [Fact]
    public void Sources_have_their_share_after_any_number_of_sequences()
    {
        SequenceMixture mixture = Mixture(Weights, 1000, 16);
        long[] drawn = new long[Weights.Length];
        for (int n = 1; n <= 20_000; n++)
        {
            drawn[mixture.Place(n - 1).Source]++;
            // Rotations by the golden ratio keep within a few of their share (logarithmic in n); drawing at random would be 65 off.
            for (int s = 0; s < drawn.Length; s++)
                Assert.InRange(drawn[s], n * Weights[s] - 6, n * Weights[s] + 6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(123_456_789_012)]
    public void Sequences_are_spread_evenly_over_their_source(long first)
    {
        const int Length = 64;
        const int Tokens = Length * 2000;
        SequenceMixture mixture = Mixture(Weights, Tokens, Length);
        var covered = Weights.Select(_ => new bool[Tokens]).ToArray();
        int[] drawn = new int[Weights.Length];
        double[] once = new double[Weights.Length];
        long number = first;
        while (drawn.Min() < 4000)
        {
            var (source, start) = mixture.Place(number++);
            if (drawn[source] == 4000)
                continue;
            covered[source].AsSpan((int)start, Length).Fill(true);
            if (++drawn[source] == 2000)
                once[source] = covered[source].Count(true) / (double)Tokens;
        }
        // At random 0.63 and 0.86.
        Assert.All(once, part => Assert.InRange(part, 0.85, 0.95));
        Assert.All(covered, tokens => Assert.True(tokens.Count(true) > 0.995 * Tokens));
    }

    [Fact]
    public void Every_start_is_equally_likely_over_seeds()
    {
        // 3 sources of weight 1, 5 starts each: 15 places, 15,000 seeds, 1,000 each, standard deviation 31.
        int[,] drawn = new int[3, 5];
        for (int seed = 0; seed < 15_000; seed++)
        {
            var (source, start) = Mixture([1, 1, 1], 12, 8, seed).Place(3);
            drawn[source, start]++;
        }
        foreach (int count in drawn)
            Assert.InRange(count, 850, 1150);
    }

    [Fact]
    public void A_sequence_is_the_sources_tokens_from_its_place_on_whenever_it_is_asked_for()
    {
        ITrainingTokens[] texts = [new Counting(0, 500), new Counting(10_000, 64), new Counting(20_000, 300)];
        SequenceMixture Make(long seed) => new([(texts[0], "a", 3), (texts[1], "b", 1), (texts[2], "c", 2)], 64, seed);
        SequenceMixture mixture = Make(42), again = Make(42), other = Make(43);
        int[] tokens = new int[64], repeated = new int[64];
        int different = 0;
        foreach (long number in Enumerable.Range(0, 500).Select(i => (long)i).Append(1L << 45).Append(long.MaxValue).Reverse())
        {
            int source = mixture.Fill(number, tokens);
            var (placed, start) = mixture.Place(number);
            Assert.Equal(placed, source);
            Assert.Equal(Enumerable.Range(source * 10_000 + (int)start, 64), tokens);
            Assert.Equal(source, again.Fill(number, repeated));
            Assert.Equal(tokens, repeated);
            if (other.Place(number) != (source, start))
                different++;
        }
        Assert.True(different > 400);
    }

    [Fact]
    public void Starts_reach_both_ends()
    {
        SequenceMixture mixture = Mixture([1], 70, 64);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => (long)i), Enumerable.Range(0, 200).Select(i => mixture.Place(i).Start).Distinct().Order());
        Assert.Equal((0, 0), Mixture([5], 64, 64).Place(12345));
    }

    [Fact]
    public void Extreme_weights_are_taken()
    {
        SequenceMixture mixture = Mixture([double.MaxValue, double.MaxValue, double.Epsilon], 100, 10);
        int[] drawn = new int[3];
        for (int i = 0; i < 1000; i++)
            drawn[mixture.Place(i).Source]++;
        Assert.InRange(drawn[0], 495, 505);
        Assert.InRange(drawn[1], 495, 505);
        Assert.Equal(0, drawn[2]);
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        InputException problem = Assert.Throws<InputException>(
            () => new SequenceMixture([(new Counting(0, 100), "long", 1), (new Counting(0, 57), "short", 1)], 64, 1));
        Assert.Contains("\"short\" has 57 tokens to train on, 7 fewer than the 64", problem.Message, StringComparison.Ordinal);
        foreach (double weight in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            problem = Assert.Throws<InputException>(() => new SequenceMixture([(new Counting(0, 100), "odd", weight)], 64, 1));
            Assert.Contains("\"odd\"", problem.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentException>(() => new SequenceMixture([], 64, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mixture([1], 10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mixture([1], 10, 5).Place(-1));
        Assert.Throws<ArgumentException>(() => Mixture([1], 10, 5).Fill(0, new int[4]));
    }

    [Fact]
    public void No_sequence_holds_a_token_that_is_held_back()
    {
        // Every token of the source is another number, so that a token tells its place.
        int[][] documents = [.. Enumerable.Range(0, 60).Select(i => Enumerable.Range(i * 1000, 100 + 13 * i).ToArray())];
        TrainingText text = TrainingTextTests.Read(documents, 0.1, 42, 70_000);
        HashSet<int> held = [.. text.ValidationDocuments.SelectMany(document => document)];
        Assert.True(held.Count > 2000);
        var mixture = new SequenceMixture([(text, "test", 1)], 32, 42);
        var seen = new HashSet<int>();
        int[] tokens = new int[32];
        for (int i = 0; i < 5000; i++)
        {
            mixture.Fill(i, tokens);
            seen.UnionWith(tokens);
        }
        Assert.Empty(seen.Intersect(held));
        // All others are read, but for a few at the two ends, where few sequences reach.
        Assert.InRange(seen.Count, text.TokenCount - 20, text.TokenCount);
    }

    private static SequenceMixture Mixture(double[] weights, int tokens, int length, long seed = 42)
        => new([.. weights.Select((weight, i) => ((ITrainingTokens)new Counting(0, tokens), $"source {i}", weight))], length, seed);

    /// <summary>The numbers from <paramref name="first"/> on.</summary>
    private sealed class Counting(int first, int count) : ITrainingTokens
    {
        public long TokenCount => count;

        public void Read(long start, Span<int> destination)
        {
            Assert.InRange(start, 0, count - destination.Length);
            for (int i = 0; i < destination.Length; i++)
                destination[i] = first + (int)start + i;
        }
    }
}
