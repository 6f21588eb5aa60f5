using Gim.Text;

namespace Gim.Index.Query;

/// <summary>A piece of text, in or between matches.</summary>
public readonly record struct TextPiece(string Text, bool IsMatch);

/// <summary>
/// A stretch of tokens as text in three parts: before a match, the match, behind it. Tokens may cut a character in two.
/// Of characters cut at the stretch's ends nothing is shown; one cut at the match's ends belongs to the match. Only where
/// the match itself is cut at an end of the stretch, or the document holds what is no text, U+FFFD stands for it.
/// </summary>
public readonly record struct DocumentText(string Before, string Match, string After)
{
    private const char Replacement = '\ufffd';

    /// <summary>Of a character cut in two, at most so many bytes come behind its first.</summary>
    private const int MostContinuations = 3;

    /// <summary>All three parts.</summary>
    public override string ToString() => Before + Match + After;

    /// <summary>The text of a document's stretch.</summary>
    /// <exception cref="InputException">A token is not one of the tokenizer's.</exception>
    public static DocumentText Of(Tokenizer tokenizer, MatchDocument document)
        => Of(tokenizer, document.Tokens, document.NeedleOffset, document.NeedleLength, document.CutBefore, document.CutAfter);

    /// <summary>The text of tokens.</summary>
    /// <param name="tokenizer">What made them.</param>
    /// <param name="tokens">The stretch.</param>
    /// <param name="needle">Where in it the match begins.</param>
    /// <param name="needleLength">Tokens of the match.</param>
    /// <param name="cutBefore">Whether the document goes on before the stretch, so that its first character may be cut.</param>
    /// <param name="cutAfter">Whether it goes on behind.</param>
    public static DocumentText Of(Tokenizer tokenizer, ReadOnlySpan<int> tokens, int needle, int needleLength, bool cutBefore, bool cutAfter)
    {
        IReadOnlyList<TextPiece> pieces = Pieces(tokenizer, tokens, [(needle, needleLength)], cutBefore, cutAfter);
        return new DocumentText(pieces[0].Text, pieces[1].Text, pieces[2].Text);
    }

    /// <summary>
    /// The text of tokens with several matches: a piece before the first match, the match, what lies between it and the
    /// next, and so on, each possibly empty.
    /// </summary>
    /// <param name="tokenizer">What made the tokens.</param>
    /// <param name="tokens">The stretch.</param>
    /// <param name="matches">Start and length of each match, ascending by start; where they overlap, the later begins behind the earlier.</param>
    /// <param name="cutBefore">Whether the document goes on before the stretch.</param>
    /// <param name="cutAfter">Whether it goes on behind.</param>
    public static IReadOnlyList<TextPiece> Pieces(
        Tokenizer tokenizer, ReadOnlySpan<int> tokens, IReadOnlyList<(int Start, int Length)> matches, bool cutBefore, bool cutAfter)
    {
        string all = tokenizer.Decode(tokens);
        // What is left of a character that the stretch's beginning cuts.
        int rest = 0;
        while (cutBefore && rest < Math.Min(MostContinuations, all.Length) && all[rest] == Replacement)
            rest++;
        int[] bounds = new int[2 * matches.Count];
        int reached = 0;
        for (int i = 0; i < matches.Count; i++)
        {
            var (start, length) = matches[i];
            int begin = BoundaryBefore(tokenizer, tokens[..start], all);
            int end = length == 0 ? begin : BoundaryAfter(tokenizer, tokens[..(start + length)], all);
            // A match all inside a character that the stretch's end cuts is the rest of what stands for it.
            if (length > 0 && end == begin && begin > 0 && all[begin - 1] == Replacement)
                begin--;
            if (length > 0 && begin < rest)
                end = Math.Max(end, rest);
            bounds[2 * i] = reached = Math.Max(reached, begin);
            bounds[2 * i + 1] = reached = Math.Max(reached, end);
        }
        int firstMatch = all.Length, lastMatch = 0;
        for (int i = 0; i < bounds.Length; i += 2)
        {
            if (bounds[i] == bounds[i + 1])
                continue;
            firstMatch = Math.Min(firstMatch, bounds[i]);
            lastMatch = bounds[i + 1];
        }
        int first = Math.Min(rest, firstMatch), last = all.Length;
        if (cutAfter && last > Math.Max(lastMatch, first) && all[last - 1] == Replacement)
            last--;
        var pieces = new TextPiece[bounds.Length + 1];
        int from = first;
        for (int i = 0; i <= bounds.Length; i++)
        {
            int to = i == bounds.Length ? last : Math.Clamp(bounds[i], first, last);
            pieces[i] = new TextPiece(all[from..to], i % 2 == 1);
            from = to;
        }
        return pieces;
    }

    /// <inheritdoc cref="TokenTexts.Of(Tokenizer, int)"/>
    public static string OfToken(Tokenizer tokenizer, int token) => TokenTexts.Of(tokenizer, token);

    /// <summary>Where in the whole text the first character begins that is not complete within the first tokens.</summary>
    private static int BoundaryBefore(Tokenizer tokenizer, ReadOnlySpan<int> tokens, string all)
        => tokens.IsEmpty ? 0 : all.AsSpan().CommonPrefixLength(tokenizer.Decode(tokens));

    /// <summary>Where in the whole text the last character ends that has a part in the first tokens.</summary>
    private static int BoundaryAfter(Tokenizer tokenizer, ReadOnlySpan<int> tokens, string all)
    {
        string text = tokenizer.Decode(tokens);
        int common = all.AsSpan().CommonPrefixLength(text);
        if (common == text.Length || common == all.Length)
            return common;
        return common + (common + 1 < all.Length && char.IsSurrogatePair(all[common], all[common + 1]) ? 2 : 1);
    }
}
