using Gim.Files;
using Gim.Train;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gim.Report;

/// <summary>How training went as two SVG pictures: the loss, and on each held-out text the accuracy above exact induction's.</summary>
internal static class TrainingCurves
{
    public const string LossName = "loss.svg", AccuracyName = "accuracy.svg";

    private const double Width = 820, Height = 460;

    /// <param name="lossTitle">What the loss is.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, MetricsFile metrics, string lossTitle)
    {
        OutputFile.WriteAllText(folder.File(LossName), Loss(metrics.Rows, lossTitle));
        if (metrics.Rows.Any(row => row.Recall1Equal is not null))
            OutputFile.WriteAllText(folder.File(AccuracyName), Accuracy(metrics.Rows));
        else
            OutputFile.Remove(folder.File(AccuracyName));
    }

    private static string Loss(IReadOnlyList<MetricsRow> rows, string title)
    {
        PlotModel model = Model(title, "nats", rows);
        model.Series.Add(Line("training", OxyColor.FromRgb(170, 170, 170), rows.Where(row => row.Set == RecentSteps.SetName), row => row.Loss));
        var validation = rows.Where(row => row.Set != RecentSteps.SetName).GroupBy(row => (row.Step, row.Tokens))
            .Select(step => new DataPoint(Millions(step.Key.Tokens), step.Average(row => row.Loss)));
        var line = new LineSeries { Title = PlotTheme.Roomy("held-out text"), Color = PlotTheme.Hues[0], StrokeThickness = 2 };
        line.Points.AddRange(validation);
        if (line.Points.Count > 0) model.Series.Add(line);
        return PlotTheme.Svg(model, Width, Height);
    }

    private static string Accuracy(IReadOnlyList<MetricsRow> rows)
    {
        // The kinds of text are far apart, and gains small beside that: what counts is the distance from exact induction.
        PlotModel model = Model("Next token right on held-out text, with ties: above exact induction", "points", rows);
        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = 0, Color = PlotTheme.Gray, LineStyle = LineStyle.Dash, StrokeThickness = 1.5 });
        foreach (var (number, set) in rows.Where(row => row.Recall1Equal is not null).GroupBy(row => row.Set).Index())
            model.Series.Add(Line(set.Key, PlotTheme.Hues[number % PlotTheme.Hues.Count], set, row => 100 * (row.Recall1Equal!.Value - row.ExactRecall1Equal!.Value)));
        return PlotTheme.Svg(model, Width, Height);
    }

    private static PlotModel Model(string title, string unit, IReadOnlyList<MetricsRow> rows)
    {
        PlotModel model = PlotTheme.Model(title);
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
            MajorGridlineColor = PlotTheme.Grid,
        });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside, LegendPadding = 20, LegendLineSpacing = 5 });
        return model;
    }

    private static LineSeries Line(string title, OxyColor color, IEnumerable<MetricsRow> rows, Func<MetricsRow, double> value)
    {
        var line = new LineSeries { Title = PlotTheme.Roomy(title), Color = color, StrokeThickness = 1.5 };
        line.Points.AddRange(rows.Select(row => new DataPoint(Millions(row.Tokens), value(row))));
        return line;
    }

    private static double Millions(long tokens) => tokens / 1e6;
}
