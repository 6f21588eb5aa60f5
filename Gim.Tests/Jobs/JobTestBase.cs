using System.Text;
using System.Text.Json.Nodes;

namespace Gim.Tests.Jobs;

/// <summary>Tests that start the program run one after another: side by side they would only wait for each other.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessTests
{
    public const string Name = "starts the program";
}

/// <summary>
/// A working directory with two small texts and a config for each test, and what the tests ask of a run.
/// </summary>
public abstract class JobTestBase : IDisposable
{
    /// <summary>A complete language-model job over ref.txt and test.txt; bytes as tokens start fastest, and no similarity model is needed.</summary>
    protected const string Job = """
        {
          "task": "lm",
          "tokenizer": {"kind": "bytes"},
          "reference": [{"kind": "text", "path": "ref.txt"}],
          "test": {"kind": "text", "path": "test.txt"},
          "models": ["infini-gram", "induction-exact"],
          "context": 24,
          "stride": 16
        }
        """;

    protected const string IndexJob = """
        {"task": "index", "tokenizer": {"kind": "gpt2"}, "reference": [{"kind": "text", "path": "ref.txt"}], "output": "index"}
        """;

    private static readonly string[] Vocabulary =
        ["the", "a", "old", "river", "stone", "bird", "sings", "in", "forest", "light", "falls", "over", "quiet", "water", "and", "we", "walk", "home"];

    protected JobTestBase()
    {
        Folder = Directory.CreateTempSubdirectory("gim-job-").FullName;
        Write("ref.txt", Documents(seed: 1, count: 12, words: 60));
        Write("test.txt", Documents(seed: 2, count: 4, words: 30));
        Write("job.json", Job);
    }

    /// <summary>The working directory.</summary>
    protected string Folder { get; }

    protected string Output => In("runs", "job");

    public virtual void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string In(params string[] parts) => Path.Combine([Folder, .. parts]);

    protected string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    protected string Write(string name, byte[] content)
    {
        string path = In(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    private protected GimRun Gim(params IEnumerable<string> arguments) => GimProcess.Run(Folder, arguments);

    /// <summary>Runs the job with keys of its config set to other values.</summary>
    private protected GimRun GimWith(params IEnumerable<string> sets) => Gim(sets.Prepend("job.json").Select((argument, i) => i == 0 ? argument : $"--set={argument}"));

    /// <summary>Text of a few words that repeat, in documents divided by separator lines.</summary>
    internal static string Documents(int seed, int count, int words, string newline = "\n")
    {
        var random = new Random(seed);
        var documents = Enumerable.Range(0, count)
            .Select(_ => string.Join(' ', Enumerable.Range(0, words).Select(_ => Vocabulary[random.Next(Vocabulary.Length)])) + newline);
        return string.Join($"<|endoftext|>{newline}", documents);
    }

    /// <summary>Asserts that a run was refused as bad input has to be, and left nothing that looks like a result.</summary>
    /// <param name="run">The run.</param>
    /// <param name="words">What the message must hold.</param>
    private protected void AssertRefused(GimRun run, params IEnumerable<string> words)
    {
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.StartsWith("error: ", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Single(run.ErrorLines, line => line.StartsWith("error:", StringComparison.Ordinal));
        Assert.DoesNotContain(run.ErrorLines, line => line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
        Assert.Equal("", run.Output);
        foreach (string word in words)
            Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(AllFiles(), name => name.EndsWith(".tmp", StringComparison.Ordinal)
            || Path.GetFileName(name).StartsWith("predictions", StringComparison.Ordinal) || Path.GetFileName(name) == "summary.json");
    }

    protected IEnumerable<string> AllFiles() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories);

    protected static byte[] Predictions(string output) => File.ReadAllBytes(Path.Combine(output, "predictions.csv"));

    protected static string Log(string output) => File.ReadAllText(Path.Combine(output, "log.txt"));

    protected static JsonObject Summary(string output) => ReadJson(Path.Combine(output, "summary.json"));

    /// <summary>summary.json without what two equal runs may differ in.</summary>
    protected static string Figures(string output)
    {
        JsonObject summary = Summary(output);
        foreach (string key in (string[])["threads", "elapsedSeconds", "resumedExamples"])
            summary.Remove(key);
        foreach (JsonNode? model in summary["models"]!.AsArray())
            model!.AsObject().Remove("examplesPerSecond");
        return summary.ToJsonString();
    }

    protected static JsonObject ReadJson(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    /// <summary>The folder of the only index that the cache holds.</summary>
    protected static string OnlyIndex(string cache) => Assert.Single(Directory.GetDirectories(cache));
}
