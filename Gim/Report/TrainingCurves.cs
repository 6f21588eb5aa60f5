using Gim.Files;
using Gim.Train;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gim.Report;

/// <summary>How training went as two SVG pictures: the loss, and on each held-out text the accuracy beside exact induction's.</summary>
internal static class TrainingCurves
{
    public const string LossName = "loss.svg", AccuracyName = "accuracy.svg";

    private const double Width = 820, Height = 460;

    // Hues that people with any colour vision tell apart (Okabe and Ito), then darker ones for more sets than eight.
    private static readonly OxyColor[] Hues =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(230, 159, 0),
        OxyColor.FromRgb(86, 180, 233), OxyColor.FromRgb(0, 0, 0), OxyColor.FromRgb(130, 110, 20), OxyColor.FromRgb(90, 60, 140), OxyColor.FromRgb(120, 120, 120),
    ];

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, MetricsFile metrics)
    {
        OutputFile.WriteAllText(folder.File(LossName), Loss(metrics.Rows));
        if (metrics.Rows.Any(row => row.Recall1Equal is not null))
            OutputFile.WriteAllText(folder.File(AccuracyName), Accuracy(metrics.Rows));
        else
            OutputFile.Remove(folder.File(AccuracyName));
    }

    private static string Loss(IReadOnlyList<MetricsRow> rows)
    {
        PlotModel model = Model("Loss: minus the log-likelihood of the next token, where it occurs before", "nats", rows);
        model.Series.Add(Line("training", OxyColor.FromRgb(170, 170, 170), rows.Where(row => row.Set == RecentSteps.SetName), row => row.Loss));
        var validation = rows.Where(row => row.Set != RecentSteps.SetName).GroupBy(row => (row.Step, row.Tokens))
            .Select(step => new DataPoint(Millions(step.Key.Tokens), step.Average(row => row.Loss)));
        var line = new LineSeries { Title = "held-out text, mean of all kinds", Color = Hues[0], StrokeThickness = 2 };
        line.Points.AddRange(validation);
        if (line.Points.Count > 0) model.Series.Add(line);
        return Svg(model);
    }

    private static string Accuracy(IReadOnlyList<MetricsRow> rows)
    {
        PlotModel model = Model("Next token right on held-out text, with ties (dashed: exact induction)", "%", rows);
        foreach (var (number, set) in rows.Where(row => row.Recall1Equal is not null).GroupBy(row => row.Set).Index())
        {
            OxyColor hue = Hues[number % Hues.Length];
            model.Series.Add(Line(set.Key, hue, set, row => 100 * row.Recall1Equal!.Value));
            LineSeries exact = Line(null, hue, set, row => 100 * row.ExactRecall1Equal!.Value);
            exact.LineStyle = LineStyle.Dash;
            exact.StrokeThickness = 1;
            model.Series.Add(exact);
        }
        return Svg(model);
    }

    private static PlotModel Model(string title, string unit, IReadOnlyList<MetricsRow> rows)
    {
        var model = new PlotModel
        {
            Title = title,
            TitleFontSize = 14,
            TitlePadding = 10,
            DefaultFont = "sans-serif",
            Padding = new OxyThickness(8, 8, 24, 8),
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
        };
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = "million tokens trained on",
            AxisTitleDistance = 10,
            Minimum = 0,
            Maximum = Math.Max(1e-3, Millions(rows.Count == 0 ? 0 : rows.Max(row => row.Tokens))),
        });
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Title = unit,
            AxisTitleDistance = 14,
            MinimumPadding = 0.05,
            MaximumPadding = 0.05,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColor.FromRgb(230, 230, 230),
        });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside, LegendPadding = 28 });
        return model;
    }

    private static LineSeries Line(string? title, OxyColor color, IEnumerable<MetricsRow> rows, Func<MetricsRow, double> value)
    {
        var line = new LineSeries { Title = title, Color = color, StrokeThickness = 1.5 };
        line.Points.AddRange(rows.Select(row => new DataPoint(Millions(row.Tokens), value(row))));
        return line;
    }

    private static double Millions(long tokens) => tokens / 1e6;

    private static string Svg(PlotModel model) => new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true }.ExportToString(model);
}
