using System.Text;
using System.Text.Json.Nodes;

namespace Gim.Tests.Jobs;

/// <summary>Options, and where paths lead that a config or the command line names.</summary>
[Collection(ProcessTests.Name)]
public sealed class CommandLineTests : JobTestBase
{
    [Fact]
    public void Help_and_version_are_results()
    {
        GimRun help = Gim("--help").Done();
        foreach (string word in (string[])["config", "--set", "--device", "--output", "--quiet", "--version"])
            Assert.Contains(word, help.Output, StringComparison.Ordinal);
        Assert.Equal("", help.Error);

        GimRun version = Gim("--version").Done();
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\n$", version.Output);
        Assert.Equal("", version.Error);
    }

    [Fact]
    public void Quiet_shows_results_and_warnings_only()
    {
        GimRun quiet = Gim("job.json", "--quiet", "--set", "examples=1000000").Done();
        Assert.Contains("infini-gram", quiet.Output, StringComparison.Ordinal);
        Assert.StartsWith("warning: the test text offers", Assert.Single(quiet.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("index built", Log(Output), StringComparison.Ordinal);
        Assert.Equal("", Gim("job.json", "--quiet").Done().Error);
    }

    [Fact]
    public void Paths_are_relative_to_where_they_are_written()
    {
        // In the config: to its folder. On the command line, and by default the output: to the working directory.
        Write("setup/jobs/mine.json", Job.Replace("ref.txt", "../texts/ref.txt", StringComparison.Ordinal)
            .Replace("\"test.txt\"", "\"no-such.txt\"", StringComparison.Ordinal));
        Write("setup/texts/ref.txt", File.ReadAllBytes(In("ref.txt")));
        string config = Path.Combine("setup", "jobs", "mine.json");
        Gim(config, "--set", "test.path=test.txt").Done();
        Assert.True(File.Exists(In("runs", "mine", "summary.json")));

        Gim(config, "--set", "test.path=test.txt", "--set", "output=never", "--output", Path.Combine("made", "here")).Done();
        Assert.Equal(Predictions(In("runs", "mine")), Predictions(In("made", "here")));
        Assert.False(Directory.Exists(In("never")));
        JsonObject effective = ReadJson(In("made", "here", "config.json"));
        Assert.Equal(In("setup", "texts", "ref.txt"), (string?)effective["reference"]![0]!["path"]);
        Assert.Equal(In("test.txt"), (string?)effective["test"]!["path"]);
        Assert.Equal(In("made", "here"), (string?)effective["output"]);
    }

    [Fact]
    public void Names_may_have_spaces_and_letters_of_any_script()
    {
        const string folder = "my töxts, 文字 & more";
        Write(Path.Combine(folder, "le livre.txt"), File.ReadAllBytes(In("ref.txt")));
        Write(Path.Combine(folder, "jöb [1].json"), Job.Replace("ref.txt", "le livre.txt", StringComparison.Ordinal)
            .Replace("\"test.txt\"", "\"../test.txt\"", StringComparison.Ordinal));
        GimRun run = Gim(Path.Combine(folder, "jöb [1].json")).Done();
        Assert.Contains("jöb [1]", run.Output, StringComparison.Ordinal);
        Gim("job.json").Done();
        Assert.Equal(Predictions(Output), Predictions(In("runs", "jöb [1]")));
    }

    [Fact]
    public void Byte_order_marks_and_windows_line_ends_change_nothing_but_the_line_ends()
    {
        Gim("job.json").Done();
        Write("marked.json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Job.ReplaceLineEndings("\r\n"))]);
        // One line per document: the line end before a separator is no part of a document.
        Write("ref.txt", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Documents(seed: 1, count: 12, words: 60, newline: "\r\n"))]);
        Write("test.txt", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Documents(seed: 2, count: 4, words: 30, newline: "\r\n"))]);
        Gim("marked.json").Done();
        Assert.Equal(Predictions(Output), Predictions(In("runs", "marked")));
    }

    [Fact]
    public void Seeds_draw_examples_and_negative_ones_do_too()
    {
        Write("test.txt", Documents(seed: 6, count: 10, words: 120));
        string[] few = ["examples=20", "cache=cache"];
        GimWith([.. few, "seed=-7", "output=one"]).Done();
        GimWith([.. few, "seed=-7", "output=two"]).Done();
        GimWith([.. few, "seed=7", "output=three"]).Done();
        Assert.Equal(Predictions(In("one")), Predictions(In("two")));
        Assert.NotEqual(Predictions(In("one")), Predictions(In("three")));
        Assert.Equal(20, (int)Summary(In("one"))["test"]!["examples"]!);
    }
}
