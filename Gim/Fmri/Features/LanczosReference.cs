using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>The definition of <see cref="Lanczos"/>, as plain loops over all words and TRs, with sums in double.</summary>
internal static class LanczosReference
{
    /// <inheritdoc cref="Lanczos.Interpolate"/>
    public static Matrix Interpolate(Matrix words, ReadOnlySpan<double> times, TrGrid grid)
    {
        Lanczos.CheckTimes(words, times);
        var rows = new Matrix(grid.Count, words.Columns);
        for (int tr = 0; tr < grid.Count; tr++)
        {
            for (int column = 0; column < words.Columns; column++)
            {
                double sum = 0;
                for (int word = 0; word < words.Rows; word++)
                    sum += Lanczos.Weight((grid.Time(tr) - times[word]) / grid.Seconds) * words[word, column];
                rows[tr, column] = (float)sum;
            }
        }
        return rows;
    }
}
