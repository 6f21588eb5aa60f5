namespace Gim.Text.Tokenizers;

/// <summary>
/// The pieces of cl100k_base and o200k_base, as their patterns were published: words with at most one leading character
/// that is no line break, letter or digit; numbers of up to three digits; other runs; white space, line breaks apart.
/// Later releases of their library take white space at the very end of a text as one piece even where it holds a line
/// break; all other text is cut alike. A scanner for the same reasons as <see cref="Gpt2Splitter"/>.
/// </summary>
internal sealed class Gpt4Splitter : PieceSplitter
{
    // "(?i:s)" reads U+017F (long s) as an s in the engines of the originals, and not in .NET: it is listed.
    private const string Contraction = @"'(?:[sS\u017FtTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
    private const string Prefix = @"[^\r\n\p{L}\p{N}]?";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Capitals = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Smalls = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    private const CharClass Both = CharClass.Caseless | CharClass.Mark;
    private const CharClass CapitalOrBoth = CharClass.Upper | Both;
    private const CharClass SmallOrBoth = CharClass.Lower | Both;

    private readonly bool splitsByCase;

    private Gpt4Splitter(bool splitsByCase, string pattern)
    {
        this.splitsByCase = splitsByCase;
        Pattern = pattern;
    }

    public static Gpt4Splitter Cl100k { get; } = new(splitsByCase: false,
        Contraction + "|" + Prefix + @"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + Spaces);

    public static Gpt4Splitter O200k { get; } = new(splitsByCase: true,
        $"{Prefix}{Capitals}*{Smalls}+(?:{Contraction})?|{Prefix}{Capitals}+{Smalls}*(?:{Contraction})?" +
        @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Spaces);

    public override string Pattern { get; }

    public override bool Next(ref PieceCursor cursor)
    {
        string text = cursor.Text;
        int start = cursor.Start = cursor.End;
        if (start >= text.Length) return false;
        cursor.End = EndOfPiece(text, start);
        return true;
    }

    private int EndOfPiece(string text, int start)
    {
        CharClass first = CharClasses.At(text, start, out int width);
        int word = splitsByCase ? EndOfCasedWord(text, start, first, width) : EndOfWord(text, start, first, width);
        if (word > start) return word;

        if (first == CharClass.Number)
        {
            int end = start + width;
            for (int digits = 1; digits < 3 && end < text.Length && CharClasses.At(text, end, out width) == CharClass.Number; digits++) end += width;
            return end;
        }

        // " ?[^\s\p{L}\p{N}]+" and the line breaks (o200k: and slashes) behind it.
        int body = text[start] == ' ' ? start + 1 : start;
        int symbols = CharClasses.EndOfRun(text, body, CharClass.Other);
        if (symbols > body)
        {
            while (symbols < text.Length && (text[symbols] is '\r' or '\n' || (splitsByCase && text[symbols] == '/'))) symbols++;
            return symbols;
        }
        return EndOfSpace(text, start);
    }

    /// <summary>cl100k: a contraction, or letters behind the prefix; <paramref name="start"/> when there is neither.</summary>
    private static int EndOfWord(string text, int start, CharClass first, int width)
    {
        int contraction = ContractionLength(text, start);
        if (contraction > 0) return start + contraction;
        int body = TakesPrefix(text, start, first) ? start + width : start;
        int end = CharClasses.EndOfRun(text, body, CharClass.Letter);
        return end > body ? end : start;
    }

    /// <summary>
    /// o200k: capitals then small letters, where letters without case and marks count as both. Follows how the pattern
    /// backtracks: small letters, at least one, are tried for first.
    /// </summary>
    private static int EndOfCasedWord(string text, int start, CharClass first, int width)
    {
        int body = TakesPrefix(text, start, first) ? start + width : start;
        int end = body, afterBoth = -1;
        while (end < text.Length && CharClasses.At(text, end, out int step) is var found && (found & CapitalOrBoth) != 0)
        {
            end += step;
            if ((found & Both) != 0) afterBoth = end;
        }

        if (CharClasses.At(text, end) == CharClass.Lower) end = CharClasses.EndOfRun(text, end, SmallOrBoth);
        else if (afterBoth >= 0) end = afterBoth;
        else if (first == CharClass.Mark) end = start + width;
        else if (end == body) return start;
        return end + ContractionLength(text, end);
    }

    /// <summary>"[^\r\n\p{L}\p{N}]?": any other character goes along with the word behind it.</summary>
    private static bool TakesPrefix(string text, int start, CharClass first) =>
        (first & (CharClass.Letter | CharClass.Number)) == 0 && text[start] is not ('\r' or '\n');

    /// <summary>White space up to its last line break; without one as GPT-2 does it. All white space is one char wide.</summary>
    private static int EndOfSpace(string text, int start)
    {
        int end = CharClasses.EndOfRun(text, start, CharClass.Space);
        int lastBreak = text.AsSpan(start, end - start).LastIndexOfAny('\r', '\n');
        if (lastBreak >= 0) return start + lastBreak + 1;
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    /// <summary>Length of an apostrophe with s, t, m, d, re, ve or ll in either case at <paramref name="index"/>, or 0.</summary>
    private static int ContractionLength(string text, int index)
    {
        if (index + 1 >= text.Length || text[index] != '\'') return 0;
        char second = index + 2 < text.Length ? (char)(text[index + 2] | 0x20) : '\0';
        return text[index + 1] switch
        {
            's' or 'S' or '\u017f' or 't' or 'T' or 'm' or 'M' or 'd' or 'D' => 2,
            'r' or 'R' or 'v' or 'V' when second == 'e' => 3,
            'l' or 'L' when second == 'l' => 3,
            _ => 0,
        };
    }
}
