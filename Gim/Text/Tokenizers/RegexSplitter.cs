using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gim.Text.Tokenizers;

/// <summary>
/// Pieces by a regular expression, read over code points. .NET matches UTF-16 units, so text with surrogates is matched
/// through a view in which each code point beyond the basic plane is one char of the same general category, and a lone
/// surrogate is U+FFFD. For patterns without a scanner of their own, and the reference for those with one. What the expression leaves out between two matches is a piece of its own.
/// </summary>
internal sealed class RegexSplitter : PieceSplitter
{
    private static readonly char[] CategoryStandIns = BuildStandIns();

    private readonly Regex regex;

    private RegexSplitter(Regex regex) => this.regex = regex;

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
}
