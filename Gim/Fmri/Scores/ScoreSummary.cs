namespace Gim.Fmri.Scores;

/// <summary>What the correlations of many targets come to; all 0 without targets.</summary>
/// <param name="Mean">Over all targets.</param>
/// <param name="MeanTop10">Over the tenth of the targets (rounded down, at least one) with the largest r.</param>
/// <param name="MeanFirst20">Over the first 20 targets: where these are principal components, the ones that matter most.</param>
/// <param name="ShareAboveZero">The share of targets with r above 0.</param>
internal sealed record ScoreSummary(int Targets, double Mean, double MeanTop10, double MeanFirst20, double ShareAboveZero)
{
    private const int FirstTargets = 20;

    public static ScoreSummary Of(ReadOnlySpan<float> correlations)
    {
        if (correlations.IsEmpty) return new ScoreSummary(0, 0, 0, 0, 0);
        float[] sorted = correlations.ToArray();
        Array.Sort(sorted);
        int above = 0;
        foreach (float r in sorted)
        {
            if (r > 0) above++;
        }
        return new ScoreSummary(
            sorted.Length, Average(sorted), Average(sorted.AsSpan(sorted.Length - Math.Max(1, sorted.Length / 10))),
            Average(correlations[..Math.Min(FirstTargets, correlations.Length)]), (double)above / sorted.Length);
    }

    private static double Average(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }
}
