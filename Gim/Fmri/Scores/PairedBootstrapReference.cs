namespace Gim.Fmri.Scores;

/// <summary>The definition of <see cref="PairedBootstrap"/>: the rows of every sample in a list, and r by its formula.</summary>
internal static class PairedBootstrapReference
{
    /// <summary>[1 + samples][sets], the mean r over the targets; the first is that of the rows as they are.</summary>
    public static double[][] Means(Matrix measured, IReadOnlyList<Matrix> predictions, ReadOnlySpan<RowRange> units, int samples, long seed)
    {
        double[] counts = PairedBootstrap.Counts(units.Length, samples, seed);
        var means = new double[samples + 1][];
        for (int sample = 0; sample <= samples; sample++)
        {
            List<int> rows = [];
            for (int unit = 0; unit < units.Length; unit++)
            {
                for (int time = 0; time < counts[sample * units.Length + unit]; time++)
                    rows.AddRange(Enumerable.Range(units[unit].Start, units[unit].Count));
            }
            means[sample] = [.. predictions.Select(predicted => Enumerable.Range(0, measured.Columns).Average(target => Correlation(predicted, measured, rows, target)))];
        }
        return means;
    }

    private static double Correlation(Matrix predicted, Matrix measured, List<int> rows, int target)
    {
        double meanP = rows.Average(row => (double)predicted[row, target]), meanY = rows.Average(row => (double)measured[row, target]);
        double pp = 0, yy = 0, py = 0;
        foreach (int row in rows)
        {
            double p = predicted[row, target] - meanP, y = measured[row, target] - meanY;
            pp += p * p;
            yy += y * y;
            py += p * y;
        }
        return pp > PairedBootstrap.Constant && yy > PairedBootstrap.Constant ? py / Math.Sqrt(pp * yy) : 0;
    }
}
