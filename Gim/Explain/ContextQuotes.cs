using Gim.Match;
using Gim.Predict;

namespace Gim.Explain;

/// <summary>Quotes from the context itself: for exact and fuzzy induction.</summary>
internal static class ContextQuotes
{
    /// <summary>Places of an exact match, of each token the latest ones.</summary>
    public static IReadOnlyList<EvidenceQuote> Of(
        MatchResult match, NextTokens prediction, ReadOnlySpan<int> context, QuoteLimits limits, IReadOnlyList<(int Token, int Quotes)> shares)
    {
        var quotes = new List<EvidenceQuote>();
        foreach (var (token, count) in shares)
        {
            int wanted = count;
            for (int i = match.InContext.Count - 1; i >= 0 && wanted > 0; i--)
            {
                int position = match.InContext[i];
                if (context[position] != token)
                    continue;
                quotes.Add(Quote(MatchSource.Context, context, position, match.Length, 1.0 / prediction.Count, limits));
                wanted--;
            }
        }
        return quotes;
    }

    /// <summary>The strongest votes of a match by similarity, all or those for one token.</summary>
    public static IReadOnlyList<EvidenceQuote> Strongest(MatchResult match, ReadOnlyMemory<int> context, QuoteLimits limits, int? token)
    {
        double total = 0;
        foreach (float weight in match.Weights)
            total += weight;
        var quotes = new List<EvidenceQuote>();
        foreach (WeighedEvidence vote in Evidence.Strongest(match, context, limits.Quotes, token))
        {
            // Votes of weight 0 are none.
            if (vote.Weight > 0)
                quotes.Add(Quote(MatchSource.Similarity, context.Span, vote.Position, Math.Min(vote.Position, limits.Alike), vote.Weight / total, limits));
        }
        return quotes;
    }

    private static EvidenceQuote Quote(MatchSource source, ReadOnlySpan<int> context, int position, int length, double share, QuoteLimits limits)
    {
        int start = position - length, from = Math.Max(0, start - limits.Before), end = Math.Min(context.Length, position + 1 + limits.After);
        return new EvidenceQuote(
            source, null, position, context[from..start].ToArray(), context[start..position].ToArray(), context[position], context[(position + 1)..end].ToArray(), share,
            EqualTokens(context, position));
    }

    private static int EqualTokens(ReadOnlySpan<int> context, int position)
    {
        int length = 0;
        while (length < position && context[position - 1 - length] == context[^(1 + length)])
            length++;
        return length;
    }
}
