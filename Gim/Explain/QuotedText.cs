using Gim.Index.Query;
using Gim.Text;

namespace Gim.Explain;

/// <summary>A quote as text: what stands before the match, the match, the token that followed, and what stands behind. Nothing is cut inside a character.</summary>
public sealed record QuotedText(string Before, string Match, string Next, string After)
{
    /// <summary>The text of a quote.</summary>
    public static QuotedText Of(Tokenizer tokenizer, EvidenceQuote quote)
    {
        int[] tokens = [.. quote.Before, .. quote.Match, quote.NextToken, .. quote.After];
        int start = quote.Before.Count, next = start + quote.Match.Count;
        IReadOnlyList<TextPiece> pieces = DocumentText.Pieces(tokenizer, tokens, [(start, quote.Match.Count), (next, 1)], cutBefore: true, cutAfter: true);
        // A token that only completes a character of the match has nothing of its own to show.
        return new QuotedText(pieces[0].Text, pieces[1].Text, pieces[3].Text.Length > 0 ? pieces[3].Text : TokenTexts.Of(tokenizer, quote.NextToken), pieces[4].Text);
    }
}
