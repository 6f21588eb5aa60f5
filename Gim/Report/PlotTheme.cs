using OxyPlot;
using OxyPlot.Legends;

namespace Gim.Report;

/// <summary>How all pictures look.</summary>
internal static class PlotTheme
{
    /// <summary>Hues that people with any colour vision tell apart (Okabe and Ito), then darker ones for more than eight lines.</summary>
    public static IReadOnlyList<OxyColor> Hues { get; } =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(230, 159, 0),
        OxyColor.FromRgb(86, 180, 233), OxyColor.FromRgb(0, 0, 0), OxyColor.FromRgb(130, 110, 20), OxyColor.FromRgb(90, 60, 140), OxyColor.FromRgb(120, 120, 120),
    ];

    public static OxyColor Gray { get; } = OxyColor.FromRgb(110, 110, 110);

    public static OxyColor Grid { get; } = OxyColor.FromRgb(230, 230, 230);

    /// <summary>A label with room: viewers' fonts are wider than the one that labels are measured with.</summary>
    public static string Roomy(string label) => label + new string('\u00A0', 4 + label.Length / 3);

    /// <summary>A row of entries above the picture.</summary>
    public static Legend LegendAbove() => new()
    {
        LegendPosition = LegendPosition.TopCenter,
        LegendPlacement = LegendPlacement.Outside,
        LegendOrientation = LegendOrientation.Horizontal,
        // Cut at its border, and a viewer's font may be wider than the one measured.
        LegendPadding = 20,
        LegendColumnSpacing = 24,
    };

    public static PlotModel Model(string title) => new()
    {
        Title = title,
        TitleFontSize = 14,
        TitlePadding = 10,
        DefaultFont = "sans-serif",
        Padding = new OxyThickness(8, 8, 36, 8),
        Background = OxyColors.White,
        PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
    };

    public static string Svg(PlotModel model, double width, double height)
        => new SvgExporter { Width = width, Height = height, UseVerticalTextAlignmentWorkaround = true }.ExportToString(model);
}
