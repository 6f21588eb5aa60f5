using Gim.Evaluate;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri.Scores;

/// <summary>
/// How sure differences in mean r between feature sets are: blocks of test rows (or whole stories) are drawn with
/// replacement, the same ones for all sets, and every set's mean r over the targets is computed on each such sample.
/// r comes from sums over blocks, so that a sample is a row of counts and all samples together a matrix product.
/// <see cref="PairedBootstrapReference"/> is the definition.
/// </summary>
internal sealed class PairedBootstrap
{
    /// <summary>Targets whose sums are made together.</summary>
    private const int TargetsTogether = 64;

    /// <summary>A variance below this share of the one over all rows is none.</summary>
    internal const double Constant = 1e-12;

    private readonly double[][] samples;

    /// <param name="means">[sets]</param>
    /// <param name="samples">[samples][sets], from the same draws for every set.</param>
    public PairedBootstrap(double[] means, double[][] samples) => (Means, this.samples) = (means, samples);

    /// <summary>[sets], the mean r of each on the rows as they are.</summary>
    public double[] Means { get; }

    /// <summary>[sets], the mean r of each on one sample.</summary>
    public ReadOnlySpan<double> Sample(int sample) => samples[sample];

    /// <summary>Draws the samples.</summary>
    /// <param name="measured">[rows, targets]</param>
    /// <param name="predictions">[rows, targets] of each feature set.</param>
    /// <param name="units">What is drawn: all rows in turn, in blocks or stories.</param>
    /// <exception cref="InputException">A value is not a finite number.</exception>
    /// <exception cref="ArgumentException">The shapes differ, or the units are not the rows.</exception>
    public static PairedBootstrap Draw(
        Matrix measured, IReadOnlyList<Matrix> predictions, ReadOnlySpan<RowRange> units, int samples = 1000, long seed = 1, int threads = 1,
        CancellationToken cancellation = default)
    {
        RowRange.RequireAll(units, measured.Rows);
        FiniteValues.Require(measured, "target");
        foreach (Matrix predicted in predictions)
        {
            TestCorrelations.RequireSame(predicted, measured);
            FiniteValues.Require(predicted, "the prediction of target");
        }
        double[] counts = Counts(units.Length, samples, seed);
        RowRange[] ranges = units.ToArray();
        int kinds = 2 + 3 * predictions.Count, rows = samples + 1;
        var sums = new double[rows][];
        for (int sample = 0; sample < rows; sample++)
            sums[sample] = new double[predictions.Count];
        double[] ofUnits = new double[units.Length * kinds * TargetsTogether], ofSamples = new double[rows * kinds * TargetsTogether];
        double[] drawn = Drawn(counts, ranges, rows);
        for (int first = 0; first < measured.Columns; first += TargetsTogether)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(TargetsTogether, measured.Columns - first), width = kinds * count;
            UnitSums(measured, predictions, ranges, first, count, ofUnits.AsSpan(0, units.Length * width));
            DoubleProduct.Multiply(rows, width, units.Length, 1, counts, units.Length, false, ofUnits, width, false, 0, ofSamples, width, threads);
            Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, sample =>
                AddCorrelations(ofSamples.AsSpan(sample * width, width), ofSamples.AsSpan(0, width), drawn[sample], drawn[0], count, sums[sample]));
        }
        foreach (double[] sum in sums)
        {
            for (int set = 0; set < sum.Length; set++)
                sum[set] /= Math.Max(1, measured.Columns);
        }
        return new PairedBootstrap(sums[0], sums[1..]);
    }

    /// <summary>[1 + samples, units], how often each is drawn; the first row takes each once.</summary>
    internal static double[] Counts(int units, int samples, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        var random = new SeededRandom(seed);
        var counts = new double[checked((samples + 1) * units)];
        counts.AsSpan(0, units).Fill(1);
        for (int sample = 1; sample <= samples; sample++)
        {
            for (int i = 0; i < units; i++)
                counts[sample * units + (int)random.Below(units)]++;
        }
        return counts;
    }

    /// <summary>[rows], the test rows of each sample.</summary>
    private static double[] Drawn(double[] counts, RowRange[] units, int rows)
    {
        var drawn = new double[rows];
        for (int sample = 0; sample < rows; sample++)
        {
            for (int unit = 0; unit < units.Length; unit++)
                drawn[sample] += counts[sample * units.Length + unit] * units[unit].Count;
        }
        return drawn;
    }

    /// <summary>Σ y, Σ y² and for each set Σ p, Σ p², Σ p y over each unit, of distances from the columns' means over all rows.</summary>
    /// <param name="sums">[units, kinds, count]</param>
    private static void UnitSums(Matrix measured, IReadOnlyList<Matrix> predictions, RowRange[] units, int first, int count, Span<double> sums)
    {
        int kinds = 2 + 3 * predictions.Count;
        sums.Clear();
        double[] means = ColumnMeans(measured, first, count);
        double[][] predictedMeans = [.. predictions.Select(predicted => ColumnMeans(predicted, first, count))];
        for (int unit = 0; unit < units.Length; unit++)
        {
            Span<double> own = sums.Slice(unit * kinds * count, kinds * count);
            for (int row = units[unit].Start; row < units[unit].End; row++)
            {
                for (int i = 0; i < count; i++)
                {
                    double y = measured[row, first + i] - means[i];
                    own[i] += y;
                    own[count + i] += y * y;
                    for (int set = 0; set < predictions.Count; set++)
                    {
                        double p = predictions[set][row, first + i] - predictedMeans[set][i];
                        int place = (2 + 3 * set) * count + i;
                        own[place] += p;
                        own[place + count] += p * p;
                        own[place + 2 * count] += p * y;
                    }
                }
            }
        }
    }

    private static double[] ColumnMeans(Matrix values, int first, int count)
    {
        var means = new double[count];
        for (int row = 0; row < values.Rows; row++)
        {
            for (int i = 0; i < count; i++)
                means[i] += ((double)values[row, first + i] - values[0, first + i]) / values.Rows;
        }
        for (int i = 0; i < count; i++)
            means[i] += values[0, first + i];
        return means;
    }

    /// <summary>Adds the r of some targets to each set's sum; 0 where a side is constant in the sample.</summary>
    /// <param name="own">[kinds, count], the sample's sums.</param>
    /// <param name="all">[kinds, count], those over all rows.</param>
    private static void AddCorrelations(ReadOnlySpan<double> own, ReadOnlySpan<double> all, double rows, double allRows, int count, double[] sums)
    {
        for (int set = 0; set < sums.Length; set++)
        {
            for (int i = 0; i < count; i++)
            {
                int place = (2 + 3 * set) * count + i;
                double y = own[i], yy = own[count + i] - y * y / rows, p = own[place], pp = own[place + count] - p * p / rows;
                // Relative to all rows, as squares of numbers that are equal leave rounding behind.
                if (yy > Constant * all[count + i] * (rows / allRows) && pp > Constant * all[place + count] * (rows / allRows))
                    sums[set] += Math.Clamp((own[place + 2 * count] - p * y / rows) / Math.Sqrt(yy * pp), -1, 1);
            }
        }
    }

    /// <summary>A figure made of the sets' mean r, with the percentile interval of what the samples make it.</summary>
    /// <param name="figure">Of the mean r of each set.</param>
    /// <param name="level">The interval's share of the samples.</param>
    public Interval Of(Func<double[], double> figure, double level = 0.95)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "an interval's level must lie between 0 and 1");
        double[] values = [.. samples.Select(figure)];
        Array.Sort(values);
        return new Interval(figure(Means), Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2));
    }

    /// <summary>The mean r of one set less that of another.</summary>
    public Interval Difference(int set, int other, double level = 0.95) => Of(means => means[set] - means[other], level);

    /// <summary>Between the two sorted values around it, in proportion.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

/// <summary>A value, and the ends of an interval that holds it with some certainty.</summary>
internal readonly record struct Interval(double Value, double Low, double High);
