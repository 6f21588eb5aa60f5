using Gim.Match;
using Gim.Predict;

namespace Gim.Evaluate;

/// <summary>What each source would have answered to one example.</summary>
/// <param name="CorpusLength">Effective n of the ∞-gram.</param>
/// <param name="ContextLength">Effective n of exact induction.</param>
/// <param name="CorpusKind">What was known of the answer; null where there was none, as for the others.</param>
internal readonly record struct SourceAnswers(
    int CorpusLength, int ContextLength, PredictionScore Corpus, PredictionScore Context, PredictionScore Similarity,
    AnswerKind? CorpusKind = null, AnswerKind? ContextKind = null, AnswerKind? SimilarityKind = null)
{
    public static SourceAnswers Of(NextTokens corpus, NextTokens context, NextTokens similarity, int target)
    {
        PredictionScore Score(NextTokens prediction) => PredictionScore.Of("", 0, default, target, prediction);
        var (first, second, third) = AnswerKind.Of(corpus, context, similarity);
        return new SourceAnswers(corpus.EffectiveN, context.EffectiveN, Score(corpus), Score(context), Score(similarity), first, second, third);
    }

    /// <summary>The answer of a source.</summary>
    public PredictionScore From(MatchSource source) => source switch
    {
        MatchSource.Corpus => Corpus,
        MatchSource.Context => Context,
        _ => Similarity,
    };

    /// <summary>Counts the answers that there are.</summary>
    public void AddTo(ConfidenceTable table)
    {
        foreach (var (kind, score) in (ReadOnlySpan<(AnswerKind?, PredictionScore)>)[(CorpusKind, Corpus), (ContextKind, Context), (SimilarityKind, Similarity)])
        {
            if (kind is { } known) table.Add(known, score.Recall1 ? 1 : 0, 1);
        }
    }
}
