using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Fmri;
using Gim.Fmri.Ridge;
using Gim.Kernels.Devices;

namespace Gim.Bench;

/// <summary>What ridge regression gains over its definition: 3,000 rows, 80 features, 50 targets, 5 folds, 10 penalties, one thread.</summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<FmriBench>("fits/s", 1)]
public class FmriBench : IMeasured
{
    private const int Rows = 3000, Features = 80, Targets = 50, Stories = 30;

    private readonly RidgeSettings settings = new();
    private Device? device;
    private Matrix? features, targets;
    private RowFolds? folds;

    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => 1;

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        device = DeviceCatalog.Open("cpu", 1);
        (features, targets, folds) = FmriTable.Case(Rows, Features, Targets, Stories);
        double[] expected = Definition();
        LinearAlgebraTable.RequireClose(expected, [.. Fast().Weights.Values.Select(value => (double)value)], 1e-5, "RidgeRegression");
    }

    [GlobalCleanup]
    public void Cleanup() => device?.Dispose();

    /// <summary>The same choices and weights by the definition.</summary>
    [Benchmark(Baseline = true, Description = "definition")]
    public double[] Definition()
    {
        double[] best = RidgeReference.Best(RidgeReference.FoldCorrelations(features!, targets!, folds!, settings), settings.Penalties);
        int[] all = [.. Enumerable.Range(0, Rows)];
        double[] weights = new double[Features * Targets];
        foreach (double penalty in best.Distinct())
        {
            double[] own = RidgeReference.Fit(features!, targets!, all, penalty, intercept: false).Weights;
            for (int i = 0; i < weights.Length; i++)
            {
                if (best[i % Targets] == penalty) weights[i] = own[i];
            }
        }
        return weights;
    }

    [Benchmark(Description = "RidgeRegression")]
    public object Fitted() => Fast();

    private RidgeModel Fast() => new RidgeRegression(device!, 1, settings).Fit(features!, new MatrixTargets(targets!), folds!);
}
