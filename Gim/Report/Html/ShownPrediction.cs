using System.Globalization;
using Gim.Explain;
using Gim.Match;
using Gim.Predict;
using Gim.Text;

namespace Gim.Report.Html;

/// <summary>A predicted token and its evidence as a page shows them; all texts are visible ones and none is long.</summary>
/// <param name="Target">The token that came.</param>
/// <param name="Right">Whether it was predicted.</param>
/// <param name="TargetProbability">What it was given.</param>
/// <param name="Source">Who answered.</param>
/// <param name="Why">That in a sentence, with what the answer rests on.</param>
/// <param name="Top">The likeliest tokens.</param>
/// <param name="Others">How many other tokens have a probability.</param>
/// <param name="OthersProbability">Of all of them together.</param>
/// <param name="Answers">What each part of GIM answered; empty for other models.</param>
/// <param name="Threshold">τ of the published rule; null for the other one and other models.</param>
/// <param name="Quotes">Places of the evidence.</param>
/// <param name="NotShown">Places that are not quoted.</param>
/// <param name="Before">The end of the context.</param>
/// <param name="Asked">For fuzzy induction the context's last tokens, to be compared with those of each place.</param>
internal sealed record ShownPrediction(
    int Target,
    bool Right,
    double TargetProbability,
    MatchSource Source,
    string Why,
    IReadOnlyList<(int Token, double Probability)> Top,
    int Others,
    double OthersProbability,
    IReadOnlyList<SourceAnswer> Answers,
    int? Threshold,
    IReadOnlyList<ShownQuote> Quotes,
    long NotShown,
    string Before,
    string Asked)
{
    private const int MostTop = 5, BeforeTokens = 24, LongestBefore = 160;

    public bool IsFuzzy => Source == MatchSource.Similarity;

    public static ShownPrediction Of(Tokenizer tokenizer, Explanation explanation, int target, QuoteLimits limits)
    {
        NextTokens prediction = explanation.Prediction;
        (int Token, double Probability)[] top = prediction.Top(MostTop);
        ReadOnlySpan<int> context = explanation.Context.Span;
        int length = context.Length;
        return new ShownPrediction(
            target,
            prediction.RankOf(target) == 0,
            prediction.ProbabilityOf(target),
            explanation.Source,
            ExplanationText.Why(explanation),
            top,
            prediction.Tokens.Length - top.Length,
            Math.Max(0, 1 - top.Sum(one => one.Probability)),
            explanation.Answers,
            explanation.Threshold,
            [.. explanation.Quotes.Select(quote => ShownQuote.Of(tokenizer, quote, length))],
            explanation.NotShown,
            VisibleText.End(End(tokenizer, context, BeforeTokens), LongestBefore),
            explanation.Source == MatchSource.Similarity ? VisibleText.End(End(tokenizer, context, limits.Alike), ShownQuote.Longest) : "");
    }

    /// <summary>The last tokens of a context as text; nothing of a character that its beginning cuts.</summary>
    private static string End(Tokenizer tokenizer, ReadOnlySpan<int> context, int tokens)
    {
        string text = string.Concat(TokenTexts.Of(tokenizer, context[^Math.Min(context.Length, tokens)..]));
        return context.Length > tokens ? text.TrimStart('\ufffd') : text;
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}

/// <summary>A place of the evidence as a page shows it.</summary>
/// <param name="Document">Its document; null for a place in the context itself.</param>
/// <param name="Where">Where it stands there, and what it is worth.</param>
internal sealed record ShownQuote(string? Document, string Where, string Before, string Match, string Next, string After)
{
    /// <summary>Characters of a part of a quote at most.</summary>
    public const int Longest = 240;

    public static ShownQuote Of(Tokenizer tokenizer, EvidenceQuote quote, int context)
    {
        QuotedText text = QuotedText.Of(tokenizer, quote);
        long back = context - quote.Position;
        string place = quote.Document is null
            ? $"{back:N0} {(back == 1 ? "token" : "tokens")} back in the context"
            : $"token {quote.Position:N0}";
        string equal = quote.Source == MatchSource.Similarity && quote.EqualTokens > 0
            ? $", the last {(quote.EqualTokens == 1 ? "token" : $"{quote.EqualTokens:N0} tokens")} the same"
            : "";
        return new ShownQuote(
            quote.Document is { } document ? VisibleText.Start(document.Name, Longest) : null,
            $"{place}, {ShownPrediction.Percent(quote.Share)} of the answer{equal}",
            // Windows stand side by side, and what is before them would only shift them.
            quote.Source == MatchSource.Similarity ? "" : VisibleText.End(text.Before, Longest),
            VisibleText.End(text.Match, Longest), VisibleText.Start(text.Next, Longest), VisibleText.Start(text.After, Longest));
    }
}

/// <summary>Visible texts of single tokens, each made once.</summary>
internal sealed class TokenLabels(Tokenizer tokenizer)
{
    /// <summary>Characters of a token that are shown at most.</summary>
    public const int Longest = 60;

    private readonly Dictionary<int, string> texts = [];

    /// <summary>The whole text.</summary>
    public string Whole(int token)
    {
        if (!texts.TryGetValue(token, out string? text))
            texts[token] = text = VisibleText.Of(TokenTexts.Of(tokenizer, token));
        return text;
    }

    /// <summary>As much of it as is shown.</summary>
    public string Of(int token) => Shorten(Whole(token));

    /// <summary>As much of a visible text as is shown.</summary>
    public static string Shorten(string visible) => visible.Length <= Longest ? visible : VisibleText.Start(visible, Longest);
}
