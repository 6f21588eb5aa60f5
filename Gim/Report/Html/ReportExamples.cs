using Gim.Evaluate;
using Gim.Predict;

namespace Gim.Report.Html;

/// <summary>Examples that were predicted with the greatest certainty, rightly and wrongly, of each source.</summary>
internal static class ReportExamples
{
    public static Markup Of(ReportContent content, TokenLabels labels)
    {
        var evidence = new EvidenceMarkup(labels);
        var html = Markup.Of($"""
            <section id="examples" aria-labelledby="examples-title"><h2 id="examples-title">The surest predictions</h2>
            <p>Of each source the predictions of {content.Model} with the most certain token, wrong ones first; at most one of a document. The match is <span class="m">underlined</span>, the token that followed it <b class="n">framed</b>.</p>

            """);
        foreach (var group in content.Examples.GroupBy(example => (example.Row.Source, example.Row.Recall1)))
        {
            string how = group.Key.Recall1 ? "right" : "wrong";
            html.Add($"""<h3><span class="dot s{(int)SourceNames.Parse(group.Key.Source)}"></span>{group.Key.Source}, {how}</h3><div class="cards">""");
            foreach (ShownExample example in group)
                html.Add($"{Card(example, labels, evidence)}");
            html.Add($"</div>\n");
        }
        return html.Add($"</section>");
    }

    private static Markup Card(ShownExample example, TokenLabels labels, EvidenceMarkup evidence)
    {
        PredictionScore row = example.Row;
        string given = example.Prediction.Right ? "as predicted" : $"given {ShownPrediction.Percent(example.Prediction.TargetProbability)}";
        return Markup.Of($"""
            <article class="card"><h4>example {row.Example:N0}: test document {row.Document:N0}, token {row.Position:N0}</h4>
            <p class="context" dir="auto">{example.Prediction.Before}<b class="n">{labels.Of(example.Prediction.Target)}</b></p>
            <p><bdi class="token">{labels.Of(example.Prediction.Target)}</bdi> came, {given}: <strong class="{(example.Prediction.Right ? "ok" : "no")}">{(example.Prediction.Right ? "✓ right" : "✗ wrong")}</strong></p>
            {evidence.Of(example.Prediction)}
            </article>
            """);
    }
}
