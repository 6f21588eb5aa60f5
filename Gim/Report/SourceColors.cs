using Gim.Config;
using Gim.Match;
using OxyPlot;

namespace Gim.Report;

/// <summary>The hue of each source of answers, the same in pictures and text; on white and on black each stands out at 3 : 1 at least.</summary>
internal static class SourceColors
{
    public static OxyColor Of(MatchSource source) => source switch
    {
        MatchSource.Corpus => PlotTheme.Hues[0],
        MatchSource.Context => PlotTheme.Hues[2],
        MatchSource.Similarity => PlotTheme.Hues[1],
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>That of a model: of its only source, and for GIM, which has several, one of its own.</summary>
    public static OxyColor Of(string model) => model switch
    {
        ModelNames.InfiniGram => Of(MatchSource.Corpus),
        ModelNames.InductionExact => Of(MatchSource.Context),
        ModelNames.InductionFuzzy => Of(MatchSource.Similarity),
        ModelNames.Gim => PlotTheme.Hues[3],
        _ => PlotTheme.Gray,
    };

    /// <summary>For CSS.</summary>
    public static string Css(MatchSource source) => $"#{Of(source).R:x2}{Of(source).G:x2}{Of(source).B:x2}";
}
