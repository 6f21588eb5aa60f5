using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gim.Evaluate;
using Gim.Similarity;
using Gim.Tests.Jobs;
using Gim.Tests.Similarity;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Report.Html;

/// <summary>The report of whole runs.</summary>
[Collection(ProcessTests.Name)]
public sealed partial class HtmlReportRunTests : JobTestBase
{
    private const string All = """models=["infini-gram","induction-exact","induction-fuzzy","gim"]""";

    private static readonly string[] With = [All, "similarityModel=model.safetensors", "device=cpu", "cache=cache"];

    public HtmlReportRunTests()
        => RandomModel.Write(In("model.safetensors"), RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, 256) with { Tokenizer = "bytes", TokenizerHash = new ByteTokenizer().Hash });

    [GeneratedRegex("<time [^>]*>[^<]*</time>")]
    private static partial Regex Time();

    [GeneratedRegex("<script>(?<text>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [Fact]
    public void The_same_run_gives_the_same_report_but_for_its_date()
    {
        GimWith([.. With, "threads=1", "output=one"]).Done();
        GimWith([.. With, "threads=3", "output=three"]).Done();
        string one = Report("one");
        Assert.Single(Time().Matches(one));
        Assert.Equal(Time().Replace(one, ""), Time().Replace(Report("three"), ""));
        foreach (string name in (string[])["accuracy-by-n.svg", "sources.svg", "calibration.svg"])
            Assert.Equal(File.ReadAllText(In("one", name)), File.ReadAllText(In("three", name)));
        GimWith([.. With, "seed=2", "output=three"]).Done();
        Assert.NotEqual(Time().Replace(one, ""), Time().Replace(Report("three"), ""));
    }

    [Fact]
    public void It_needs_nothing_else_and_lets_nothing_else_run()
    {
        GimWith([.. With, "threshold=auto"]).Done();
        string html = File.ReadAllText(Path.Combine(Output, "report.html"));
        string script = Assert.Single(Script().Matches(html)).Groups["text"].Value;
        Assert.Contains($"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}';", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none';", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", html, StringComparison.Ordinal);
        // Names of XML vocabularies are no addresses to fetch from.
        foreach (System.Text.RegularExpressions.Match address in Regex.Matches(html, """https?://[^"'\s<)]+"""))
            Assert.StartsWith("http://www.w3.org/", address.Value, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(?i)<(link|img|iframe|object|embed|base)\b|\s(src|on\w+)=|@import|url\((?!#)""", html);
        foreach (string part in (string[])["lang=\"en\"", "recall@1", "95 % intervals", "gim less", "id=\"text\"", "id=\"examples\"", "aria-live=\"polite\"", "How the threshold was chosen", "SHA-256", "prefers-color-scheme: dark", "@media print"])
            Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.Contains($"gim {typeof(InputException).Assembly.GetName().Version!.ToString(3)}", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 20_000, 2_000_000);
        Assert.Contains("<title>gim on test.txt: report</title>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_are_the_summarys()
    {
        GimWith(With).Done();
        string html = File.ReadAllText(Path.Combine(Output, "report.html"));
        foreach (var model in Summary(Output)["models"]!.AsArray())
        {
            string row = Regex.Match(html, $"<tr><th scope=\"row\">{model!["name"]}</th><td>(?<rest>.*?)</tr>").Groups["rest"].Value;
            foreach (string figure in (string[])["recall1", "recall1Equal", "recall5", "unanswered"])
                Assert.Contains($"{100 * (double)model[figure]!:F1} %", row, StringComparison.Ordinal);
            Assert.Contains($"<td>{(double)model["meanEffectiveN"]!:F2} ", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pictures_say_what_the_rows_say()
    {
        GimWith(With).Done();
        PredictionScore[] rows = [.. PredictionRows.ReadWhole(Path.Combine(Output, "predictions.csv"))];
        string Picture(string name) => File.ReadAllText(Path.Combine(Output, name)).Replace('\u00a0', ' ');
        PredictionScore[] ones = [.. rows.Where(row => row.ModelName == "induction-exact" && row.SuffixLen == 1)];
        Assert.Contains($">{100.0 * ones.Count(row => row.Recall1) / ones.Length:F0} % of {ones.Length}<", Picture("accuracy-by-n.svg"), StringComparison.Ordinal);
        PredictionScore[] gim = [.. rows.Where(row => row.ModelName == "gim")];
        foreach (var source in gim.GroupBy(row => row.Source))
        {
            Assert.Contains($">{source.Key}<", Picture("sources.svg"), StringComparison.Ordinal);
            Assert.Contains($">{100.0 * source.Count() / gim.Length:F1} %, {100.0 * source.Count(row => row.Recall1) / source.Count():F1} % of them right<", Picture("sources.svg"), StringComparison.Ordinal);
        }
        foreach (string model in rows.Select(row => row.ModelName).Distinct())
            Assert.Contains($">{model} ", Picture("calibration.svg"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_goes_on_has_a_report_of_all_its_rows()
    {
        GimWith([.. With, "output=whole"]).Done();
        // A folder in the place of the rows stops a run when it begins, after its key is written.
        Directory.CreateDirectory(In("again", "predictions.unfinished.csv"));
        Assert.Equal(2, GimWith([.. With, "output=again"]).ExitCode);
        Directory.Delete(In("again", "predictions.unfinished.csv"));
        string[] rows = File.ReadAllText(In("whole", "predictions.csv")).Split('\n');
        File.WriteAllText(In("again", "predictions.unfinished.csv"), string.Join('\n', rows[..(1 + 4 * 5)]) + "\n");
        // Of the first examples the probabilities are lost, and the report says so.
        Assert.Contains("going on after 5 of", GimWith([.. With, "output=again"]).Done().Error, StringComparison.Ordinal);
        Assert.Contains($"of the {(int)Summary(In("whole"))["test"]!["examples"]! - 5} examples whose probabilities are known", Report("again"), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(In("whole", "accuracy-by-n.svg")), File.ReadAllText(In("again", "accuracy-by-n.svg")));
        Assert.DoesNotContain(AllFiles(), name => Path.GetFileName(name).StartsWith("predictions.unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_of_one_model_and_of_one_example_has_a_report()
    {
        GimWith("models=[\"infini-gram\"]", "examples=1", "context=1").Done();
        string html = File.ReadAllText(Path.Combine(Output, "report.html"));
        Assert.DoesNotContain("less</th>", html, StringComparison.Ordinal);
        Assert.Contains("A single example says nothing", html, StringComparison.Ordinal);
        GimWith("models=[\"induction-exact\"]", "examples=3", "context=1", "crossDocuments=true", "perplexity=true").Done();
        Assert.Contains("perplexity", File.ReadAllText(Path.Combine(Output, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_report_does_not_outlive_its_run()
    {
        GimWith(With).Done();
        foreach (string name in (string[])["report.html", "calibration.svg"])
        {
            string path = Path.Combine(Output, name);
            File.Delete(path);
            Directory.CreateDirectory(path);
            GimRun run = GimWith(With);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(name, run.ErrorLines[^1], StringComparison.Ordinal);
            Directory.Delete(path);
        }
    }

    private string Report(string output) => File.ReadAllText(In(output, "report.html"));
}
