using Gim.Match;

namespace Gim.Predict;

/// <summary>What one of GIM's parts answers to a context, whether or not its answer is the one taken.</summary>
/// <param name="Source">Which part.</param>
/// <param name="EffectiveN">Tokens of its match; 0 for the fuzzy head, which has none.</param>
/// <param name="Places">How many places its answer rests on.</param>
/// <param name="Token">Its most likely token; null where it found nothing. (The ∞-gram without a match has how often each token occurs.)</param>
/// <param name="Probability">That token's probability; null with it.</param>
/// <param name="Confidence">How often answers of this kind were right on held-out text; null for the published rule, which does not ask, and for an answer without a match.</param>
public sealed record SourceAnswer(MatchSource Source, int EffectiveN, long Places, int? Token, double? Probability, double? Confidence)
{
    /// <summary>Of a part's distribution.</summary>
    internal static SourceAnswer Of(NextTokens answer, double? confidence)
    {
        int? token = answer.Tokens.IsEmpty ? null : answer.Best;
        return new SourceAnswer(answer.Source, answer.EffectiveN, answer.Count, token, token is { } best ? answer.ProbabilityOf(best) : null, confidence);
    }
}

/// <summary>GIM under one of its rules: a predictor that can also say what each of its parts answers.</summary>
public interface IGimPredictor : IFuzzyPredictor
{
    /// <summary>τ of the published rule; null for the rule by confidence.</summary>
    int? Threshold { get; }

    /// <summary>The answers of the ∞-gram, exact and fuzzy induction, from which the rule chooses.</summary>
    /// <param name="context">[n]</param>
    /// <param name="weights">[n - 1], as for <see cref="IFuzzyPredictor.Predict"/>.</param>
    /// <param name="match">Scratch of the calling thread.</param>
    IReadOnlyList<SourceAnswer> Ask(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match);
}
