using System.Numerics.Tensors;
using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Features;

/// <summary>
/// Words' values as a signal at the TRs, through a Lanczos filter (the published pipeline's): with t the time from word to TR
/// in TRs, so that the cutoff is 1 / the mean time between TRs,
/// <code>row(TR) = Σ_words L(t) value(word),   L(t) = 3 sin(πt) sin(πt/3) / (π² t²) for |t| ≤ 3, 1 at 0, 0 beyond</code>
/// Weights are not normalised: more words give a larger sum. <see cref="LanczosReference"/> is the definition, from which a
/// value differs by at most about (words nearby + 2) 2^-24 Σ|L||value|.
/// </summary>
internal static class Lanczos
{
    /// <summary>Lobes of the filter on each side.</summary>
    public const int Window = 3;

    /// <param name="words">[words, columns]</param>
    /// <param name="times">[words], seconds from the start of the sound.</param>
    /// <param name="grid">The TRs.</param>
    /// <returns>[TRs before trimming, columns]</returns>
    public static Matrix Interpolate(Matrix words, ReadOnlySpan<double> times, TrGrid grid)
    {
        CheckTimes(words, times);
        var rows = new Matrix(grid.Count, words.Columns);
        for (int word = 0; word < words.Rows; word++)
        {
            double nearest = (times[word] - grid.Time(0)) / grid.Seconds;
            if (!(nearest >= -Window - 1 && nearest <= grid.Count + Window))
                continue;
            // One more on each side than the filter reaches: its own test decides.
            int from = Math.Max(0, (int)Math.Floor(nearest) - Window), to = Math.Min(grid.Count - 1, (int)Math.Ceiling(nearest) + Window);
            for (int tr = from; tr <= to; tr++)
            {
                float weight = (float)Weight((grid.Time(tr) - times[word]) / grid.Seconds);
                if (weight != 0)
                    TensorPrimitives.MultiplyAdd(words.Row(word), weight, rows.Row(tr), rows.Row(tr));
            }
        }
        return rows;
    }

    internal static double Weight(double t)
    {
        if (t == 0)
            return 1;
        if (!(Math.Abs(t) <= Window))
            return 0;
        return Window * Math.Sin(Math.PI * t) * Math.Sin(Math.PI * t / Window) / (Math.PI * Math.PI * t * t);
    }

    internal static void CheckTimes(Matrix words, ReadOnlySpan<double> times)
    {
        if (times.Length != words.Rows)
            throw new ArgumentException($"{times.Length} times for {words.Rows} words", nameof(times));
    }
}
