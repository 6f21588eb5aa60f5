using BenchmarkDotNet.Attributes;
using Gim.Bench.Baselines;
using Gim.Bench.Harness;
using Gim.Match;

namespace Gim.Bench;

/// <summary>
/// How long the exact induction head takes on a context of 1,024 tokens: of real text, and of the kinds that are hard
/// for one method or the other. Times are per query.
/// </summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
public class ExactInductionBench
{
    private const int Length = 1024, Count = 512, Vocabulary = 50257;

    private readonly SuffixArrayInduction suffixArray = new(Vocabulary, Length);
    private readonly MatchResult result = new();
    private int[][] contexts = [];

    [Params("real text", "one token", "period 2", "no repeat")]
    public string Context { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        contexts = Context switch
        {
            "real text" => Contexts.Spread(Corpus.All[^1].HeldOut!.ReadDocuments(), Length, Count),
            "one token" => Make((context, position) => context),
            "period 2" => Make((context, position) => context + position % 2),
            _ => Make((context, position) => context + position),
        };
        var other = new MatchResult();
        foreach (int[] context in contexts)
        {
            ExactMatch.Reference(context, other);
            ExactMatch.Find(context, result);
            Require.Same(other, result, "ExactMatch");
            suffixArray.Find(context, result);
            Require.Same(other, result, "suffix array of the context");
        }
    }

    private static int[][] Make(Func<int, int, int> token)
        => [.. Enumerable.Range(0, Count).Select(context => Enumerable.Range(0, Length).Select(position => token(context, position)).ToArray())];

    [Benchmark(Baseline = true, OperationsPerInvoke = Count, Description = "ExactMatch.Find")]
    public int Find()
    {
        int sum = 0;
        foreach (int[] context in contexts)
        {
            ExactMatch.Find(context, result);
            sum += result.Length;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count, Description = "suffix array of the context")]
    public int SuffixArrayOfContext()
    {
        int sum = 0;
        foreach (int[] context in contexts)
        {
            suffixArray.Find(context, result);
            sum += result.Length;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count, Description = "definition (ExactMatch.Reference)")]
    public int Definition()
    {
        int sum = 0;
        foreach (int[] context in contexts)
        {
            ExactMatch.Reference(context, result);
            sum += result.Length;
        }
        return sum;
    }
}
