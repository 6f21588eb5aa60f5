using Gim.Evaluate;

namespace Gim.Report.Html;

/// <summary>The run's pictures, and calibration in numbers.</summary>
internal static class ReportPictures
{
    public static Markup Of(ReportContent content)
    {
        LanguageModelPlots plots = content.Plots;
        var html = Markup.Of($"""
            <section id="pictures" aria-labelledby="pictures-title"><h2 id="pictures-title">Pictures</h2><div class="pictures">
            <figure class="picture">{InlineSvg.Of(plots.ByLength, "length", "Accuracy by effective n")}<figcaption>How often answers were right by the length of their match; answers by fuzzy induction have none, and count as length 0. Bars name their share of right answers and how many examples there are.</figcaption></figure>
            <figure class="picture">{InlineSvg.Of(plots.Sources, "sources", "Who answered")}<figcaption>Who answered for {content.Model}: the full colour is the right part.</figcaption></figure>
            <figure class="picture">{InlineSvg.Of(plots.Calibration, "calibration", "Calibration")}<figcaption>On the dashed line a model is right as often as it says. {Errors(content)}</figcaption></figure>

            """);
        if (content.ThresholdPlot is { } threshold)
            html.Add($"""<figure class="picture">{InlineSvg.Of(threshold, "threshold", "How the threshold was chosen")}<figcaption>How GIM's threshold was chosen, on held-out documents of the reference.</figcaption></figure>""");
        return html.Add($"</div></section>");
    }

    /// <summary>The expected calibration errors, in a sentence.</summary>
    private static string Errors(ReportContent content)
    {
        var known = content.Figures.Models.Index().Where(model => content.Figures.Reliability[model.Index].Count > 0).ToList();
        if (known.Count == 0)
            return "The probabilities were lost in an interruption.";
        string errors = string.Join(", ", known.Select(model => $"{model.Item} {100 * content.Figures.Reliability[model.Index].ExpectedError:F1}"));
        int counted = content.Figures.Reliability[known[0].Index].Count;
        string of = counted < content.Summary.Test.Examples ? $", of the {counted:N0} examples whose probabilities are known" : "";
        return $"Expected calibration error (mean distance from it, of {Reliability.BinCount} bins), in points{of}: {errors}.";
    }
}
