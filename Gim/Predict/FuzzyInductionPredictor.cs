using Gim.Match;

namespace Gim.Predict;

/// <summary>The fuzzy induction head as a predictor: what followed contexts that are like this one, each by how alike it is.</summary>
public sealed class FuzzyInductionPredictor(string name, FuzzyMatch fuzzy, int vocabularySize) : IFuzzyPredictor
{
    public string Name => name;

    public NextTokens Predict(ReadOnlySpan<int> context, MatchResult match)
    {
        fuzzy.Find(context, match);
        return NextTokens.FromWeights(match, context, vocabularySize);
    }

    public NextTokens Predict(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match)
    {
        FuzzyMatch.Fill(weights, match);
        return NextTokens.FromWeights(match, context, vocabularySize);
    }
}
