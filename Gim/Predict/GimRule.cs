using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// GIM's choice of who answers (method section 1): with n∞ the ∞-gram's effective n, n the exact induction head's, and τ
/// the threshold: where the larger of them reaches τ, exact induction if n is at least n∞, else the ∞-gram; otherwise
/// fuzzy induction. A match of no tokens is none, also at τ = 0.
/// </summary>
public static class GimRule
{
    public static MatchSource Choose(int corpusLength, int contextLength, int threshold)
        => Math.Max(corpusLength, contextLength) < Math.Max(1, threshold) ? MatchSource.Similarity
            : contextLength >= corpusLength ? MatchSource.Context
            : MatchSource.Corpus;
}
