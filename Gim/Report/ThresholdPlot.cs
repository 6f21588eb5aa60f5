using Gim.Evaluate;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Gim.Report;

/// <summary>GIM's accuracy against τ as an SVG picture, the chosen τ marked.</summary>
internal static class ThresholdPlot
{
    private const double Width = 720, Height = 420;

    public static string Draw(ThresholdTable table)
    {
        // The τ that no match reaches stands behind the last one, a step apart.
        const int never = ThresholdTable.Largest + 2;
        double Place(ThresholdRow row) => row.IsNever ? never : row.Threshold;

        ThresholdRow best = table.Best;
        bool toTheLeft = best.Threshold > ThresholdTable.Largest / 2;
        PlotModel model = PlotTheme.Model(
            $"GIM on held-out reference text: {table.Examples:N0} examples from {table.Documents:N0} {(table.Documents == 1 ? "document" : "documents")}");
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = "threshold τ: tokens that a match must have to answer",
            AxisTitleDistance = 10,
            Minimum = -0.5,
            Maximum = never + 0.5,
            MajorStep = 2,
            MinorStep = 1,
            LabelFormatter = value => value == never ? ThresholdReport.Never : $"{value:0}",
        });
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Title = "right answers, %",
            AxisTitleDistance = 20,
            MinimumPadding = 0.08,
            MaximumPadding = 0.12,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = PlotTheme.Grid,
        });
        model.Legends.Add(PlotTheme.LegendAbove());
        model.Annotations.Add(new LineAnnotation
        {
            Type = LineAnnotationType.Vertical,
            X = Place(best),
            Color = PlotTheme.Gray,
            LineStyle = LineStyle.Dash,
            Text = $"chosen: {(best.IsNever ? ThresholdReport.Never : best.Threshold)}, {100 * best.Recall1:F1} %",
            TextColor = PlotTheme.Gray,
            TextOrientation = AnnotationTextOrientation.Horizontal,
            TextPosition = new DataPoint(Place(best) + (toTheLeft ? -0.2 : 0.2), 100 * table.Rows.Min(row => row.Recall1)),
            TextHorizontalAlignment = toTheLeft ? HorizontalAlignment.Right : HorizontalAlignment.Left,
        });
        model.Series.Add(Line("recall@1", PlotTheme.Hues[0], MarkerType.Circle, row => row.Recall1));
        model.Series.Add(Line("with ties", PlotTheme.Hues[1], MarkerType.Square, row => row.Recall1Equal));
        return PlotTheme.Svg(model, Width, Height);

        LineSeries Line(string title, OxyColor color, MarkerType marker, Func<ThresholdRow, double> value)
        {
            var line = new LineSeries { Title = title, Color = color, MarkerType = marker, MarkerSize = 3, MarkerFill = color, StrokeThickness = 1.5 };
            line.Points.AddRange(table.Rows.Select(row => new DataPoint(Place(row), 100 * value(row))));
            return line;
        }
    }
}
