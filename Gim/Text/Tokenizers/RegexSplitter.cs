using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gim.Text.Tokenizers;

/// <summary>
/// Pieces by a regular expression, read over code points. .NET matches UTF-16 units, so text with surrogates is matched
/// through a view in which each code point beyond the basic plane is one char of the same general category, and a lone
/// surrogate is U+FFFD. What the expression leaves out between two matches is a piece of its own.
/// </summary>
internal sealed partial class RegexSplitter : PieceSplitter
{
    private static readonly char[] CategoryStandIns = BuildStandIns();

    private readonly Regex regex;

    private RegexSplitter(Regex regex) => this.regex = regex;

    /// <summary>
    /// cl100k_base as published with its ranks. Later releases of its library take white space at the very end of a text
    /// as one piece even where it holds a line break; all other text is cut alike.
    /// </summary>
    public static RegexSplitter Cl100k { get; } = new(Cl100kRegex());

    /// <summary>o200k_base.</summary>
    public static RegexSplitter O200k { get; } = new(O200kRegex());

    public override string Pattern => regex.ToString();

    /// <exception cref="InputException"><paramref name="pattern"/> is no regular expression.</exception>
    public static RegexSplitter Parse(string pattern)
    {
        try
        {
            return new(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled));
        }
        catch (ArgumentException e)
        {
            throw new InputException(
                $"tokenizer.pattern \"{pattern}\" is neither gpt2, cl100k or o200k nor a regular expression ({e.Message}); " +
                "give one of the names, or a pattern that .NET can read", e);
        }
    }

    public override bool Next(ref PieceCursor cursor)
    {
        cursor.Start = cursor.End;
        if (cursor.Start >= cursor.Text.Length) return false;

        string view = cursor.View ??= ViewOf(cursor.Text);
        int viewStart = cursor.ViewEnd, viewEnd = view.Length;
        // An empty match cuts nothing.
        foreach (ValueMatch match in regex.EnumerateMatches(view, viewStart))
        {
            if (match.Length == 0) continue;
            viewEnd = match.Index > viewStart ? match.Index : match.Index + match.Length;
            break;
        }
        cursor.ViewEnd = viewEnd;
        cursor.End = ReferenceEquals(view, cursor.Text) ? viewEnd : Advance(cursor.Text, cursor.Start, viewEnd - viewStart);
        return true;
    }

    private static int Advance(string text, int index, int codePoints)
    {
        for (; codePoints > 0; codePoints--)
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
        return index;
    }

    private static string ViewOf(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0) return text;
        var view = new StringBuilder(text.Length);
        // A lone surrogate is enumerated as U+FFFD.
        foreach (Rune rune in text.EnumerateRunes())
            view.Append(rune.IsBmp ? (char)rune.Value : CategoryStandIns[(int)Rune.GetUnicodeCategory(rune)]);
        return view.ToString();
    }

    private static char[] BuildStandIns()
    {
        var standIns = new char[(int)UnicodeCategory.OtherNotAssigned + 1];
        for (int c = 0; c <= char.MaxValue; c++)
            standIns[(int)CharUnicodeInfo.GetUnicodeCategory((char)c)] = (char)c;
        return standIns;
    }

    // "(?i:s)" reads U+017F (long s) as an s in the engines of the originals, and not in .NET: it is listed.
    [GeneratedRegex(
        @"'(?:[sS\u017FtTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" +
        @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Cl100kRegex();

    [GeneratedRegex(
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" +
        @"(?:'(?:[sS\u017FtTmMdD]|[rR][eE]|[vV][eE]|[lL][lL]))?" +
        @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" +
        @"(?:'(?:[sS\u017FtTmMdD]|[rR][eE]|[vV][eE]|[lL][lL]))?" +
        @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex O200kRegex();
}
