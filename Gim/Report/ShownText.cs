using Gim.Config;
using Gim.Explain;
using Spectre.Console;

namespace Gim.Report;

/// <summary>
/// Text of documents and tokens as a person reads it in a terminal: on one line, and nothing in it steers the terminal. What
/// matters is coloured, or in brackets where there are no colours.
/// </summary>
internal static class ShownText
{
    private static readonly Style MatchStyle = new(Color.Green, decoration: Decoration.Bold), NextStyle = new(Color.Yellow, decoration: Decoration.Bold | Decoration.Underline);

    /// <summary>Control characters and other invisible ones as escapes.</summary>
    public static string Line(string text)
        => Quote.OneLine(text).Replace("\\u000a", "\\n", StringComparison.Ordinal).Replace("\\u000d", "\\r", StringComparison.Ordinal).Replace("\\u0009", "\\t", StringComparison.Ordinal);

    /// <summary>As <see cref="Line(string)"/>, cut where it is longer than <paramref name="most"/> characters.</summary>
    public static string Line(string text, int most)
    {
        if (text.Length <= most)
            return Line(text);
        int end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return Line(text[..end]) + "...";
    }

    /// <summary>A token in quotes, since most begin with a space.</summary>
    public static string Token(string text) => $"'{Line(text, 40)}'";

    /// <summary>A quote: the match and the token that followed stand out.</summary>
    public static Paragraph Quoted(QuotedText quote, bool ansi)
    {
        const int Longest = 400;
        var text = new Paragraph("    ");
        text.Append(LineEnd(quote.Before, Longest));
        text.Append(ansi ? LineEnd(quote.Match, Longest) : $"[{LineEnd(quote.Match, Longest)}]", ansi ? MatchStyle : Style.Plain);
        text.Append(ansi ? Line(quote.Next, Longest) : $"{{{Line(quote.Next, Longest)}}}", ansi ? NextStyle : Style.Plain);
        text.Append(Line(quote.After, Longest));
        return text;
    }

    /// <summary>As <see cref="Line(string, int)"/>, but what is cut is the beginning.</summary>
    public static string LineEnd(string text, int most)
    {
        if (text.Length <= most)
            return Line(text);
        int start = text.Length - most;
        return "..." + Line(text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..]);
    }
}
