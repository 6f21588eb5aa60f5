using System.Diagnostics;
using Gim.Train.Distill;
using Xunit.Abstractions;

namespace Gim.Tests.Train.Distill;

public sealed class TeacherDistancesTests(ITestOutputHelper output)
{
    private const int Seed = 42;

    /// <summary>Relative to distances of at least 1: one rounding to float32, and sums in double of terms up to 20.</summary>
    private const double Enough = 1e-7;

    public static TheoryData<int, int, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int, int, int>();
            foreach ((int queries, int keys) in ((int, int)[])[(0, 0), (0, 3), (3, 0), (1, 1), (1, 9), (7, 1), (15, 17), (33, 40)])
            {
                foreach ((int vocabulary, int top) in ((int, int)[])[(1, 1), (2, 1), (2, 2), (9, 8), (50, 7), (50, 50), (1000, 16), (100_000, 3)])
                    sizes.Add(queries, keys, vocabulary, top);
            }
            return sizes;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Every_size_gives_the_reference(int queries, int keys, int vocabulary, int top)
    {
        // The reference takes the whole vocabulary for each pair.
        if ((long)queries * keys * vocabulary > 10_000_000) (queries, keys) = (Math.Min(queries, 5), Math.Min(keys, 6));
        var random = new Random(Seed);
        var distances = new TeacherDistances(vocabulary, top);
        // Sizes that were larger before must leave nothing behind.
        (int[] moreIds, float[] moreLogs) = Rows(random, 50, vocabulary, top);
        distances.Compute(moreIds, moreLogs, moreIds, moreLogs, new float[50 * 50]);
        (int[] queryIds, float[] queryLogs) = Rows(random, queries, vocabulary, top);
        (int[] keyIds, float[] keyLogs) = Rows(random, keys, vocabulary, top);
        float[] actual = new float[queries * keys];
        double[] expected = new double[queries * keys];
        distances.Compute(queryIds, queryLogs, keyIds, keyLogs, actual);
        TeacherDistancesReference.Compute(queryIds, queryLogs, keyIds, keyLogs, top, vocabulary, expected);
        double largest = 0;
        for (int i = 0; i < actual.Length; i++)
            largest = Math.Max(largest, Math.Abs(actual[i] - expected[i]) / Math.Max(1, expected[i]));
        output.WriteLine($"largest difference {largest:G3}");
        Assert.True(largest <= Enough, $"largest difference {largest:G3}");
    }

    [Fact]
    public void A_row_is_at_no_distance_from_itself_and_distances_go_both_ways()
    {
        const int Count = 12, Vocabulary = 300, Top = 10;
        (int[] ids, float[] logs) = Rows(new Random(Seed), Count, Vocabulary, Top);
        float[] distances = new float[Count * Count];
        new TeacherDistances(Vocabulary, Top).Compute(ids, logs, ids, logs, distances);
        Assert.All(distances, distance => Assert.True(float.IsFinite(distance)));
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                Assert.Equal((double)distances[(i * Count) + j], distances[(j * Count) + i], 1e-6);
                Assert.Equal(i != j, distances[(i * Count) + j] > 0);
            }
        }
    }

    /// <summary>Whole distributions over three tokens, by hand: (.5, .25, .25) and (.25, .5, .25) differ by .25 ln 2 twice, halved.</summary>
    [Fact]
    public void Three_tokens_by_hand()
    {
        float half = MathF.Log(0.5f), quarter = MathF.Log(0.25f);
        float[] distance = new float[1];
        new TeacherDistances(3, 3).Compute([2, 0, 1], [quarter, half, quarter], [0, 1, 2], [quarter, half, quarter], distance);
        Assert.Equal(0.25 * Math.Log(2), distance[0], 1e-7);
        // With the most probable token only, the rest is halved: (.5, .25, .25) and (.25, .5, .25) again.
        new TeacherDistances(3, 1).Compute([0], [half], [1], [half], distance);
        Assert.Equal(0.25 * Math.Log(2), distance[0], 1e-7);
        // A certain token leaves 1e-4 for the other two: p = 1 / 1.0001 and q = 0.5e-4 / 1.0001.
        new TeacherDistances(3, 1).Compute([0], [0], [1], [0], distance);
        Assert.Equal((1 - 0.5e-4) / 1.0001 * Math.Log(1 / 0.5e-4), distance[0], 1e-6);
    }

    /// <summary>Rows that list more come nearer to the distances of the whole distributions.</summary>
    [Fact]
    public void A_bigram_teachers_distances_are_those_of_its_distributions()
    {
        var teacher = new BigramTeacher(Seed);
        int[] tokens = [.. Enumerable.Range(0, BigramTeacher.Vocabulary)];
        double Difference(int top)
        {
            (int[] ids, float[] logs) = teacher.Top(tokens, top);
            float[] actual = new float[tokens.Length * tokens.Length];
            new TeacherDistances(BigramTeacher.Vocabulary, top).Compute(ids, logs, ids, logs, actual);
            return actual.Select((distance, i) =>
            {
                double[] p = teacher.Next(i / tokens.Length), q = teacher.Next(i % tokens.Length);
                return Math.Abs(distance - p.Zip(q, (a, b) => (a - b) * Math.Log(a / b)).Sum() / 2);
            }).Max();
        }

        double few = Difference(10), most = Difference(40), all = Difference(BigramTeacher.Vocabulary);
        output.WriteLine($"largest difference with 10, 40 and 50 of 50 tokens: {few:G3} {most:G3} {all:G3}");
        Assert.True(few > most && most > all);
        // Log-probabilities are float32, of values up to 8.
        Assert.InRange(all, 0, 1e-5);
    }

    [Fact]
    public void Not_a_number_goes_through_to_its_pairs()
    {
        var distances = new TeacherDistances(10, 2);
        float[] actual = new float[4];
        distances.Compute([1, 2, 3, 4], [-1, float.NaN, -1, -2], [1, 2, 3, 4], [-1, -1, -1, -2], actual);
        Assert.Equal([true, true, false, false], actual.Select(float.IsNaN));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TeacherDistances(5, 0));
        Assert.Throws<ArgumentException>(() => new TeacherDistances(5, 6));
        var distances = new TeacherDistances(5, 2);
        Assert.Throws<ArgumentException>(() => distances.Compute([1, 2, 3], [0, 0, 0], [1, 2], [0, 0], new float[1]));
        Assert.Throws<ArgumentException>(() => distances.Compute([1, 2], [0, 0], [1, 2], [0], new float[1]));
        Assert.Throws<ArgumentException>(() => distances.Compute([1, 2], [0, 0], [1, 2], [0, 0], new float[2]));
    }

    /// <summary>The published sizes, of rows that share some of their tokens.</summary>
    [Fact]
    public void Published_sizes_take_milliseconds_and_no_memory()
    {
        const int Queries = 128, Keys = 512, Vocabulary = 32_000, Top = 50;
        var random = new Random(Seed);
        (int[] queryIds, float[] queryLogs) = Rows(random, Queries, Vocabulary, Top);
        (int[] keyIds, float[] keyLogs) = Rows(random, Keys, Vocabulary, Top);
        float[] actual = new float[Queries * Keys];
        var distances = new TeacherDistances(Vocabulary, Top);
        distances.Compute(queryIds, queryLogs, keyIds, keyLogs, actual);
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        distances.Compute(queryIds, queryLogs, keyIds, keyLogs, actual);
        long after = GC.GetAllocatedBytesForCurrentThread();
        watch.Stop();
        Assert.Equal(before, after);
        output.WriteLine($"{watch.Elapsed.TotalMilliseconds:F1} ms");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
    }

    /// <summary>Rows of distinct tokens, common ones more often, with probabilities that sum to nearly nothing, much, or 1.</summary>
    private static (int[] Ids, float[] LogProbabilities) Rows(Random random, int count, int vocabulary, int top)
    {
        var ids = new List<int>();
        var logs = new List<float>();
        for (int row = 0; row < count; row++)
        {
            var own = new HashSet<int>();
            if (2 * top > vocabulary)
            {
                int[] all = [.. Enumerable.Range(0, vocabulary)];
                random.Shuffle(all);
                own.UnionWith(all[..top]);
            }
            while (own.Count < top)
                own.Add((int)(vocabulary * Math.Pow(random.NextDouble(), 4)));
            double[] weights = [.. own.Select(_ => Math.Exp(-10 * random.NextDouble()))];
            double share = (row % 4) switch { 0 => 1, 1 => 0.9, 2 => 0.01, _ => 1.0009 };
            ids.AddRange(own);
            logs.AddRange(weights.Select(weight => (float)Math.Log(share * weight / weights.Sum())));
        }
        return ([.. ids], [.. logs]);
    }
}
