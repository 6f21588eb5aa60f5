using System.Diagnostics;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Gim.Bench.Baselines;
using Gim.Bench.Harness;
using Gim.Index;
using Gim.Match;

namespace Gim.Bench;

/// <summary>
/// How long an ∞-gram query takes: the longest suffix of 500 tokens of held-out text in a corpus, and what followed it.
/// One thread, files in memory; times are per query, over contexts spread evenly over the text.
/// </summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
public class CorpusQueryBench
{
    private const int Length = 500, Count = 2048;

    // The definition takes up to 500 searches a query: every eighth context is enough to time it.
    private const int ReferenceStep = 8;

    private CorpusIndex? index;
    private CorpusMatch match = null!;
    private WholeTableSearch wholeTable = null!;
    private int[][] contexts = [];
    private int[] stretch = [];
    private readonly MatchResult result = new();

    public static IEnumerable<string> Corpora => Corpus.ForQueries.Select(corpus => corpus.Name);

    [ParamsSource(nameof(Corpora))]
    public string Tokens { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        Corpus corpus = Corpus.Named(Tokens);
        index = corpus.OpenIndex();
        match = new CorpusMatch([index], Length);
        wholeTable = new WholeTableSearch(index);
        contexts = Contexts.Spread(corpus.HeldOut!.ReadDocuments(), Length, Count);
        stretch = Contexts.Stretch(corpus.HeldOut!.ReadDocuments(), Length, Count);
        var other = new MatchResult();
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<int> next = stretch.AsSpan(i + 1, Length);
            match.Find(next, result);
            wholeTable.Find(next, other);
            Require.Same(result, other, $"WholeTableSearch, consecutive context {i}");
        }
        for (int i = 0; i < Count; i++)
        {
            match.Find(contexts[i], result);
            wholeTable.Find(contexts[i], other);
            Require.Same(result, other, $"WholeTableSearch, context {i}");
            if (i % ReferenceStep != 0)
                continue;
            match.Reference(contexts[i], other);
            Require.Same(other, result, $"CorpusMatch, context {i}");
        }
    }

    [GlobalCleanup]
    public void Cleanup() => index?.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Count, Description = "CorpusMatch.Find")]
    public int Find()
    {
        int sum = 0;
        foreach (int[] context in contexts)
        {
            match.Find(context, result);
            sum += result.Length;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count, Description = "CorpusMatch.Find, consecutive")]
    public int FindConsecutive()
    {
        int sum = 0;
        for (int i = 0; i < Count; i++)
        {
            match.Find(stretch.AsSpan(i + 1, Length), result);
            sum += result.Length;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count, Description = "CorpusIndex.Count of 3 tokens")]
    public long CountThree()
    {
        long sum = 0;
        foreach (int[] context in contexts)
            sum += index!.Count(context.AsSpan(^3..));
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count, Description = "as infini-gram does it")]
    public int WholeTable()
    {
        int sum = 0;
        foreach (int[] context in contexts)
        {
            wholeTable.Find(context, result);
            sum += result.Length;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count / ReferenceStep, Description = "definition (CorpusMatch.Reference)")]
    public int Definition()
    {
        int sum = 0;
        for (int i = 0; i < Count; i += ReferenceStep)
        {
            match.Reference(contexts[i], result);
            sum += result.Length;
        }
        return sum;
    }

    /// <summary>A Markdown table: how the times of single queries are spread.</summary>
    internal static string Table()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Single queries, microseconds by stopwatch, {Count:N0} of each kind. First: by a matcher that has answered nothing yet (files in memory,");
        text.AppendLine("code compiled); again: by one that has, and so remembers what follows the few matches of one or two tokens that stand at");
        text.AppendLine("thousands of places; consecutive: each context is the one before and a token more, by a matcher that has answered nothing yet.").AppendLine();
        text.AppendLine("| Tokens | Contexts from | Query | p50 | p90 | p99 | Longest | Mean |");
        text.AppendLine("|---|---|---|---:|---:|---:|---:|---:|");
        foreach (Corpus corpus in Corpus.ForQueries)
        {
            var bench = new CorpusQueryBench { Tokens = corpus.Name };
            bench.Setup();
            void Row(string query, Action<int> ask)
            {
                double[] times = new double[Count];
                for (int i = 0; i < Count; i++)
                {
                    long started = Stopwatch.GetTimestamp();
                    ask(i);
                    times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                }
                double mean = times.Average();
                Array.Sort(times);
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {corpus.Name} | {corpus.HeldOut!.Name} | {query} | {times[times.Length / 2]:N1} | {times[times.Length * 9 / 10]:N1} | {times[times.Length * 99 / 100]:N1} | {times[^1]:N1} | {mean:N1} |");
            }
            CorpusMatch fresh = new([bench.index!], Length), reading = new([bench.index!], Length);
            Row("∞-gram, first", i => fresh.Find(bench.contexts[i], bench.result));
            Row("∞-gram, again", i => fresh.Find(bench.contexts[i], bench.result));
            Row("∞-gram, consecutive", i => reading.Find(bench.stretch.AsSpan(i + 1, Length), bench.result));
            for (int length = 1; length <= 5; length++)
            {
                int tokens = length;
                Row($"count of {tokens}", i => bench.index!.Count(bench.contexts[i].AsSpan(^tokens..)));
            }
            bench.Cleanup();
        }
        return text.ToString();
    }
}
