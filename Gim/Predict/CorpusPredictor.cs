using Gim.Match;

namespace Gim.Predict;

/// <summary>The ∞-gram as a predictor: what followed the longest suffix that the reference corpora hold.</summary>
public sealed class CorpusPredictor(string name, CorpusMatch corpus, int vocabularySize) : INextTokenPredictor
{
    public string Name => name;

    public NextTokens Predict(ReadOnlySpan<int> context, MatchResult match)
    {
        corpus.Find(context, match);
        return NextTokens.FromCounts(match, vocabularySize);
    }
}
