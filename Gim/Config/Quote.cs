using System.Globalization;
using System.Text;

namespace Gim.Config;

/// <summary>
/// Makes the user's own text fit for a message of one line: line breaks and other invisible characters are shown as
/// escapes, and text too long to read is cut.
/// </summary>
internal static class Quote
{
    private const int Longest = 100;

    public static string Of(string text) => $"'{Shorten(text)}'";

    public static string Shorten(string text) =>
        OneLine(text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest - 3), "..."));

    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool pair = i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]);
            if (pair)
                line.Append(c).Append(text[++i]);
            else if (char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format or UnicodeCategory.Surrogate)
                line.Append($"\\u{(int)c:x4}");
            else
                line.Append(c);
        }
        return line.ToString();
    }
}
