using System.Numerics.Tensors;

namespace Gim.Fmri.Matching;

/// <summary>
/// How much attention rows pay to lag l on average, whatever the text says: w(l) = Σ A[t, t - l] / Σ max(0, T - l), over the
/// rows of the training stories and over the stories' lengths T.
/// </summary>
internal sealed class LagProfile
{
    private readonly int gap;
    private readonly double[] weights;

    private LagProfile(int gap, double[] weights) => (this.gap, this.weights) = (gap, weights);

    /// <summary>w(l) by lag; 0 below the gap.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The profile of some keys' attention in the training stories.</summary>
    /// <param name="keys">[rows, key columns]</param>
    /// <exception cref="InputException">A key is not a finite number.</exception>
    public static LagProfile Fit(Matrix keys, IReadOnlyList<StoryRows> training, InStoryRule rule, int threads = 1)
    {
        rule.Check();
        StoryColumns.RequireInside(training, keys.Rows);
        Matrix unit = UnitRows.Of(keys);
        int longest = training.Count == 0 ? 0 : training.Max(story => story.Count);
        double[] sums = new double[longest];
        long[] rows = new long[longest];
        foreach (StoryRows story in training)
        {
            float[] attention = StoryAttention.Of(unit, story, rule, threads).Weights;
            for (int lag = 0; lag < story.Count; lag++)
            {
                rows[lag] += story.Count - lag;
                for (int t = lag; t < story.Count && lag >= rule.Gap; t++)
                    sums[lag] += attention[t * story.Count + t - lag];
            }
        }
        for (int lag = 0; lag < longest; lag++)
            sums[lag] /= rows[lag];
        return new LagProfile(rule.Gap, sums);
    }

    /// <summary>
    /// Takes the profile from the attention of row t, cut to the lags that the row has and made to add up to 1: nothing where
    /// the profile has none of these lags.
    /// </summary>
    /// <param name="attention">[t + 1], the weights of rows 0 to t.</param>
    public void SubtractFrom(Span<float> attention)
    {
        int t = attention.Length - 1, end = Math.Min(t + 1, weights.Length);
        if (end <= gap) return;
        double sum = TensorPrimitives.Sum<double>(weights.AsSpan(gap, end - gap));
        if (sum == 0) return;
        for (int lag = gap; lag < end; lag++)
            attention[t - lag] -= (float)(weights[lag] / sum);
    }
}
