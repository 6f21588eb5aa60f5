using Gim.Index.Query;
using Gim.Text;
using Spectre.Console;

namespace Gim.Report;

/// <summary>
/// Tokens and documents as a person reads them in a terminal: nothing that steers the terminal gets through, and a
/// match is bold and coloured, or in brackets where there is no terminal.
/// </summary>
/// <param name="tokenizer">What made the tokens; null shows their ids.</param>
internal sealed class QueryText(Tokenizer? tokenizer)
{
    // Of a whole file as query a beginning is enough to know it by.
    private const int LongestShown = 200;

    private static readonly Style MatchStyle = new(Color.Green, decoration: Decoration.Bold);

    /// <summary>A query or a token in quotes, since it may begin or end with spaces.</summary>
    public string Quoted(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length == 1)
            return Token(tokens[0]);
        if (tokenizer is null)
            return $"[{Ids(tokens)}]";
        // A query of ids may hold some that have no text, a separator for one.
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)tokenizer.VocabularySize)
                return $"[{Ids(tokens)}]";
        }
        return $"'{ShownText.Line(tokenizer.Decode(tokens), LongestShown)}'";
    }

    /// <summary>One token: its text in quotes, or its id where it has none.</summary>
    public string Token(int token) => KnownText(token) is { } text ? $"'{ShownText.Line(text)}'" : $"{(uint)token}";

    /// <summary>A token's text, null without a tokenizer or where it has none.</summary>
    public string? KnownText(int token)
        => tokenizer is not null && (uint)token < (uint)tokenizer.VocabularySize ? DocumentText.OfToken(tokenizer, token) : null;

    /// <summary>The text of a stretch in pieces, matches in turn with what lies around them; ids without a tokenizer.</summary>
    /// <param name="document">The stretch.</param>
    /// <param name="matches">Matches in its tokens, ascending.</param>
    public IReadOnlyList<TextPiece> Pieces(MatchDocument document, IReadOnlyList<(int Start, int Length)> matches)
    {
        if (tokenizer is not null)
            return DocumentText.Pieces(tokenizer, document.Tokens, matches, document.CutBefore, document.CutAfter);
        var pieces = new List<TextPiece>();
        int from = 0;
        foreach (var (start, length) in matches)
        {
            int begin = Math.Max(from, start), end = Math.Max(begin, start + length);
            string between = begin > from ? $"{(from > 0 ? " " : "")}{Ids(document.Tokens.AsSpan(from..begin))} " : from > 0 && end > begin ? " " : "";
            pieces.Add(new TextPiece(between, IsMatch: false));
            pieces.Add(new TextPiece(Ids(document.Tokens.AsSpan(begin..end)), IsMatch: true));
            from = end;
        }
        pieces.Add(new TextPiece((from > 0 && from < document.Tokens.Length ? " " : "") + Ids(document.Tokens.AsSpan(from)), IsMatch: false));
        return pieces;
    }

    /// <summary>Writes a document: a line that says where it is, and its text with the matches marked.</summary>
    public void Write(IAnsiConsole console, MatchDocument document, IReadOnlyList<(int Start, int Length)> matches)
    {
        string name = Name(document.Metadata) is { } known ? $", {known}" : "";
        console.Write(new Spectre.Console.Text($"document {document.Number:N0}{name}, token {document.Start + document.NeedleOffset:N0} of {document.Length:N0}\n", new Style(Color.Grey)));
        var text = new Paragraph(document.CutBefore ? "  ... " : "  ");
        bool styled = console.Profile.Capabilities.Ansi;
        foreach (TextPiece piece in Pieces(document, matches))
        {
            string shown = ShownText.Line(piece.Text);
            if (piece.IsMatch && shown.Length > 0)
                text.Append(styled ? shown : $"[{shown}]", styled ? MatchStyle : Style.Plain);
            else
                text.Append(shown);
        }
        text.Append(document.CutAfter ? " ..." : "");
        console.Write(text);
        console.WriteLine();
    }

    /// <summary>The document's name; metadata of other builders as they are.</summary>
    private static string? Name(string metadata)
        => DocumentName.Of(metadata) is { } name ? ShownText.Line(name)
            : string.IsNullOrWhiteSpace(metadata) ? null
            : ShownText.Line(metadata.TrimEnd(), 100);

    private static string Ids(ReadOnlySpan<int> tokens)
    {
        string[] ids = new string[tokens.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = $"{(uint)tokens[i]}";
        return string.Join(' ', ids);
    }
}
