using System.Globalization;
using Gim.Config;
using Gim.Evaluate;

namespace Gim.Report.Html;

/// <summary>The results: each model's figures with intervals, and how they differ.</summary>
internal static class ReportResults
{
    public static Markup Of(ReportContent content)
    {
        ExampleClusters clusters = content.Figures.Clusters;
        var html = Markup.Of($"""
            <section id="results" aria-labelledby="results-title"><h2 id="results-title">Results</h2>
            {Models(content)}
            {Differences(content)}
            <p class="note">Recall@1: the likeliest token came, the lowest id winning ties. With ties: no token was likelier. Recall@5: it was among the five likeliest. Mean n: tokens matched.
            {(clusters.Count > 1
                ? $"In brackets 95 % intervals: {clusters.Count:N0} {clusters.Unit} drawn with replacement {content.Intervals.Samples:N0} times, the same for all models."
                : "A single example says nothing about how sure a figure is: its intervals have no width.")}
            {(clusters.Unit.Contains("documents", StringComparison.Ordinal) ? "Documents are drawn, not examples, because the tokens of one are alike." : $"The examples come from fewer than {ExampleClusters.FewestDocuments} documents, too few to draw those: where examples are alike, the intervals are too narrow.")}
            The next token occurs in the context in {ShownPrediction.Percent(content.Summary.Test.TargetInContext)} of the examples, the most that induction can get right.</p>
            </section>
            """);
        return html;
    }

    private static Markup Models(ReportContent content)
    {
        bool perplexity = content.Summary.Models.Any(model => model.Perplexity is not null);
        var html = Markup.Of($"""
            <div class="wide"><table class="results"><caption>{content.Summary.Test.Examples:N0} of {content.Summary.Test.AvailableExamples:N0} examples</caption>
            <thead><tr><th scope="col">model</th><th scope="col">recall@1</th><th scope="col">with ties</th><th scope="col">recall@5</th><th scope="col">mean n</th><th scope="col">no match</th>{(perplexity ? Markup.Of($"""<th scope="col">perplexity</th>""") : new Markup())}</tr></thead>
            <tbody>
            """);
        foreach (var (number, model) in content.Summary.Models.Index())
        {
            Markup Cell(ExampleFigure figure) => Rate(content.Intervals.Of(number, figure));
            FigureInterval n = content.Intervals.Of(number, ExampleFigure.EffectiveN);
            html.Add($"""<tr><th scope="row">{model.Name}</th><td>{Cell(ExampleFigure.Recall1)}</td><td>{Cell(ExampleFigure.Recall1Equal)}</td><td>{Cell(ExampleFigure.Recall5)}</td><td>{n.Value:F2} <span class="interval">({n.Low:F2} to {n.High:F2})</span></td><td>{ShownPrediction.Percent(model.Unanswered)}</td>{(perplexity ? Markup.Of($"<td>{model.Perplexity ?? 0:N0}</td>") : new Markup())}</tr>""");
        }
        return html.Add($"</tbody></table></div>");
    }

    /// <summary>Every other model against GIM, or the first where there is none.</summary>
    private static Markup Differences(ReportContent content)
    {
        string[] names = [.. content.Figures.Models];
        if (names.Length < 2)
            return new Markup();
        int one = Math.Max(0, Array.IndexOf(names, ModelNames.Gim));
        var html = Markup.Of($"""
            <div class="wide"><table class="results"><caption>how much {names[one]} has more, in points</caption>
            <thead><tr><th scope="col">{names[one]} less</th><th scope="col">recall@1</th><th scope="col">with ties</th><th scope="col">recall@5</th></tr></thead>
            <tbody>
            """);
        for (int other = 0; other < names.Length; other++)
        {
            if (other == one) continue;
            Markup Cell(ExampleFigure figure) => Points(content.Intervals.Difference(one, other, figure));
            html.Add($"""<tr><th scope="row">{names[other]}</th><td>{Cell(ExampleFigure.Recall1)}</td><td>{Cell(ExampleFigure.Recall1Equal)}</td><td>{Cell(ExampleFigure.Recall5)}</td></tr>""");
        }
        return html.Add($"</tbody></table></div>");
    }

    private static Markup Rate(FigureInterval rate)
        => Markup.Of($"""{ShownPrediction.Percent(rate.Value)} <span class="interval">({100 * rate.Low:F1} to {100 * rate.High:F1})</span>""");

    private static Markup Points(FigureInterval difference)
        => Markup.Of($"""{Signed(difference.Value)} <span class="interval">({Signed(difference.Low)} to {Signed(difference.High)})</span>""");

    private static string Signed(double share)
    {
        string points = (100 * share).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
        // What rounds to nothing has no sign.
        return points is "+0.0" or "−0.0" ? "0.0" : points;
    }
}
