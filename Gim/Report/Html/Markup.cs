using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gim.Report.Html;

/// <summary>
/// HTML that grows. What stands literally in an interpolated string is markup, what is filled in is text, in elements as in quoted
/// attributes: it is escaped, always, unless it is markup made here.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder html = new();

    public static Markup Of(Filled filled) => new Markup().Add(filled);

    public Markup Add(Filled filled)
    {
        html.Append(filled.Html);
        return this;
    }

    /// <summary>Adds what is markup already.</summary>
    public Markup AddMarkup(string trusted)
    {
        html.Append(trusted);
        return this;
    }

    public override string ToString() => html.ToString();

    /// <summary>Text as it stands in an element or a quoted attribute.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    /// <summary>An interpolated string whose holes are escaped.</summary>
    [InterpolatedStringHandler]
    public readonly struct Filled(int literalLength, int formattedCount)
    {
        private readonly StringBuilder html = new(literalLength + 16 * formattedCount);

        public StringBuilder Html => html;

        public void AppendLiteral(string markup) => html.Append(markup);

        public void AppendFormatted(string? text) => html.Append(Escape(text ?? ""));

        public void AppendFormatted(Markup markup) => html.Append(markup.html);

        public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable => html.Append(Escape(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
