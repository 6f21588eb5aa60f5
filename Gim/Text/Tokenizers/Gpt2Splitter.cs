namespace Gim.Text.Tokenizers;

/// <summary>
/// GPT-2's pieces (Radford et al. 2019, released encoder): contractions, words, numbers and other runs with at most one
/// leading space, and white space. A scanner and not a <c>Regex</c>: .NET's works on UTF-16 units and would take letters
/// beyond the basic plane for punctuation, and the scanner is several times faster.
/// </summary>
internal sealed class Gpt2Splitter : PieceSplitter
{
    public const string DefiningPattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private Gpt2Splitter() { }

    public static Gpt2Splitter Instance { get; } = new();

    public override string Pattern => DefiningPattern;

    public override bool Next(ref PieceCursor cursor)
    {
        string text = cursor.Text;
        int start = cursor.Start = cursor.End;
        if (start >= text.Length) return false;
        cursor.End = EndOfPiece(text, start);
        return true;
    }

    private static int EndOfPiece(string text, int start)
    {
        char first = text[start];
        if (first == '\'')
        {
            int contraction = ContractionLength(text, start + 1);
            if (contraction > 0) return start + 1 + contraction;
        }

        // " ?" of the three run alternatives: one space joins the run after it, when there is one.
        int body = first == ' ' && start + 1 < text.Length ? start + 1 : start;
        CharClass kind = CharClasses.At(text, body, out int width);
        if (kind != CharClass.Space) return CharClasses.EndOfRun(text, body + width, SetOf(kind));

        // "\s+(?!\S)|\s+": before something visible the last space is left for it, unless it is the only one.
        // All white space is one char wide.
        int end = CharClasses.EndOfRun(text, start, CharClass.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    /// <summary>The pattern's class that holds <paramref name="kind"/>.</summary>
    private static CharClass SetOf(CharClass kind) =>
        (kind & CharClass.Letter) != 0 ? CharClass.Letter : (kind & CharClass.Other) != 0 ? CharClass.Other : kind;

    /// <summary>Length of s, t, re, ve, m, ll or d at <paramref name="index"/>, or 0.</summary>
    private static int ContractionLength(string text, int index)
    {
        if (index >= text.Length) return 0;
        char second = index + 1 < text.Length ? text[index + 1] : '\0';
        return text[index] switch
        {
            's' or 't' or 'm' or 'd' => 1,
            'r' or 'v' when second == 'e' => 2,
            'l' when second == 'l' => 2,
            _ => 0,
        };
    }
}
