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
    private readonly MatchResult result = new();

    public static IEnumerable<string> Corpora => Corpus.Names;

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
        var other = new MatchResult();
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
        const int Passes = 5;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Single queries, microseconds by stopwatch: {Count:N0} contexts, {Passes} passes after one that is not counted. The times above are");
        text.AppendLine("means over all contexts, most of which is spent on the few that match one or two tokens only: thousands of different");
        text.AppendLine("tokens may follow those, and all are counted.").AppendLine();
        text.AppendLine("| Tokens | Contexts from | p50 | p90 | p99 | Longest | Mean length of the match |");
        text.AppendLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (Corpus corpus in Corpus.All)
        {
            var bench = new CorpusQueryBench { Tokens = corpus.Name };
            bench.Setup();
            int lengths = bench.Find();
            double[] times = new double[Passes * Count];
            for (int i = 0; i < times.Length; i++)
            {
                long started = Stopwatch.GetTimestamp();
                bench.match.Find(bench.contexts[i % Count], bench.result);
                times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }
            Array.Sort(times);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {corpus.Name} | {corpus.HeldOut!.Name} | {times[times.Length / 2]:N1} | {times[times.Length * 9 / 10]:N1} | {times[times.Length * 99 / 100]:N1} | {times[^1]:N1} | {(double)lengths / Count:N1} |");
            bench.Cleanup();
        }
        return text.ToString();
    }
}
