using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// The generalized induction-head model with another rule than the published one: all three parts answer, and the answer
/// counts that is most likely right, by how often answers of its kind were right on held-out text. As with the published
/// rule one part speaks, <see cref="NextTokens.Source"/> says which, and its places are the evidence.
/// </summary>
/// <param name="name">Its name in configs and tables.</param>
/// <param name="corpus">The ∞-gram.</param>
/// <param name="fuzzy">The fuzzy head.</param>
/// <param name="confidence">How often answers of each kind were right.</param>
/// <param name="vocabularySize">V.</param>
/// <param name="counted">Tokens of the contexts on which they were counted; 0: the same as here.</param>
public sealed class ConfidentGimPredictor(
    string name, CorpusMatch corpus, FuzzyMatch fuzzy, ConfidenceTable confidence, int vocabularySize, int counted = 0) : IGimPredictor
{
    public string Name => name;

    /// <inheritdoc/>
    public int? Threshold => null;

    public NextTokens Predict(ReadOnlySpan<int> context, MatchResult match)
    {
        float[] weights = new float[Math.Max(0, context.Length - 1)];
        if (weights.Length > 0) fuzzy.Weigh(context, 1, context.Length, 1, weights);
        return Predict(context, weights, match);
    }

    public NextTokens Predict(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match)
    {
        var (ofCorpus, ofContext, ofSimilarity) = Parts(context, weights, match);
        var (first, second, third) = AnswerKind.Of(ofCorpus, ofContext, ofSimilarity, counted - 1);
        switch (confidence.Choose(first, second, third))
        {
            // The match is found again rather than kept: it goes with the answer, and two of three would be thrown away.
            case MatchSource.Corpus:
                corpus.Find(context, match);
                return ofCorpus;
            case MatchSource.Context:
                ExactMatch.Find(context, match);
                return ofContext;
            default:
                return ofSimilarity;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SourceAnswer> Ask(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match)
    {
        var (ofCorpus, ofContext, ofSimilarity) = Parts(context, weights, match);
        var (first, second, third) = AnswerKind.Of(ofCorpus, ofContext, ofSimilarity, counted - 1);
        return
        [
            SourceAnswer.Of(ofCorpus, first is { } corpusKind ? confidence.Of(corpusKind) : null),
            SourceAnswer.Of(ofContext, second is { } contextKind ? confidence.Of(contextKind) : null),
            SourceAnswer.Of(ofSimilarity, third is { } similarityKind ? confidence.Of(similarityKind) : null),
        ];
    }

    /// <summary>What each part answers; afterwards <paramref name="match"/> holds that of the fuzzy head.</summary>
    private (NextTokens OfCorpus, NextTokens OfContext, NextTokens OfSimilarity) Parts(ReadOnlySpan<int> context, ReadOnlySpan<float> weights, MatchResult match)
    {
        corpus.Find(context, match);
        NextTokens ofCorpus = NextTokens.FromCounts(match, vocabularySize);
        ExactMatch.Find(context, match);
        NextTokens ofContext = NextTokens.FromCounts(match, vocabularySize);
        FuzzyMatch.Fill(weights, match);
        return (ofCorpus, ofContext, NextTokens.FromWeights(match, context, vocabularySize));
    }
}
