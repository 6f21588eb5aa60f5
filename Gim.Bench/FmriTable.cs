using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gim.Bench.Harness;
using Gim.Evaluate;
using Gim.Fmri;
using Gim.Fmri.Matching;
using Gim.Fmri.Ridge;
using Gim.Fmri.Scores;
using Gim.Kernels.Devices;

namespace Gim.Bench;

/// <summary>Ridge regression, matching and tests of significance at the size of a subject's recordings.</summary>
internal static class FmriTable
{
    private const int Rows = 33_876, Stories = 98, TestRows = 910;

    public static string Table()
    {
        Require.FullSpeed();
        var text = new StringBuilder();
        text.AppendLine("Seconds, medians of turns on normal random numbers. Of the peak: the time that the operations would take at the rate of multiply-adds in registers,");
        text.AppendLine("measured before each turn (doubles at half of it; eigenvectors of n counted as 9 n^3), over the time they took.").AppendLine();
        text.AppendLine("| | threads | turns | s | of the peak |").AppendLine("|---|---:|---:|---:|---:|");
        foreach (int threads in (int[])[1, 2])
            Ridge(text, 344, 200, threads, turns: 3);
        Ridge(text, 4000, 2000, threads: 2, turns: 1);
        foreach (int threads in (int[])[1, 2])
            CrossStory(text, threads);
        foreach (int threads in (int[])[1, 2])
            Permutation(text, threads);
        return text.ToString();
    }

    /// <summary>Features of stories of one length, and targets that depend on them.</summary>
    internal static (Matrix Features, Matrix Targets, RowFolds Folds) Case(int rows, int features, int targets, int stories)
    {
        Matrix x = Normal(rows, features, 1), y = Normal(rows, targets, 2);
        for (int row = 0; row < rows; row++)
        {
            for (int target = 0; target < targets; target++)
                y[row, target] += 0.3f * x[row, target % features];
        }
        var parts = new StoryRows[stories];
        for (int i = 0; i < stories; i++)
        {
            int start = (int)((long)rows * i / stories);
            parts[i] = new StoryRows($"{i:D3}", start, (int)((long)rows * (i + 1) / stories) - start);
        }
        return (x, y, RowFolds.OfStories(parts, rows));
    }

    private static void Ridge(StringBuilder text, int features, int targets, int threads, int turns)
    {
        (Matrix x, Matrix y, RowFolds folds) = Case(Rows, features, targets, Stories);
        using Device device = DeviceCatalog.Open("cpu", threads);
        var settings = new RidgeSettings();
        RidgePlan plan = RidgePlan.Make(Rows, features, targets, folds, settings.Penalties.Count, settings.MemoryBytes);
        double p = features, t = targets, penalties = settings.Penalties.Count;
        double single = 2 * Rows * p * t + folds.Count * penalties * 2 * p * p * t, doubles = Rows * p * p;
        doubles += folds.Count * (plan.FoldEigen ? 9 * p * p * p + 3 * p * p * p + 4 * p * p * t : penalties * (p * p * p / 3 + 2 * p * p * t));
        doubles += plan.FinalEigen ? 9 * p * p * p + 4 * p * p * t : penalties * p * p * p / 3 + 2 * p * p * t;
        string how = plan.FoldEigen ? "eigenvectors" : "factors";
        Append(
            text, $"ridge, {Rows:N0} x {features:N0} -> {targets:N0}, 5 folds x 10 penalties and refit ({how})", threads, turns, single + 2 * doubles,
            () => new RidgeRegression(device, threads, settings).Fit(x, new MatrixTargets(y), folds));
    }

    private static void CrossStory(StringBuilder text, int threads)
    {
        const int KeyColumns = 200, ValueColumns = 100;
        Matrix keys = Normal(Rows, KeyColumns, 3), values = Normal(Rows, ValueColumns, 4);
        int[] none = [.. Enumerable.Repeat(CrossStoryMatch.NoFold, Rows)];
        using Device device = DeviceCatalog.Open("cpu", threads);
        Append(
            text, $"cross-story attention, {Rows:N0} x {Rows:N0}, keys of {KeyColumns}, {ValueColumns} values", threads, turns: 3,
            2.0 * Rows * Rows * (KeyColumns + ValueColumns), () => CrossStoryMatch.Run(device, new MatchMemory(keys, values, none), keys, none, new CrossStoryRule()));
    }

    private static void Permutation(StringBuilder text, int threads)
    {
        const int Targets = 10_000, Permutations = 1000;
        Matrix predicted = Normal(TestRows, Targets, 5), measured = Normal(TestRows, Targets, 6);
        RowRange[] blocks = RowRange.Blocks([new("test", 0, TestRows)]);
        Append(
            text, $"{Permutations:N0} block permutations, {TestRows} rows, {Targets:N0} targets", threads, turns: 3, 2.0 * TestRows * Targets * Permutations,
            () => BlockPermutation.PValues(predicted, measured, blocks, Permutations, threads: threads));
    }

    /// <param name="operations">In float32; those in doubles counted twice.</param>
    private static void Append(StringBuilder text, string name, int threads, int turns, double operations, Action run)
    {
        double[] seconds = new double[turns], shares = new double[turns];
        // A first turn warms up, where turns are short.
        for (int turn = turns > 1 ? -1 : 0; turn < turns; turn++)
        {
            double peak = Peak() * threads;
            double taken = Seconds(run);
            (seconds[Math.Max(turn, 0)], shares[Math.Max(turn, 0)]) = (taken, operations / peak / taken);
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {threads} | {turns} | {Median(seconds):N2} | {Median(shares):N2} |");
    }

    /// <summary>Operations in a second of one thread.</summary>
    private static double Peak()
    {
        const int steps = 5_000_000;
        return Roofline.Operations(steps) / Seconds(() => Roofline.Compute(steps));
    }

    private static double Seconds(Action run)
    {
        long started = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    internal static Matrix Normal(int rows, int columns, long seed)
    {
        var matrix = new Matrix(rows, columns);
        new GaussianRandom(seed).Fill(matrix.Values, 1);
        return matrix;
    }
}
