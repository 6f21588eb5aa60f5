using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// What is known of a source's answer before it is known whether it is right, in classes that are few enough to count how
/// often answers of each were.
/// </summary>
/// <param name="Source">Who answers.</param>
/// <param name="Probability">Class of the probability that the answer has among the source's own: 0 to <see cref="ProbabilityClasses"/> - 1.</param>
/// <param name="EffectiveN">Tokens of the match, 9 for 9 and more; 0 for the fuzzy head.</param>
/// <param name="Places">Class of the number of places: 0 for one, 1 from 2, 2 from 10, 3 from 100; 0 for the fuzzy head, which has always the same.</param>
/// <param name="Agreeing">How many of the other two answer the same.</param>
public readonly record struct AnswerKind(MatchSource Source, int Probability, int EffectiveN, int Places, int Agreeing)
{
    public const int ProbabilityClasses = 13, EffectiveNClasses = 10, PlacesClasses = 4, AgreeingClasses = 3;

    private static readonly double[] Edges = [0.02, 0.04, 0.06, 0.08, 0.1, 0.14, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9];

    /// <summary>The kinds of three answers; null for a source that has none: a match of no tokens, or no vote.</summary>
    /// <param name="corpus">What the ∞-gram answers.</param>
    /// <param name="context">What exact induction answers.</param>
    /// <param name="similarity">What fuzzy induction answers.</param>
    /// <param name="votes">
    /// How many positions voted where the kinds were counted; 0: as many as here. With fewer votes the same probability means
    /// less, since a share of six votes is soon large: those for other tokens, and one more that did not come, are taken as if they were
    /// as many as there.
    /// </param>
    public static (AnswerKind? Corpus, AnswerKind? Context, AnswerKind? Similarity) Of(NextTokens corpus, NextTokens context, NextTokens similarity, int votes = 0)
    {
        int? ofCorpus = corpus.EffectiveN > 0 ? corpus.Best : null, ofContext = context.EffectiveN > 0 ? context.Best : null;
        int? ofSimilarity = similarity.Tokens.IsEmpty ? null : similarity.Best;
        return (Of(corpus, ofCorpus, ofContext, ofSimilarity, 0), Of(context, ofContext, ofCorpus, ofSimilarity, 0), Of(similarity, ofSimilarity, ofCorpus, ofContext, votes));
    }

    private static AnswerKind? Of(NextTokens answer, int? token, int? second, int? third, int votes)
    {
        if (token is not { } best) return null;
        double probability = answer.ProbabilityOf(best);
        if (votes > answer.Count)
            probability /= probability + (1 - probability + 1.0 / (answer.Count + 1)) * votes / answer.Count;
        int probabilityClass = 0;
        while (probabilityClass < Edges.Length && probability > Edges[probabilityClass])
            probabilityClass++;
        int agreeing = (second == best ? 1 : 0) + (third == best ? 1 : 0);
        bool fuzzy = answer.Source == MatchSource.Similarity;
        int places = fuzzy ? 0 : answer.Count switch { >= 100 => 3, >= 10 => 2, >= 2 => 1, _ => 0 };
        return new AnswerKind(answer.Source, probabilityClass, fuzzy ? 0 : Math.Min(answer.EffectiveN, EffectiveNClasses - 1), places, agreeing);
    }
}
