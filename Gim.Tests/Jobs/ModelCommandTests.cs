using System.Text.Json.Nodes;

namespace Gim.Tests.Jobs;

/// <summary>explain and generate as a user runs them.</summary>
[Collection(ProcessTests.Name)]
public sealed class ModelCommandTests : JobTestBase
{
    private const string Hostile = "the old river <script>alert('x')</script> \u001b[31mred\u001b[0m \u202eright\u202c مرحبا 😀 stone";

    private GimRun Ask(params string[] arguments) => Gim(arguments);

    private static JsonObject[] Lines(GimRun run)
        => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    [Fact]
    public void An_explanation_quotes_what_stands_in_the_reference()
    {
        GimRun run = Ask("explain", "job.json", "the old river", "--model", "infini-gram").Done();
        Assert.Contains("infini-gram answers by infinigram", run.Output, StringComparison.Ordinal);
        Assert.Contains("ref.txt", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);

        JsonObject line = Assert.Single(Lines(Ask("explain", "job.json", "the old river", "--model", "infini-gram", "--json", "--quotes", "3").Done()));
        string reference = File.ReadAllText(In("ref.txt"));
        Assert.NotEmpty(line["evidence"]!.AsArray());
        foreach (JsonNode? quote in line["evidence"]!.AsArray())
        {
            Assert.EndsWith((string)quote!["match"]!, "the old river", StringComparison.Ordinal);
            if ((string)quote["next"]! != "<|endoftext|>")
                Assert.Contains((string)quote["before"]! + (string)quote["match"]! + (string)quote["next"]! + (string)quote["after"]!, reference, StringComparison.Ordinal);
        }
        Assert.Equal((long)line["places"]!, line["evidence"]!.AsArray().Count + (long)line["notShown"]!);
        Assert.InRange(line["next"]!.AsArray().Sum(one => (double)one!["probability"]!), 0.0, 1 + 1e-9);
    }

    [Fact]
    public void Every_token_is_explained_and_hostile_text_survives()
    {
        Write("hostile.txt", Hostile + "\n");
        JsonObject[] lines = Lines(Ask("explain", "job.json", "--file", "hostile.txt", "--tokens", "--json").Done());
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(Hostile), lines.Length);
        Assert.Equal(Enumerable.Range(0, lines.Length), lines.Select(line => (int)line["position"]!));
        byte[] bytes = [.. lines.Select(line => (byte)(int)line["target"]!["token"]!)];
        Assert.Equal(Hostile, System.Text.Encoding.UTF8.GetString(bytes));

        foreach (string[] more in (string[][])[["--tokens"], []])
        {
            string shown = Ask(["explain", "job.json", "--file", "hostile.txt", .. more]).Done().Output;
            Assert.DoesNotContain('\u001b', shown);
            Assert.DoesNotContain('\u202e', shown);
        }
    }

    [Fact]
    public void Generated_text_names_its_passages()
    {
        string[] generate = ["generate", "job.json", "the old river", "--tokens", "30", "--model", "infini-gram"];
        JsonObject[] lines = Lines(Ask([.. generate, "--json"]).Done());
        JsonObject summary = lines[^1];
        string text = (string)summary["text"]!;
        Assert.Equal((int)summary["tokens"]!, lines.Length - 1);
        Assert.Equal(text, string.Concat(lines[..^1].Select(line => (string)line["text"]!)));
        JsonNode longest = summary["longestCopy"]!;
        string copied = text.Substring((int)longest["start"]!, (int)longest["tokens"]!);
        if (longest["document"] is not null)
            Assert.Contains(copied, File.ReadAllText(In("ref.txt")), StringComparison.Ordinal);
        Assert.Contains(text, Ask(generate).Done().Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Longest passage copied", Ask([.. generate, "--evidence"]).Done().Output, StringComparison.Ordinal);

        string Drawn(int seed) => Ask("generate", "job.json", "the ", "--model", "infini-gram", "--tokens", "30", "--temperature", "2", "--top-k", "20", "--top-p", "0.99", "--json", "--seed", $"{seed}").Done().Output;
        string[] drawn = [.. Enumerable.Range(1, 3).Select(Drawn)];
        Assert.Equal(drawn[0], Drawn(1));
        Assert.NotEqual(1, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(new[] { "explain", "job.json" }, "text is missing")]
    [InlineData(new[] { "explain", "job.json", "a", "--file", "ref.txt" }, "given twice")]
    [InlineData(new[] { "explain", "job.json", "--file", "nowhere.txt" }, "nowhere.txt was not found")]
    [InlineData(new[] { "explain", "nowhere.json", "a" }, "nowhere.json")]
    [InlineData(new[] { "explain", "index.json", "a" }, "another task")]
    [InlineData(new[] { "explain", "job.json", "a", "--model", "gim" }, "no model 'gim'; it has infini-gram, induction-exact")]
    [InlineData(new[] { "explain", "job.json", "", "--tokens" }, "text is empty")]
    [InlineData(new[] { "explain", "job.json", "a", "--top", "0" }, "--top 0 is not a whole number from 1 on")]
    [InlineData(new[] { "explain", "job.json", "a", "--quots", "3" }, "'gim explain' has no option --quots; did you mean --quotes?")]
    [InlineData(new[] { "query", "ref", "docs", "--topp" }, "'gim query docs' has no option --topp")]
    [InlineData(new[] { "generate", "job.json", "a", "--tokens", "x" }, "--tokens x is not a whole number from 1 on")]
    [InlineData(new[] { "generate", "job.json", "a", "--temperature", "-1" }, "--temperature -1 is not a number from 0 to 100")]
    [InlineData(new[] { "generate", "job.json", "a", "--top-p", "0" }, "--top-p 0 is not a number above 0")]
    public void Wrong_input_gets_one_line(string[] arguments, string message)
    {
        Write("index.json", IndexJob);
        AssertRefused(Ask(arguments), message);
    }
}
