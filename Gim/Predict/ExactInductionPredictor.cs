using Gim.Match;

namespace Gim.Predict;

/// <summary>The exact induction head as a predictor: what followed the longest suffix that the context itself repeats.</summary>
public sealed class ExactInductionPredictor(string name, int vocabularySize) : INextTokenPredictor
{
    public string Name => name;

    public NextTokens Predict(ReadOnlySpan<int> context, MatchResult match)
    {
        ExactMatch.Find(context, match);
        return NextTokens.FromCounts(match, vocabularySize);
    }
}
