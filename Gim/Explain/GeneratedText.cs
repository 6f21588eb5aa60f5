using Gim.Match;
using Gim.Predict;

namespace Gim.Explain;

/// <summary>A generated token with where it comes from.</summary>
/// <param name="Token">The token.</param>
/// <param name="Probability">What the model gave it.</param>
/// <param name="Source">What answered.</param>
/// <param name="EffectiveN">Tokens of the match.</param>
/// <param name="Places">Places that the prediction rests on.</param>
/// <param name="Quote">The strongest evidence for the token; its position is counted in the document, or from the text's beginning. Null where the match has no tokens.</param>
/// <param name="GoesOn">Whether it goes on with the passage of the token before.</param>
public sealed record GeneratedToken(int Token, double Probability, MatchSource Source, int EffectiveN, long Places, EvidenceQuote? Quote, bool GoesOn);

/// <summary>How much of a generated text was copied, and from where.</summary>
/// <param name="Tokens">Generated tokens.</param>
/// <param name="BySource">Of them, by what answered.</param>
/// <param name="Copied">Tokens in spans of at least <paramref name="Shortest"/>.</param>
/// <param name="Shortest">The shortest span that counts as a copy.</param>
/// <param name="Longest">The longest span; null where there is none.</param>
/// <param name="Documents">Different reference documents that such spans are from.</param>
/// <param name="ByDocument">Copied tokens by document, each counted for the longest span that holds it, the largest first; null stands for the text itself.</param>
public sealed record CopySummary(
    int Tokens,
    IReadOnlyDictionary<MatchSource, int> BySource,
    int Copied,
    int Shortest,
    CopiedSpan? Longest,
    int Documents,
    IReadOnlyList<(QuotedDocument? Document, int Tokens)> ByDocument)
{
    /// <summary>Two tokens in a row from one place are what any bigram does; from three on a passage is followed.</summary>
    public const int ShortestCopy = 3;

    /// <summary>Adds up a generated text.</summary>
    public static CopySummary Of(IReadOnlyList<GeneratedToken> tokens, IReadOnlyList<CopiedSpan> spans)
    {
        // Spans may overlap: a token belongs to the longest, of equal ones to the first.
        CopiedSpan[] copies = [.. spans.Where(span => span.Length >= ShortestCopy).OrderByDescending(span => span.Length)];
        var owners = new CopiedSpan?[tokens.Count];
        foreach (CopiedSpan span in copies)
        {
            for (int i = span.Start; i < Math.Min(span.Start + span.Length, owners.Length); i++)
                owners[i] ??= span;
        }
        (QuotedDocument? Document, int Tokens)[] byDocument =
        [
            .. owners
                .OfType<CopiedSpan>()
                .GroupBy(span => span.Document)
                .Select(group => (Document: group.Key, Tokens: group.Count()))
                .OrderByDescending(one => one.Tokens)
                .ThenBy(one => one.Document?.Name, StringComparer.Ordinal),
        ];
        return new CopySummary(
            tokens.Count,
            tokens.CountBy(token => token.Source).ToDictionary(),
            byDocument.Sum(one => one.Tokens),
            ShortestCopy,
            copies.FirstOrDefault(),
            byDocument.Count(one => one.Document is not null),
            byDocument);
    }
}

/// <summary>Writes on, token by token, and remembers where each one came from.</summary>
/// <param name="session">Holds the prompt, and grows; stays the caller's to dispose.</param>
/// <param name="model">The session's model.</param>
/// <param name="settings">How tokens are drawn.</param>
/// <param name="limits">How much is quoted of a token's place.</param>
public sealed class TextGenerator(GimSession session, GimModel model, SamplingSettings settings, QuoteLimits limits)
{
    private readonly Sampler sampler = new(settings);
    private readonly CopyTrace trace = new(model.References);

    /// <summary>Passages that were followed, in order.</summary>
    public IReadOnlyList<CopiedSpan> Spans => trace.Spans;

    /// <summary>The next token, which is then part of the text; null where nothing is known to go on with.</summary>
    public GeneratedToken? Next()
    {
        NextTokens prediction = session.PredictNext();
        if (sampler.Next(prediction) is not { } token)
            return null;
        // Quotes of the context name positions in it; the trace counts from the text's beginning.
        int before = session.Tokens.Length - session.Context.Length;
        bool isNowhere = prediction.Source == MatchSource.Corpus && prediction.EffectiveN == 0;
        EvidenceQuote? quote = !isNowhere && session.Quotes(prediction, token, limits with { Quotes = 1 }) is [var first, ..] ? first : null;
        if (quote is { Document: null })
            quote = quote with { Position = quote.Position + before };
        bool goesOn = trace.Add(token, session.Tokens.Span, quote);
        session.Append([token]);
        return new GeneratedToken(token, prediction.ProbabilityOf(token), prediction.Source, prediction.EffectiveN, prediction.Count, quote, goesOn);
    }
}
