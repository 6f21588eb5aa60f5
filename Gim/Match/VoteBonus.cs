namespace Gim.Match;

/// <summary>
/// What a vote counts beside the similarity of its context: exp(b m - r d / 1024), with m the tokens (at most 8) before
/// the vote that are the same, in the same order, as the last ones of the context, and d its distance in tokens. A model
/// sees meaning better than spelling; the bonus gives a literal repetition its due, and a recent one.
/// </summary>
/// <param name="match">b, at least 0.</param>
/// <param name="recency">r, at least 0: per 1,024 tokens.</param>
internal sealed class VoteBonus(double match, double recency)
{
    /// <summary>Longer matches count as this long.</summary>
    public const int LongestCounted = 8;

    private const double RecencyUnit = 1024;

    private readonly float[] ofLength = [.. Enumerable.Range(0, LongestCounted + 1).Select(length => (float)Math.Exp(match * length))];
    private volatile float[] ofDistance = [];

    public bool IsNone => match == 0 && recency == 0;

    /// <summary>Multiplies the weights of a context's votes.</summary>
    /// <param name="context">[n]</param>
    /// <param name="weights">[n - 1] or fewer: of the contexts that end at positions 0, 1, ...</param>
    public void Apply(ReadOnlySpan<int> context, Span<float> weights)
    {
        if (IsNone || weights.IsEmpty) return;
        int last = context.Length - 1;
        if (match != 0)
        {
            for (int j = 0; j < weights.Length; j++)
            {
                if (context[j] != context[last]) continue;
                weights[j] *= ofLength[MatchLength(context, j, last)];
            }
        }
        if (recency == 0) return;
        ReadOnlySpan<float> decay = Decay(context.Length);
        for (int j = 0; j < weights.Length; j++)
            weights[j] *= decay[last - j];
    }

    /// <summary>How many tokens that end at a position are the same as the last ones of the context, up to <see cref="LongestCounted"/>.</summary>
    internal static int MatchLength(ReadOnlySpan<int> context, int position, int last)
    {
        int length = 0;
        while (length < LongestCounted && length <= position && context[position - length] == context[last - length])
            length++;
        return length;
    }

    private float[] Decay(int length)
    {
        float[] all = ofDistance;
        if (all.Length >= length) return all;
        // Two threads may both make it: the same values.
        all = new float[Math.Max(length, (int)RecencyUnit + 1)];
        for (int d = 0; d < all.Length; d++)
            all[d] = (float)Math.Exp(-recency * d / RecencyUnit);
        return ofDistance = all;
    }
}
