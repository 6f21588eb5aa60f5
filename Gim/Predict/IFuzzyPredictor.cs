using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// A predictor that may answer with the fuzzy head. Devices weigh many contexts at once far faster than one by one, so
/// the weights can be made beforehand and handed over.
/// </summary>
public interface IFuzzyPredictor : INextTokenPredictor
{
    /// <summary>As <see cref="INextTokenPredictor.Predict"/>, with the weights that <see cref="FuzzyMatch.Weigh"/> gave for the context.</summary>
    /// <param name="context">[n]</param>
    /// <param name="weights">[n - 1], of the positions of the context but its last.</param>
    NextTokens Predict(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match);
}
