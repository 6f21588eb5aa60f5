using Gim.Files;
using Gim.Fmri.Models;
using Gim.Fmri.Scores;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Gim.Report;

/// <summary>Pictures of an fmri run's scores, as SVG.</summary>
internal static class FmriPlots
{
    public const string BarsName = "scores.svg", HistogramName = "histogram.svg", GapsName = "gaps.svg";

    private const double Width = 860, Height = 440, BarHeight = 20, BarsMargin = 130, BarsWidth = 560, CharacterWidth = 7.2;

    private const double BinWidth = 0.02;

    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, FmriSummary summary, IReadOnlyList<SetScores> scores)
    {
        OutputFile.WriteAllText(folder.File(BarsName), Bars(summary));
        OutputFile.WriteAllText(folder.File(HistogramName), Histogram(summary, scores));
        if (summary.Gaps.Count > 0) OutputFile.WriteAllText(folder.File(GapsName), Gaps(summary));
    }

    /// <summary>The match on the run's base with the largest mean r; null where the run has none.</summary>
    public static FmriMatch? Best(FmriSummary summary) => summary.Matches.Where(match => match.Base == summary.FeatureSets[0].Name).MaxBy(match => match.MeanR);

    private static string Bars(FmriSummary summary)
    {
        Bar[] bars = [.. BarsOf(summary).Reverse()];
        PlotModel model = PlotTheme.Model($"{summary.Subject}: mean r on the test stories, 95 % intervals");
        var categories = new CategoryAxis { Position = AxisPosition.Left, GapWidth = 0.25, MajorTickSize = 0 };
        categories.Labels.AddRange(bars.Select(bar => bar.Label));
        model.Axes.Add(categories);
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = "mean r over targets",
            AxisTitleDistance = 10,
            MaximumPadding = 0.05,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = PlotTheme.Grid,
        });
        var series = new BarSeries { StrokeThickness = 0 };
        series.Items.AddRange(bars.Select(bar => new BarItem(bar.R.Value) { Color = Color(bar.Role) }));
        model.Series.Add(series);
        foreach (var (i, bar) in bars.Index())
        {
            var interval = new LineSeries { Color = OxyColors.Black, StrokeThickness = 1 };
            interval.Points.Add(new DataPoint(bar.R.Low, i));
            interval.Points.Add(new DataPoint(bar.R.High, i));
            model.Series.Add(interval);
        }
        // Names are measured too small for most viewers' fonts.
        double labels = CharacterWidth * bars.Max(bar => bar.Label.Length);
        model.PlotMargins = new OxyThickness(labels, double.NaN, double.NaN, double.NaN);
        return PlotTheme.Svg(model, BarsWidth + labels, BarsMargin + BarHeight * bars.Length);
    }

    /// <summary>Each set below its base; of a match's wrong texts only the mean.</summary>
    private static IEnumerable<Bar> BarsOf(FmriSummary summary)
    {
        foreach (FmriSet set in summary.FeatureSets.Where(set => set.Role is not "gap" and not "gapWrongText" and not "wrongText"))
        {
            string label = set.Role is "base" or "comparison" ? set.Name : $"+ {set.Name[set.Base.Length..].TrimStart(' ', '+')}";
            yield return new Bar(label, set.Role, new Interval(set.MeanR, set.MeanRLow, set.MeanRHigh));
            if (summary.Matches.FirstOrDefault(match => match.Name == set.Name) is { } match)
            {
                yield return new Bar($"{label} [wrong text{(match.WrongTexts.Count > 1 ? $", mean of {match.WrongTexts.Count}" : "")}]", "wrongText", match.WrongTextR);
            }
        }
    }

    private readonly record struct Bar(string Label, string Role, Interval R);

    private static OxyColor Color(string role) => role switch
    {
        "base" or "comparison" => PlotTheme.Hues[0],
        "match" => PlotTheme.Hues[2],
        "blind" => PlotTheme.Hues[4],
        "oracle" => PlotTheme.Hues[3],
        _ => OxyColor.FromRgb(190, 190, 190),
    };

    private static string Histogram(FmriSummary summary, IReadOnlyList<SetScores> scores)
    {
        PlotModel model = PlotTheme.Model($"{summary.Subject}: r of the {summary.Targets:N0} {(summary.AreComponents ? "components" : "targets")}");
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "r on the test stories", AxisTitleDistance = 10 });
        model.Axes.Add(Left(summary.AreComponents ? "components" : "targets"));
        model.Legends.Add(PlotTheme.LegendAbove());
        string?[] names = [summary.FeatureSets[0].Name, Best(summary)?.Name];
        foreach (var (i, name) in names.Index())
        {
            if (name is null) continue;
            float[] all = scores.First(set => set.Name == name).Correlations;
            int low = (int)Math.Floor(all.Min() / BinWidth), high = (int)Math.Floor(all.Max() / BinWidth);
            var line = new StairStepSeries { Title = PlotTheme.Roomy(name), Color = PlotTheme.Hues[i], StrokeThickness = 2 };
            line.Points.Add(new DataPoint(low * BinWidth, 0));
            for (int bin = low; bin <= high; bin++)
                line.Points.Add(new DataPoint(bin * BinWidth, all.Count(r => (int)Math.Floor(r / BinWidth) == bin)));
            line.Points.Add(new DataPoint((high + 1) * BinWidth, 0));
            model.Series.Add(line);
        }
        return PlotTheme.Svg(model, Width, Height);
    }

    private static string Gaps(FmriSummary summary)
    {
        PlotModel model = PlotTheme.Model($"{summary.Subject}: in-story match, by how far back a matched row must lie");
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "gap, TRs", AxisTitleDistance = 10, Base = 2, LabelFormatter = gap => $"{gap:0}" });
        model.Axes.Add(Left("mean r"));
        model.Legends.Add(PlotTheme.LegendAbove());
        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = summary.Gaps[0].BaseR, Color = PlotTheme.Gray, LineStyle = LineStyle.Dash, Text = "base", TextColor = PlotTheme.Gray });
        model.Series.Add(Line("own text", 2, gap => gap.MeanR));
        model.Series.Add(Line("another story's text", 1, gap => gap.WrongTextR));
        return PlotTheme.Svg(model, Width, Height);

        LineSeries Line(string title, int hue, Func<FmriGap, double> value)
        {
            var line = new LineSeries { Title = PlotTheme.Roomy(title), Color = PlotTheme.Hues[hue], StrokeThickness = 2, MarkerType = MarkerType.Circle, MarkerSize = 4 };
            line.Points.AddRange(summary.Gaps.Select(gap => new DataPoint(gap.Gap, value(gap))));
            return line;
        }
    }

    private static LinearAxis Left(string title) => new()
    {
        Position = AxisPosition.Left,
        Title = title,
        AxisTitleDistance = 14,
        MaximumPadding = 0.1,
        MinimumPadding = 0.05,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = PlotTheme.Grid,
    };
}
