using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// The generalized induction-head model: one of its three parts answers, and <see cref="NextTokens.Source"/> says which.
/// </summary>
/// <param name="threshold">τ: shorter matches leave the answer to the fuzzy head; at 0 it never answers.</param>
public sealed class GimPredictor(string name, CorpusMatch corpus, FuzzyMatch fuzzy, int threshold, int vocabularySize) : IGimPredictor
{
    public string Name => name;

    /// <inheritdoc/>
    public int? Threshold => threshold;

    public NextTokens Predict(ReadOnlySpan<int> context, MatchResult match)
    {
        MatchSource source = Match(context, match);
        if (source != MatchSource.Similarity)
            return NextTokens.FromCounts(match, vocabularySize);
        fuzzy.Find(context, match);
        return NextTokens.FromWeights(match, context, vocabularySize);
    }

    public NextTokens Predict(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match)
    {
        MatchSource source = Match(context, match);
        if (source != MatchSource.Similarity)
            return NextTokens.FromCounts(match, vocabularySize);
        FuzzyMatch.Fill(weights, match);
        return NextTokens.FromWeights(match, context, vocabularySize);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SourceAnswer> Ask(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match)
    {
        corpus.Find(context, match);
        SourceAnswer ofCorpus = SourceAnswer.Of(NextTokens.FromCounts(match, vocabularySize), null);
        ExactMatch.Find(context, match);
        SourceAnswer ofContext = SourceAnswer.Of(NextTokens.FromCounts(match, vocabularySize), null);
        FuzzyMatch.Fill(weights, match);
        return [ofCorpus, ofContext, SourceAnswer.Of(NextTokens.FromWeights(match, context, vocabularySize), null)];
    }

    /// <summary>Applies the rule; where a match answers, <paramref name="match"/> holds it.</summary>
    private MatchSource Match(ReadOnlySpan<int> context, MatchResult match)
    {
        ExactMatch.Find(context, match);
        int inContext = match.Length;
        corpus.Find(context, match);
        MatchSource source = GimRule.Choose(match.Length, inContext, threshold);
        // The exact match is found again rather than kept: that takes a fraction of a microsecond.
        if (source == MatchSource.Context)
            ExactMatch.Find(context, match);
        return source;
    }
}
