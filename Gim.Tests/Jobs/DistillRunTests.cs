using System.Globalization;
using System.Text.Json.Nodes;
using Gim.Tests.Train.Distill;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Jobs;

/// <summary>Distillation as a user runs it: what it leaves, how it goes on, and what it refuses.</summary>
[Collection(ProcessTests.Name)]
public sealed class DistillRunTests : JobTestBase
{
    private const string Train = """
        {
          "task": "train",
          "device": "cpu",
          "tokenizer": {"kind": "bytes"},
          "teacher": {"path": "teacher.safetensors", "queries": 16, "keys": 48},
          "model": {"layers": 1, "heads": 2, "columns": 16, "outputColumns": 16, "band": 4, "positions": "relative", "window": 6},
          "start": {"kind": "random"},
          "accumulate": 2, "learnTemperature": false,
          "length": 64, "steps": 60, "learningRate": 0.01, "warmUp": 10, "decay": "cosine", "decayShare": 0.5, "lowestShare": 0.1,
          "validationShare": 0.2, "validateEvery": 20, "validationContexts": 2, "checkpointEvery": 10,
          "output": "runs/train"
        }
        """;

    public DistillRunTests()
    {
        WriteTeacher("teacher.safetensors", 42);
        Write("train.json", Train);
    }

    private string Run => In("runs", "train");

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "model.safetensors"));

    /// <summary>The tokens 0 to 49 are bytes as well.</summary>
    private void WriteTeacher(string name, int seed)
    {
        var bytes = new ByteTokenizer();
        new BigramTeacher(seed).Write(In(name), [.. Enumerable.Range(0, 20).Select(i => 150 + 10 * i)], top: 20, bytes.Name, bytes.Hash);
    }

    [Fact]
    public void A_run_leaves_a_calibrated_model_of_windows_that_the_language_model_task_takes()
    {
        GimRun run = Gim("train.json").Done();
        Assert.Equal(
            ["checkpoint", "config.json", "log.txt", "loss.svg", "metrics.csv", "model.safetensors", "rules.csv", "summary.json", "threshold.csv", "votes.csv"],
            Directory.GetFileSystemEntries(Run).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (string word in (string[])["20 documents", "nearest key right"])
            Assert.Contains(word, run.Error, StringComparison.Ordinal);
        JsonObject summary = Summary(Run), config = ReadJson(Path.Combine(Run, "config.json"));
        Assert.Null(config["sources"]);
        Assert.Equal(60 * 2 * (16 + 48) * 6, (int)summary["tokensSeen"]!);
        Assert.Equal(("teacher", 20), ((string?)summary["sources"]![0]!["name"], (int)summary["sources"]![0]!["documents"]!));
        string[][] metrics = [.. File.ReadLines(Path.Combine(Run, "metrics.csv")).Skip(1).Select(line => line.Split(',')).Where(row => row[2] == "teacher")];
        double[] losses = [.. metrics.Select(row => double.Parse(row[3], CultureInfo.InvariantCulture))], right = [.. metrics.Select(row => double.Parse(row[4], CultureInfo.InvariantCulture))];
        Assert.Equal(4, losses.Length);
        Assert.True(losses[^1] < losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
        Assert.True(right[^1] > right[0], $"nearest keys right went from {right[0]} to {right[^1]}");
        Assert.All(metrics, row => Assert.Equal(["", "", ""], row[5..8]));

        GimWith("""models=["induction-fuzzy"]""", "similarityModel=runs/train/model.safetensors", "device=cpu").Done();
        JsonNode similarity = Summary(Output)["similarity"]!;
        Assert.Equal(("windowed", 6), ((string?)similarity["mode"], (int)similarity["window"]!));
        // Its effective config is one, from another place too.
        File.Move(In("teacher.safetensors"), In("moved.safetensors"));
        File.Copy(Path.Combine(Run, "config.json"), In("again.json"));
        GimRun again = Gim("again.json", "--set", "teacher.path=moved.safetensors").Done();
        Assert.Contains("going on after 60 of 60 steps", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_run_ends_with_the_same_model_and_one_of_another_teacher_is_refused()
    {
        Gim("train.json", "--set", "calibrate=false").Done();
        string checkpoint = In("runs", "stopped", "checkpoint", "last.safetensors");
        string[] again = ["train.json", "--output", "runs/stopped", "--set", "calibrate=false", "--set", "threads=3"];
        using (GimProcess gim = GimProcess.Start(Folder, again))
        {
            gim.WaitUntil("a checkpoint", () => File.Exists(checkpoint));
            gim.Kill();
            gim.End();
        }
        Assert.Contains("going on after ", Gim(again).Done().Error, StringComparison.Ordinal);
        Assert.Equal(Model(Run), Model(In("runs", "stopped")));

        WriteTeacher("teacher.safetensors", 43);
        GimRun refused = Gim("train.json");
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("with other text (or teacher),", refused.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""sources=[{"source":{"kind":"sample"}}]""", "teacher", "sources", "leave one of them out")]
    [InlineData("batch=8", "\"batch\" 8", "teacher")]
    [InlineData("firstQuery=8", "\"firstQuery\" 8", "teacher")]
    [InlineData("teacher=null", "\"model.window\" 6", "teacher")]
    [InlineData("teacher.path=nothing", "nothing", "was not found")]
    [InlineData("teacher.path=ref.txt", "ref.txt")]
    [InlineData("teacher.keys=1", "teacher.keys", "from 2 to")]
    [InlineData("""teacher={"queries":1}""", "teacher.path", "missing")]
    [InlineData("teacher.querys=1", "teacher.querys", "did you mean 'queries'")]
    [InlineData("teacher.keys=5000", "teacher.safetensors", "fewer than the 5,016", "lower")]
    [InlineData("model.window=400", "teacher.safetensors", "windows of 400 tokens", "lower")]
    [InlineData("teacher.keys=65536", "accumulate=32000", "lower")]
    [InlineData("tokenizer.kind=gpt2", "tokens of 'bytes'", "gpt2")]
    public void What_cannot_be_distilled_is_one_clear_line(string set, params string[] words)
    {
        string[] sets = [set, .. words.Where(word => word.StartsWith("accumulate=", StringComparison.Ordinal))];
        AssertRefused(Gim(["train.json", .. sets.SelectMany(one => (string[])["--set", one])]), words.Except(sets));
    }

    [Fact]
    public void Too_little_held_back_is_a_warning_and_the_last_weights_are_taken()
    {
        GimRun run = Gim("train.json", "--set", "validationShare=0.01", "--set", "steps=5").Done();
        foreach (string words in (string[])["the model is not validated", "a batch needs 64", "weights of step 5"])
            Assert.Contains(words, run.Error + run.Output, StringComparison.Ordinal);
    }
}
