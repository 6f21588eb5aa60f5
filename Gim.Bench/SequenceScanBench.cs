using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Kernels.Sequences;

namespace Gim.Bench;

/// <summary>
/// The scans under the matchers, vectorised and as plain loops: where a token stands (as often as a common word does),
/// and how far two sequences agree from their ends (all the way).
/// </summary>
[Measure]
[Rate<SequenceScanBench>("G ints/s", 1e9)]
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory, BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
public class SequenceScanBench : IMeasured
{
    // "the" is about one token in 25 of English text.
    private const int Spacing = 25, Wanted = 262;

    private int[] values = [], copy = [], positions = [];

    [Params(1024, 65536)]
    public int Ints { get; set; }

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => (int)benchmark.Parameters[nameof(Ints)];

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        const int Seed = 42;
        var random = new Random(Seed);
        values = [.. Enumerable.Range(0, Ints).Select(_ => random.Next(Spacing) == 0 ? Wanted : random.Next(Wanted + 1, 50257))];
        copy = [.. values];
        positions = new int[Ints];
        int[] expected = new int[Ints];
        int found = SequenceScanReference.IndexesOf(values, Wanted, expected);
        Require.Same<int>(expected.AsSpan(0, found), positions.AsSpan(0, SequenceScan.IndexesOf(values, Wanted, positions)), "IndexesOf");
        Require.Same<int>([SequenceScanReference.CommonSuffixLength(values, copy)], [SequenceScan.CommonSuffixLength(values, copy)], "CommonSuffixLength");
    }

    [Benchmark(Baseline = true, Description = "plain loop"), BenchmarkCategory("IndexesOf")]
    public int IndexesOfReference() => SequenceScanReference.IndexesOf(values, Wanted, positions);

    [Benchmark(Description = "vectors"), BenchmarkCategory("IndexesOf")]
    public int IndexesOf() => SequenceScan.IndexesOf(values, Wanted, positions);

    [Benchmark(Baseline = true, Description = "plain loop"), BenchmarkCategory("CommonSuffixLength")]
    public int CommonSuffixLengthReference() => SequenceScanReference.CommonSuffixLength(values, copy);

    [Benchmark(Description = "vectors"), BenchmarkCategory("CommonSuffixLength")]
    public int CommonSuffixLength() => SequenceScan.CommonSuffixLength(values, copy);
}
