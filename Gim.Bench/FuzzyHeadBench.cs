using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;

namespace Gim.Bench;

/// <summary>
/// Reading on: a token is appended to a context of 1,024 and the next one predicted (d 256, 3 layers, one thread), beside
/// weighing the whole context anew for every prediction.
/// </summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<FuzzyHeadBench>("predictions/s", 1)]
public class FuzzyHeadBench : IMeasured
{
    private const int Context = 1024;

    private Device? device;
    private SimilarityNetwork? network;
    private FuzzyMatch? whole;
    private GrowingContext? growing;
    private int[] tokens = [];
    private int next;
    private readonly MatchResult match = new();

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => 1;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        var random = new Random(42);
        tokens = [.. Enumerable.Range(0, 1 << 16).Select(_ => (int)(RandomSimilarityModel.Vocabulary * Math.Pow(random.NextDouble(), 4)))];
        device = DeviceCatalog.Open("cpu", 1);
        network = SimilarityNetwork.Load(RandomSimilarityModel.Make(RandomSimilarityModel.Streaming(256, 3, 4)), device, "a random model");
        whole = new FuzzyMatch(network);
        growing = new GrowingContext(network, Context);
        growing.Append(tokens.AsSpan(0, Context));
        // At the text's beginning both have seen the same: they must say the same.
        growing.Find(match);
        NextTokens expected = Whole(), actual = NextTokens.FromWeights(match, growing.Context, RandomSimilarityModel.Vocabulary);
        if (expected.Best != actual.Best || Math.Abs(expected.ProbabilityOf(expected.Best) - actual.ProbabilityOf(actual.Best)) > 1e-5)
            throw new InvalidOperationException($"FuzzyHead: {expected.Best} was expected and {actual.Best} came");
        next = Context;
    }

    [Benchmark(Baseline = true, Description = "whole context anew")]
    public NextTokens Whole()
    {
        ReadOnlySpan<int> context = growing!.Context;
        whole!.Find(context, match);
        return NextTokens.FromWeights(match, context, RandomSimilarityModel.Vocabulary);
    }

    [Benchmark(Description = "one token appended")]
    public NextTokens Growing()
    {
        growing!.Append(tokens.AsSpan(next, 1));
        next = (next + 1) & (tokens.Length - 1);
        growing.Find(match);
        return NextTokens.FromWeights(match, growing.Context, RandomSimilarityModel.Vocabulary);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        growing?.Dispose();
        whole?.Dispose();
        network?.Dispose();
        device?.Dispose();
    }
}
