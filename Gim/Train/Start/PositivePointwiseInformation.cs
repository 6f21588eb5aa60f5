using Gim.Progress;

namespace Gim.Train.Start;

/// <summary>
/// Positive pointwise mutual information of neighbours: how much more often two tokens stand together than by chance,
/// max(0, ln(p_ij / (q_i q_j))) with p_ij = n_ij / N. q_i is the geometric mean of p_i = n_i / N and of the smoothed
/// n_i^0.75 / sum of n_k^0.75 (Levy, Goldberg and Dagan 2015, 3.2, who smooth the neighbour alone): the mean of their value
/// and its transpose, so that the matrix is symmetric. Smoothing keeps rare tokens from having the largest values.
/// </summary>
internal static class PositivePointwiseInformation
{
    public const double Smoothing = 0.75;

    /// <summary>Values up to this are rounding and taken for 0: a token that stands beside itself alone has ln 1.</summary>
    private const double Nothing = 1e-9;

    private const int RowsTogether = 64;

    /// <summary>Replaces the counts; only the values above 0 are kept, in the same arrays.</summary>
    public static SparseMatrix Of(CooccurrenceCounts counts, int threads, IJobLog log, CancellationToken cancellation)
    {
        SparseMatrix pairs = counts.Pairs;
        double sum = counts.Totals.Sum(), logSum = Math.Log(sum);
        double[] logChance = LogChances(counts.Totals);
        int[] kept = new int[pairs.Size];
        using IJobProgress progress = log.Start("weighing neighbours", pairs.Size, "rows");
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (pairs.Size + RowsTogether - 1) / RowsTogether, options, block =>
        {
            int first = block * RowsTogether, end = Math.Min(first + RowsTogether, pairs.Size);
            for (int row = first; row < end; row++)
            {
                long to = pairs.Starts[row];
                for (long from = to; from < pairs.Starts[row + 1]; from++)
                {
                    double value = Math.Log(pairs.Values[from]) - logSum - logChance[row] - logChance[pairs.Columns[from]];
                    if (!(value > Nothing))
                        continue;
                    (pairs.Columns[to], pairs.Values[to]) = (pairs.Columns[from], (float)value);
                    to++;
                }
                kept[row] = (int)(to - pairs.Starts[row]);
            }
            progress.Advance(end - first);
        });
        long[] starts = new long[pairs.Size + 1];
        for (int row = 0; row < pairs.Size; row++)
        {
            starts[row + 1] = starts[row] + kept[row];
            Array.Copy(pairs.Columns, pairs.Starts[row], pairs.Columns, starts[row], kept[row]);
            Array.Copy(pairs.Values, pairs.Starts[row], pairs.Values, starts[row], kept[row]);
        }
        return new(pairs.Size, starts, pairs.Columns, pairs.Values);
    }

    /// <summary>ln q_i; where a token has no neighbours, it is not asked for.</summary>
    private static double[] LogChances(long[] totals)
    {
        double sum = totals.Sum(), smoothed = 0;
        foreach (long total in totals)
            smoothed += Math.Pow(total, Smoothing);
        double[] logChances = new double[totals.Length];
        for (int i = 0; i < totals.Length; i++)
            logChances[i] = totals[i] == 0 ? 0 : (Math.Log(totals[i] / sum) + Math.Log(Math.Pow(totals[i], Smoothing) / smoothed)) / 2;
        return logChances;
    }
}
