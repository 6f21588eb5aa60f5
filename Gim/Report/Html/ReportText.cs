using Gim.Config;
using Gim.Match;
using Gim.Predict;

namespace Gim.Report.Html;

/// <summary>Passages of the test text: each token with who predicted it, and the evidence beside it.</summary>
internal static class ReportText
{
    public static Markup Of(ReportContent content)
    {
        if (content.Passages.Count == 0)
            return new Markup();
        var html = Markup.Of($"""
            <section id="text" aria-labelledby="text-title"><h2 id="text-title">Text, and what predicted it</h2>
            <p>Each token was predicted by {content.Model} from the context before it. Point at one, or tap it, to see the evidence; click or press Enter to keep it. With the keyboard: Tab to the text, then the arrow keys. Passages are drawn at random by the run's seed, and are too few to judge the model by: the results above do that.{(content.Summary.Similarity?.Rule == GimRules.Confidence ? " Right before: how often answers of that kind were right on held-out text; the highest speaks." : "")}</p>
            {Controls(content)}
            <div class="reader"><div class="passages">
            """);
        foreach (ShownPassage passage in content.Passages)
            html.Add($"{Passage(passage)}");
        return html.Add($"""
            </div>
            <aside class="panel" id="panel" aria-label="Evidence of the token" aria-live="polite"><p class="hint">The evidence of a token stands here.</p></aside>
            </div>
            <div id="pinned" hidden><h3>Kept evidence</h3><div class="cards" id="kept"></div></div>
            </section>
            """);
    }

    private static Markup Controls(ReportContent content)
    {
        ShownPrediction[] all = [.. content.Passages.SelectMany(passage => passage.Predictions)];
        int right = all.Count(prediction => prediction.Right);
        var html = Markup.Of($"""<fieldset class="controls"><legend>Show</legend>""");
        foreach (MatchSource source in all.Select(prediction => prediction.Source).Distinct().Order())
        {
            html.Add($"""
                <label><input type="checkbox" checked data-source="{(int)source}"><span class="key t s{(int)source} ok">{SourceNames.Of(source)}</span> <span class="number">{all.Count(prediction => prediction.Source == source):N0}</span></label>

                """);
        }
        return html.Add($"""
            <label><input type="checkbox" checked data-right="1"><span class="key t ok">right: filled</span> <span class="number">{right:N0}</span></label>
            <label><input type="checkbox" checked data-right="0"><span class="key t no">wrong: not filled</span> <span class="number">{all.Length - right:N0}</span></label>
            </fieldset>
            """);
    }

    private static Markup Passage(ShownPassage passage)
    {
        int right = passage.Predictions.Count(prediction => prediction.Right);
        var html = Markup.Of($"""
            <figure><figcaption>test document {passage.Document:N0}, tokens {passage.Position:N0} to {passage.Position + passage.Predictions.Count - 1:N0}: {right:N0} of {passage.Predictions.Count:N0} right</figcaption>
            <div class="passage" dir="auto" role="group" aria-label="Predicted text"><span class="before">{passage.Before}</span>
            """);
        foreach (var (number, prediction) in passage.Predictions.Index())
            html.Add($"""<span class="t s{(int)prediction.Source} {(prediction.Right ? "ok" : "no")}">{Text(passage.Texts[number])}</span>""");
        return html.Add($"</div></figure>\n");
    }

    /// <summary>Lines break where the text's do; a token with nothing of its own is a dot, so that it can be pointed at.</summary>
    private static string Text(string text) => text.Length == 0 ? "·" : TokenLabels.Shorten(text).Replace("↵", "↵\n", StringComparison.Ordinal);
}
