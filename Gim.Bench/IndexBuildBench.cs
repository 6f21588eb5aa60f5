using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Index.Sort;

namespace Gim.Bench;

/// <summary>How fast an index is built from tokens: append, sort the suffixes, hash, write and flush all files.</summary>
[Measure(seconds: true)]
[Rate<IndexBuildBench>("M tokens/s", 1e6)]
public class IndexBuildBench : IMeasured
{
    private ReadOnlyMemory<int>[] documents = [];
    private string folder = "";

    public static IEnumerable<string> Corpora => Corpus.ForBuilding.Select(corpus => corpus.Name);

    [ParamsSource(nameof(Corpora))]
    public string Tokens { get; set; } = "";

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark)
        => TokenFile.CountTokens(Corpus.Named((string)benchmark.Parameters[nameof(Tokens)]).TokenPath);

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        documents = [.. Corpus.Named(Tokens).ReadDocuments()];
        folder = Temporary.NewFolder();
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [Benchmark(Description = "index from tokens")]
    public object Build() => Corpus.BuildIndex(documents, folder, "");
}

/// <summary>
/// Suffix sorting alone: induced sorting against the definition, a comparison sort of the suffixes. On a slice, as the
/// comparison sort is slow; both on the same one.
/// </summary>
[Measure(seconds: true)]
[Rate<SuffixSortBench>("M tokens/s", 1e6)]
public class SuffixSortBench : IMeasured
{
    private const int Slice = 1_000_000;

    private readonly int[] suffixes = new int[Slice];
    private ushort[] text = [];

    public static IEnumerable<string> Corpora => Corpus.Names;

    [ParamsSource(nameof(Corpora))]
    public string FirstMillionOf { get; set; } = "";

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => Slice;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        const ushort Separator = ushort.MaxValue;
        text = [.. Corpus.Named(FirstMillionOf).ReadDocuments()
            .SelectMany(document => document.Select(token => (ushort)token).Prepend(Separator)).Take(Slice)];
        SuffixArray.Build(text, suffixes);
        Require.Same(SuffixArray.Reference<ushort>(text), suffixes, "suffix array");
    }

    [Benchmark(Baseline = true, Description = "comparison sort")]
    public int[] ComparisonSort() => SuffixArray.Reference<ushort>(text);

    [Benchmark(Description = "induced sorting")]
    public int[] InducedSorting()
    {
        SuffixArray.Build(text, suffixes);
        return suffixes;
    }
}
