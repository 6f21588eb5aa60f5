using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gim.Config;

namespace Gim.Report.Html;

/// <summary>What the run was: its texts, model, settings, and the whole config.</summary>
internal static class ReportRun
{
    // Where a run was and how fast says nothing about its results.
    private static readonly string[] Elsewhere = ["$schema", "output", "cache", "threads"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Markup Of(ReportContent content)
    {
        LanguageModelSummary summary = content.Summary;
        JsonObject config = JsonNode.Parse(content.EffectiveJson)!.AsObject();
        foreach (string key in Elsewhere)
            config.Remove(key);
        var html = Markup.Of($"""<section id="run" aria-labelledby="run-title"><h2 id="run-title">The run</h2><dl>""");
        void Row(string term, string what) => html.Add($"<dt>{term}</dt><dd><bdi>{what}</bdi></dd>\n");
        Row("reference", string.Join("; ", (config["reference"] as JsonArray ?? []).Select(Source)));
        Row("", $"{summary.Reference.Documents:N0} documents, {summary.Reference.Tokens:N0} tokens");
        Row("test text", Source(config["test"]));
        Row("", $"{summary.Test.Documents:N0} documents, {summary.Test.Tokens:N0} tokens");
        Row("tokenizer", VisibleText.Start(summary.Tokenizer, 200));
        Row("models", string.Join(", ", summary.Models.Select(model => model.Name)));
        Row("context", $"{config["context"]} tokens, every {config["stride"]}; {config["consecutive"]} successive {((int?)config["consecutive"] == 1 ? "target" : "targets")}; the last {config["referenceContext"]} looked up in the reference{((bool?)config["crossDocuments"] == true ? "; contexts run over document borders" : "")}");
        if (summary.Similarity is { } similarity)
        {
            Row("similarity model", $"{VisibleText.Start(similarity.File, 200)} ({similarity.Mode}{(similarity.Temperature is { } t ? $", temperature {Number(t)}" : "")}, match bonus {Number(similarity.MatchBonus)}, recency {Number(similarity.Recency)})");
            Row("", $"SHA-256 {similarity.Sha256}");
            if (similarity.Rule is { } rule) Row("who answers for gim", Rule(rule, similarity));
        }
        Row("seed", $"{config["seed"]}");
        Row("device", summary.Device);
        Row("program", $"gim {content.Version}");
        html.Add($"""<dt>written</dt><dd><time datetime="{content.Written:yyyy-MM-ddTHH:mm:sszzz}">{content.Written:yyyy-MM-dd HH:mm zzz}</time></dd>""");
        return html.Add($"""
            </dl>
            <details><summary>The whole config</summary><pre dir="ltr">{Shown(config.ToJsonString(Indented))}</pre></details>
            <p class="note">Every prediction is a row of predictions.csv, the models' figures are in summary.json, both beside this file; intervals, calibration and examples are on this page alone. Evidence in the text above is made anew for this page; in a streaming similarity model
            successive tokens share what stands before them, so that the last digit of a weight may differ from the table's.</p>
            </section>
            """);
    }

    /// <summary>The test text in few words: the name of its file or sample.</summary>
    public static string TestName(string effectiveJson)
    {
        JsonObject test = JsonNode.Parse(effectiveJson)!["test"]?.AsObject() ?? [];
        string name = (string?)test["path"] is { } path
            ? path.Split('/', '\\').LastOrDefault(part => part.Length > 0, path)
            : string.Join(' ', test.Where(key => key.Key != "kind" && key.Value is not null && key.Key != "transform").Select(key => $"{key.Value}"));
        return VisibleText.Start(name, 80);
    }

    private static string Rule(string rule, SimilaritySummary similarity) => rule == GimRules.Confidence
        ? "confidence: the source whose answer is most likely right"
        : similarity.Threshold == ThresholdConfig.Maximum
            ? "threshold: a match is never trusted"
            : $"threshold: matches of at least {similarity.Threshold:N0} tokens ({similarity.ThresholdFrom})";

    /// <summary>A source in words: its kind, and its keys with their values.</summary>
    private static string Source(JsonNode? source)
        => source is JsonObject keys ? VisibleText.Start(string.Join(", ", keys.Where(key => key.Value is not null).Select(key => key.Key == "kind" ? $"{key.Value}" : $"{key.Key} {key.Value}")), 400) : "";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Lines stay lines.</summary>
    private static string Shown(string json) => string.Join('\n', json.ReplaceLineEndings("\n").Split('\n').Select(VisibleText.Of));
}
