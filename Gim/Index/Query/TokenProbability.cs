namespace Gim.Index.Query;

/// <summary>How often a prompt occurs, and how often a given token follows it.</summary>
/// <param name="PromptCount">Occurrences of the prompt.</param>
/// <param name="ContinuationCount">How many of them the token follows.</param>
public readonly record struct TokenProbability(long PromptCount, long ContinuationCount)
{
    /// <summary>Whether the prompt occurs at all; where it does not, nothing can be said about what follows.</summary>
    public bool HasMatch => PromptCount > 0;

    /// <summary>The share of occurrences that the token follows, in [0, 1]; null where the prompt does not occur.</summary>
    public double? Probability => HasMatch ? (double)ContinuationCount / PromptCount : null;
}

/// <summary>What follows a prompt.</summary>
/// <param name="PromptCount">Occurrences of the prompt, always the true number.</param>
/// <param name="Counts">Tokens that follow, ascending by id; their counts add up to <paramref name="PromptCount"/>.</param>
/// <param name="Approximate">Whether the counts were sampled.</param>
public sealed record NextTokenDistribution(long PromptCount, TokenCounts Counts, bool Approximate)
{
    /// <summary>The probability of entry <paramref name="index"/> of <see cref="Counts"/>.</summary>
    public double Probability(int index) => (double)Counts.Counts[index] / PromptCount;
}
