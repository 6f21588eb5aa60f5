using Gim.Files;
using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Models;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Gim.Report;

/// <summary>Measured and predicted responses of a few targets over the first test story, one panel each, as SVG.</summary>
internal static class TimeCoursePlot
{
    public const string FileName = "timecourses.svg";

    private const double Width = 960, PanelHeight = 170, Margin = 110, PanelGap = 0.03;

    /// <param name="measured">Of the targets whose predictions the sets kept.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Write(RunFolder folder, FmriSummary summary, Recording recording, IReadOnlyList<SetScores> scores, IReadOnlyList<TimeCourse> measured)
    {
        SetScores of = scores[0];
        SetScores? match = FmriPlots.Best(summary) is { } best ? scores.First(set => set.Name == best.Name) : null;
        StoryRows story = recording.Test[0];
        double seconds = recording.Stories[recording.Training.Count].Grid.Seconds;
        PlotModel model = PlotTheme.Model($"{summary.Subject}: the best predicted {(summary.AreComponents ? "components" : "targets")} over '{story.Story}', z-scored");
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "seconds", AxisTitleDistance = 10, Minimum = 0, Maximum = story.Count * seconds });
        model.Legends.Add(PlotTheme.LegendAbove());
        for (int i = 0; i < measured.Count; i++)
        {
            string axis = $"target {i}";
            int target = measured[i].Target;
            double end = 1 - (double)i / measured.Count, start = 1 - (i + 1.0) / measured.Count + PanelGap;
            model.Axes.Add(new LinearAxis
            {
                Position = AxisPosition.Left,
                Key = axis,
                Title = $"{recording.Targets.Numbers[target]}: r {of.Correlations[target]:F2}{(match is null ? "" : $" / {match.Correlations[target]:F2}")}",
                AxisTitleDistance = 14,
                StartPosition = start,
                EndPosition = end,
                MajorGridlineStyle = LineStyle.Solid,
                MajorGridlineColor = PlotTheme.Grid,
                MajorStep = 2,
            });
            model.Series.Add(Line("measured", PlotTheme.Gray, measured[i].Values));
            model.Series.Add(Line(of.Name, PlotTheme.Hues[0], of.Courses[i].Values));
            if (match is not null) model.Series.Add(Line($"+ {match.Name[of.Name.Length..].TrimStart(' ', '+')}", PlotTheme.Hues[2], match.Courses[i].Values));

            LineSeries Line(string title, OxyColor color, float[] values)
            {
                var own = new Matrix(story.Count, 1, values.AsSpan(story.Start, story.Count).ToArray());
                Standardization.Columns(own);
                // One entry of each kind in the legend.
                var line = new LineSeries { Title = i == 0 ? PlotTheme.Roomy(title) : null, Color = color, StrokeThickness = 1.3, YAxisKey = axis };
                line.Points.AddRange(own.Values.Select((value, tr) => new DataPoint(tr * seconds, value)));
                return line;
            }
        }
        OutputFile.WriteAllText(folder.File(FileName), PlotTheme.Svg(model, Width, Margin + PanelHeight * measured.Count));
    }
}
