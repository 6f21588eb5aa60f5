using System.Text.RegularExpressions;

namespace Gim.Report.Html;

/// <summary>A picture's SVG as a part of a page.</summary>
internal static partial class InlineSvg
{
    [GeneratedRegex("""^.*?<svg width="(?<width>[\d.]+)" height="(?<height>[\d.]+)"[^>]*>""", RegexOptions.Singleline)]
    private static partial Regex Head();

    [GeneratedRegex("""(?<before>id="|url\(#)(?<name>clipPath\d+)""")]
    private static partial Regex Names();

    /// <summary>The picture, as wide as there is room, with a title that is read out.</summary>
    /// <param name="svg">As <see cref="PlotTheme.Svg"/> writes it.</param>
    /// <param name="prefix">Before the names inside, which are names of the whole page now.</param>
    /// <param name="title">What it shows.</param>
    public static Markup Of(string svg, string prefix, string title)
    {
        System.Text.RegularExpressions.Match head = Head().Match(svg);
        if (!head.Success)
            throw new ArgumentException("this is not a picture of the program's own making", nameof(svg));
        string inside = Names().Replace(svg[head.Length..], match => $"{match.Groups["before"].Value}{prefix}-{match.Groups["name"].Value}");
        return Markup.Of($"""<svg viewBox="0 0 {head.Groups["width"].Value} {head.Groups["height"].Value}" role="img" aria-label="{title}">""").AddMarkup(inside.TrimEnd());
    }
}
