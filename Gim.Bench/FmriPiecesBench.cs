using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Matching;
using Gim.Fmri.Ridge;
using Gim.Fmri.Stimulus;
using Gim.Kernels.Devices;

namespace Gim.Bench;

/// <summary>
/// The pieces of an encoding model beside plain loops, one thread: XᵀX of 4,000 rows of 344 columns in doubles, 1,800 words of
/// 985 columns through the Lanczos filter to 360 TRs, cross-story matching of 2,000 rows with 2,000 (keys of 200, 100 values).
/// </summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<FmriPiecesBench>("per s", 1)]
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class FmriPiecesBench : IMeasured
{
    private const int Rows = 4000, Columns = 344, Words = 1800, WordColumns = 985, Trs = 360, Matched = 2000, KeyColumns = 200, ValueColumns = 100;

    private readonly TrGrid grid = TrGrid.Whole(Trs, 2);
    private readonly double[] times = [.. Enumerable.Range(0, Words).Select(word => word * 2.0 * Trs / Words)];
    private readonly int[] allRows = [.. Enumerable.Range(0, Rows)], none = [.. Enumerable.Repeat(CrossStoryMatch.NoFold, Matched)];
    private readonly double[] gram = new double[Columns * Columns];
    private Device? device;
    private Matrix? x, words, keys, values;

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => 1;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        device = DeviceCatalog.Open("cpu", 1);
        x = FmriTable.Normal(Rows, Columns, 1);
        words = FmriTable.Normal(Words, WordColumns, 2);
        keys = FmriTable.Normal(Matched, KeyColumns, 3);
        values = FmriTable.Normal(Matched, ValueColumns, 4);
        double[] plain = [.. GramLoops()], fast = [.. Gram()];
        for (int i = 0; i < Columns; i++)
        {
            // Only the lower half is made.
            fast.AsSpan(i * Columns + i + 1, Columns - i - 1).Clear();
            plain.AsSpan(i * Columns + i + 1, Columns - i - 1).Clear();
        }
        LinearAlgebraTable.RequireClose(plain, fast, 1e-9, "XᵀX");
        LinearAlgebraTable.RequireClose(Doubles(LanczosLoops()), Doubles(Lanczos()), 1e-4, "Lanczos");
        LinearAlgebraTable.RequireClose([.. CrossStoryLoops().SelectMany(row => row)], Doubles(CrossStory()), 1e-4, "cross-story matching");
    }

    [GlobalCleanup]
    public void Cleanup() => device?.Dispose();

    [Benchmark(Baseline = true, Description = "plain loops"), BenchmarkCategory("XᵀX")]
    public double[] GramLoops()
    {
        gram.AsSpan().Clear();
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> own = x!.Row(row);
            for (int i = 0; i < Columns; i++)
            {
                for (int j = 0; j <= i; j++)
                    gram[i * Columns + j] += (double)own[i] * own[j];
            }
        }
        return gram;
    }

    [Benchmark(Description = "RowProducts"), BenchmarkCategory("XᵀX")]
    public double[] Gram()
    {
        gram.AsSpan().Clear();
        new RowProducts(device!, 1).AddGram(x!, allRows, gram, single: false);
        return gram;
    }

    [Benchmark(Baseline = true, Description = "plain loops"), BenchmarkCategory("Lanczos")]
    public object LanczosPlain() => LanczosLoops();

    [Benchmark(Description = "Lanczos"), BenchmarkCategory("Lanczos")]
    public object LanczosFast() => Lanczos();

    [Benchmark(Baseline = true, Description = "plain loops"), BenchmarkCategory("cross-story")]
    public object CrossStoryPlain() => CrossStoryLoops();

    [Benchmark(Description = "CrossStoryMatch"), BenchmarkCategory("cross-story")]
    public object CrossStoryFast() => CrossStory();

    private Matrix LanczosLoops() => LanczosReference.Interpolate(words!, times, grid);

    private Matrix Lanczos() => Gim.Fmri.Features.Lanczos.Interpolate(words!, times, grid);

    private double[][] CrossStoryLoops() => MatchReference.Values(MatchReference.CrossStory(keys!, none, keys!, none, new CrossStoryRule().Temperature), values!);

    private Matrix CrossStory() => CrossStoryMatch.Run(device!, new MatchMemory(keys!, values!, none), keys!, none, new CrossStoryRule()).Values;

    private static double[] Doubles(Matrix matrix) => [.. matrix.Values.Select(value => (double)value)];
}
