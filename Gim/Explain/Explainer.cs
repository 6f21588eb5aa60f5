using Gim.Index;
using Gim.Match;
using Gim.Predict;

namespace Gim.Explain;

/// <summary>
/// Asks a predictor and shows what its answer rests on. Places are quoted for the likeliest tokens, for each as many as its
/// probability is worth. Safe to use from several threads, each with a <see cref="MatchResult"/> of its own.
/// </summary>
/// <param name="predictor">Who predicts.</param>
/// <param name="references">Its reference corpora; they stay the caller's to dispose.</param>
/// <param name="fuzzy">The fuzzy head, for predictors that need it.</param>
public sealed class Explainer(INextTokenPredictor predictor, IReadOnlyList<CorpusIndex> references, FuzzyMatch? fuzzy)
{
    /// <summary>Predicts the token after a context and shows why.</summary>
    /// <param name="context">[n] tokens, oldest first.</param>
    /// <param name="limits">How much to show.</param>
    /// <param name="match">Scratch of the calling thread; afterwards it holds the whole evidence.</param>
    public Explanation Explain(ReadOnlyMemory<int> context, QuoteLimits limits, MatchResult match)
    {
        float[] weights = predictor is IFuzzyPredictor ? new float[Math.Max(0, context.Length - 1)] : [];
        if (weights.Length > 0)
            fuzzy!.Weigh(context.Span, 1, context.Length, 1, weights);
        return Explain(context, weights, limits, match);
    }

    /// <summary>As <see cref="Explain(ReadOnlyMemory{int}, QuoteLimits, MatchResult)"/>, with the fuzzy head's weights [n - 1] made beforehand.</summary>
    public Explanation Explain(ReadOnlyMemory<int> context, ReadOnlySpan<float> weights, QuoteLimits limits, MatchResult match)
    {
        var gim = predictor as IGimPredictor;
        IReadOnlyList<SourceAnswer> answers = gim?.Ask(context.Span, weights, match) ?? [];
        NextTokens prediction = predictor is IFuzzyPredictor alike ? alike.Predict(context.Span, weights, match) : predictor.Predict(context.Span, match);
        return new Explanation(
            predictor.Name, context, prediction, gim?.Threshold, answers, Quotes(prediction, match, context, limits), prediction.Count);
    }

    /// <summary>Places that a prediction rests on, the most telling first.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="match">What it was made from, as the predictor left it.</param>
    /// <param name="context">What was asked.</param>
    /// <param name="limits">How much to show.</param>
    /// <param name="token">Only places that this token followed; null for all.</param>
    public IReadOnlyList<EvidenceQuote> Quotes(NextTokens prediction, MatchResult match, ReadOnlyMemory<int> context, QuoteLimits limits, int? token = null)
    {
        IReadOnlyList<(int Token, int Quotes)> shares = token is { } only ? [(only, limits.Quotes)] : [.. Shares(prediction, limits.Quotes)];
        return prediction.Source switch
        {
            MatchSource.Corpus => new CorpusQuotes(references, limits).Of(match, prediction, context.Span, shares),
            MatchSource.Context => ContextQuotes.Of(match, prediction, context.Span, limits, shares),
            _ => ContextQuotes.Strongest(match, context, limits, token),
        };
    }

    /// <summary>
    /// How many of <paramref name="count"/> quotes each of the likeliest tokens gets: by their probabilities, at least one for
    /// the likeliest, and none more than it has places.
    /// </summary>
    internal static IEnumerable<(int Token, int Quotes)> Shares(NextTokens prediction, int count)
    {
        int left = count;
        foreach (var (token, probability) in prediction.Top(count))
        {
            if (left <= 0)
                yield break;
            long places = Math.Max(1, (long)Math.Round(probability * prediction.Count));
            int quotes = (int)Math.Min(Math.Min(left, places), Math.Max(1, (long)Math.Round(probability * count)));
            yield return (token, quotes);
            left -= quotes;
        }
    }
}
