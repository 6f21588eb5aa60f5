using Gim.Evaluate;
using Gim.Files;
using Gim.Predict;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gim.Report;

/// <summary>How a language-model run went, as three SVG pictures: accuracy by effective n, who answered, and calibration.</summary>
/// <param name="ByLength">Recall@1 by the length of the match.</param>
/// <param name="Sources">Shares of the answers, of the model whose answers are shown.</param>
/// <param name="Calibration">How often right, by the probability given.</param>
internal sealed record LanguageModelPlots(string ByLength, string Sources, string Calibration)
{
    public const string ByLengthName = "accuracy-by-n.svg", SourcesName = "sources.svg", CalibrationName = "calibration.svg";

    private const double Width = 720, BarHeight = 17, CharacterWidth = 7.2, Gap = 0.35;

    public static LanguageModelPlots Draw(RunFigures figures, IReadOnlyList<ModelScore> models)
        => new(DrawByLength(figures), DrawSources(models.First(model => model.Name == figures.NotableModel)), DrawCalibration(figures));

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Write(RunFolder folder)
    {
        OutputFile.WriteAllText(folder.File(ByLengthName), ByLength);
        OutputFile.WriteAllText(folder.File(SourcesName), Sources);
        OutputFile.WriteAllText(folder.File(CalibrationName), Calibration);
    }

    private static string DrawByLength(RunFigures figures)
    {
        // A model that never matches has nothing to show here.
        int[] matching = [.. Enumerable.Range(0, figures.Models.Count).Where(model => figures.ByLength[model].Classes.Any(one => one.From > 0 && one.Examples > 0))];
        int[] shown = matching.Length > 0 ? matching : [0];
        int[] classes = [.. Enumerable.Range(0, figures.ByLength[0].Classes.Count).Where(i => shown.Any(model => figures.ByLength[model].Classes[i].Examples > 0))];
        PlotModel plot = PlotTheme.Model("recall@1 by effective n, the tokens of the match that answered");
        // The first model and the shortest match stand on top, where reading begins.
        CategoryAxis axis = Categories([.. classes.Reverse().Select(i => figures.ByLength[0].Classes[i].Label)], "effective n");
        plot.Axes.Add(axis);
        plot.Axes.Add(Percent(AxisPosition.Bottom, "right answers, %", room: 45));
        plot.Legends.Add(PlotTheme.LegendAbove());
        plot.Legends[0].IsLegendVisible = shown.Length > 1;
        // Bars grow upwards, so that their order is the other way round.
        plot.Legends[0].LegendItemOrder = LegendItemOrder.Reverse;
        foreach (int model in shown.Reverse())
        {
            var series = new BarSeries { Title = PlotTheme.Roomy(figures.Models[model]), FillColor = SourceColors.Of(figures.Models[model]), StrokeThickness = 0 };
            foreach (var (place, i) in classes.Reverse().Index())
            {
                LengthClass one = figures.ByLength[model].Classes[i];
                series.Items.Add(new BarItem(one.Examples == 0 ? 0 : 100 * one.Accuracy, place));
            }
            plot.Series.Add(series);
        }
        foreach (var (bar, model) in shown.Reverse().Index())
        {
            foreach (var (place, i) in classes.Reverse().Index())
            {
                LengthClass one = figures.ByLength[model].Classes[i];
                double middle = place + (bar - (shown.Length - 1) / 2.0) * Share(shown.Length);
                plot.Annotations.Add(Label(one.Examples == 0 ? 0 : 100 * one.Accuracy, middle, one.Examples == 0 ? "none" : $"{100 * one.Accuracy:F0} % of {one.Examples:N0}"));
            }
        }
        return PlotTheme.Svg(plot, Width, 120 + BarHeight * (shown.Length + 0.5) * classes.Length);
    }

    private static string DrawSources(ModelScore model)
    {
        int all = model.BySource.Values.Sum(source => source.Examples);
        PlotModel plot = PlotTheme.Model($"who answered for {model.Name}, and how often rightly");
        plot.Axes.Add(Categories([.. model.BySource.Keys.Reverse()], null));
        // Names are measured too small for most viewers' fonts.
        plot.PlotMargins = new OxyThickness(CharacterWidth * model.BySource.Keys.Max(name => name.Length), double.NaN, double.NaN, double.NaN);
        plot.Axes.Add(Percent(AxisPosition.Bottom, "answers, % of all", room: 55));
        var right = new BarSeries { StrokeThickness = 0, IsStacked = true };
        var wrong = new BarSeries { StrokeThickness = 0, IsStacked = true };
        foreach (var (place, (name, source)) in model.BySource.Reverse().Index())
        {
            OxyColor color = SourceColors.Of(SourceNames.Parse(name));
            double share = 100.0 * source.Examples / all;
            right.Items.Add(new BarItem(share * source.Recall1, place) { Color = color });
            wrong.Items.Add(new BarItem(share * (1 - source.Recall1), place) { Color = OxyColor.FromAColor(70, color) });
            plot.Annotations.Add(Label(share, place, $"{share:F1} %, {100 * source.Recall1:F1} % of them right"));
        }
        plot.Series.Add(right);
        plot.Series.Add(wrong);
        return PlotTheme.Svg(plot, Width, 120 + 46 * model.BySource.Count);
    }

    private static string DrawCalibration(RunFigures figures)
    {
        PlotModel plot = PlotTheme.Model("calibration: how often the likeliest token is right, by its probability");
        plot.Axes.Add(Percent(AxisPosition.Left, "right, %", room: 3));
        plot.Axes.Add(Percent(AxisPosition.Bottom, "probability of the likeliest token, % (mean of each tenth)", room: 3));
        plot.Legends.Add(PlotTheme.LegendAbove());
        var ideal = new LineSeries { Color = PlotTheme.Gray, LineStyle = LineStyle.Dash, StrokeThickness = 1 };
        ideal.Points.AddRange([new DataPoint(0, 0), new DataPoint(100, 100)]);
        plot.Series.Add(ideal);
        MarkerType[] markers = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond];
        foreach (var (model, name) in figures.Models.Index())
        {
            OxyColor color = SourceColors.Of(name);
            var line = new LineSeries
            {
                Title = PlotTheme.Roomy(name), Color = color, StrokeThickness = 1.5, MarkerType = markers[model % markers.Length], MarkerSize = 4, MarkerFill = color,
            };
            for (int bin = 0; bin < Reliability.BinCount; bin++)
            {
                ReliabilityBin one = figures.Reliability[model][bin];
                if (one.Count > 0) line.Points.Add(new DataPoint(100 * one.MeanProbability, 100 * one.Accuracy));
            }
            plot.Series.Add(line);
        }
        return PlotTheme.Svg(plot, Width, 440);
    }

    /// <summary>What part of a category's height one of several bars has, beside the axis' gap.</summary>
    private static double Share(int bars) => 1 / (1 + Gap) / bars;

    private static CategoryAxis Categories(string[] labels, string? title)
    {
        var axis = new CategoryAxis { Position = AxisPosition.Left, GapWidth = Gap, MajorTickSize = 0, Title = title, AxisTitleDistance = 30 };
        axis.Labels.AddRange(labels);
        return axis;
    }

    private static LinearAxis Percent(AxisPosition position, string title, double room) => new()
    {
        Position = position,
        Title = title,
        AxisTitleDistance = position == AxisPosition.Left ? 14 : 10,
        Minimum = 0,
        Maximum = 100 + room,
        MajorStep = 20,
        MinorTickSize = 0,
        MajorTickSize = 0,
        LabelFormatter = value => value > 100 ? "" : $"{value:0}",
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = PlotTheme.Grid,
    };

    private static TextAnnotation Label(double x, double y, string text) => new()
    {
        TextPosition = new DataPoint(x + 1, y),
        Text = text,
        TextHorizontalAlignment = HorizontalAlignment.Left,
        TextVerticalAlignment = VerticalAlignment.Middle,
        Stroke = OxyColors.Transparent,
        StrokeThickness = 0,
        FontSize = 11,
        TextColor = OxyColors.Black,
    };
}
