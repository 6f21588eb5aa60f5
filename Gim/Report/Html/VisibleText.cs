using System.Globalization;
using System.Text;

namespace Gim.Report.Html;

/// <summary>
/// Text of documents and tokens as a page shows it: control characters, directional marks and whatever else cannot be seen as
/// escapes, so that nothing hides and nothing turns the text around it. Breaks of lines are arrows.
/// </summary>
internal static class VisibleText
{
    private const string Ellipsis = "…";

    /// <summary>The whole text.</summary>
    public static string Of(string text)
    {
        int first = 0;
        while (first < text.Length && !Escaped(text, first))
            first += char.IsSurrogate(text[first]) ? 2 : 1;
        if (first == text.Length)
            return text;
        var shown = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (int i = first; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (!Escaped(text, i)) shown.Append(text, i, isPair ? 2 : 1);
            else if (text[i] == '\n') shown.Append('↵');
            else if (text[i] == '\t') shown.Append('⇥');
            else if (isPair) shown.Append($"\\u{{{char.ConvertToUtf32(text[i], text[i + 1]):x}}}");
            else shown.Append($"\\u{(int)text[i]:x4}");
            if (isPair) i++;
        }
        return shown.ToString();
    }

    /// <summary>The beginning, where the text is longer than so many characters.</summary>
    public static string Start(string text, int most)
        => text.Length <= most ? Of(text) : Of(text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]) + Ellipsis;

    /// <summary>The end, where the text is longer than so many characters.</summary>
    public static string End(string text, int most)
    {
        if (text.Length <= most)
            return Of(text);
        int start = text.Length - most;
        return Ellipsis + Of(text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..]);
    }

    private static bool Escaped(string text, int i) => CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
