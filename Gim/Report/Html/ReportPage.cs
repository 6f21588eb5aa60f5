using System.Security.Cryptography;
using System.Text;
using Gim.Text;

namespace Gim.Report.Html;

/// <summary>
/// The report of a language-model run as one HTML file that needs nothing else: no network, no other file. Its policy lets nothing
/// run but the page's own script.
/// </summary>
internal static class ReportPage
{
    public const string FileName = "report.html";

    public static string Write(ReportContent content, Tokenizer tokenizer)
    {
        var labels = new TokenLabels(tokenizer);
        string script = ReportScript.Text.ReplaceLineEndings("\n"), style = ReportStyle.Text.ReplaceLineEndings("\n");
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        string data = new ReportData(labels).Of(content.Model, [.. content.Passages.Select(passage => passage.Predictions)]);
        int examples = content.Summary.Test.Examples;
        return new Markup()
            .AddMarkup("<!DOCTYPE html>\n")
            .Add($"""
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta name="generator" content="gim {content.Version}">
                <title>{content.Model} on {ReportRun.TestName(content.EffectiveJson)}: report</title>

                """)
            .AddMarkup($"<style>{style}</style>\n</head>\n<body>\n")
            .Add($"""
                <header>
                <h1>What {content.Model} predicted, and from which text</h1>
                <p>{examples:N0} {(examples == 1 ? "token" : "tokens")} of <bdi>{ReportRun.TestName(content.EffectiveJson)}</bdi> predicted by {content.Figures.Models.Count} {(content.Figures.Models.Count == 1 ? "model" : "models")}, each prediction with the text that made it.</p>
                <nav aria-label="Parts of the report"><a href="#results">Results</a> <a href="#text">Text</a> <a href="#examples">Examples</a> <a href="#pictures">Pictures</a> <a href="#run">The run</a></nav>
                </header>
                <main>
                {ReportResults.Of(content)}
                {ReportText.Of(content)}
                {ReportExamples.Of(content, labels)}
                {ReportPictures.Of(content)}
                {ReportRun.Of(content)}
                </main>

                """)
            .AddMarkup($"<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{script}</script>\n</body>\n</html>\n")
            .ToString();
    }
}
