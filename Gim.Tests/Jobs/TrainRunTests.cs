using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Gim.Tests.Jobs;

/// <summary>The training task as a user runs it: what it leaves, how it goes on, and what it refuses.</summary>
[Collection(ProcessTests.Name)]
public sealed class TrainRunTests : JobTestBase
{
    private const string Train = """
        {
          "task": "train",
          "device": "cpu",
          "tokenizer": {"kind": "bytes"},
          "sources": [
            {"name": "plain", "weight": 3, "source": {"kind": "text", "path": "plain.txt"}},
            {"name": "spoken", "source": {"kind": "text", "transform": "lower-case-without-punctuation", "path": "shout.txt"}}
          ],
          "model": {"layers": 1, "heads": 2, "columns": 16, "outputColumns": 16, "band": 8},
          "start": {"kind": "random"},
          "length": 64, "firstQuery": 8, "batch": 2,
          "steps": 120, "warmUp": 10, "decayShare": 0.5,
          "validationShare": 0.2, "validateEvery": 40, "validationContexts": 2, "checkpointEvery": 10,
          "output": "runs/train"
        }
        """;

    private static readonly string[] Finished =
        ["accuracy.svg", "checkpoint", "config.json", "log.txt", "loss.svg", "metrics.csv", "model.safetensors", "rules.csv", "summary.json", "threshold.csv", "votes.csv"];

    public TrainRunTests()
    {
        Write("plain.txt", Documents(seed: 11, count: 30, words: 60));
        Write("shout.txt", Documents(seed: 12, count: 30, words: 60).ToUpperInvariant().Replace("<|ENDOFTEXT|>", "<|endoftext|>", StringComparison.Ordinal));
        Write("train.json", Train);
    }

    private string Run => In("runs", "train");

    private static byte[] Model(string run) => File.ReadAllBytes(Path.Combine(run, "model.safetensors"));

    [Fact]
    public void A_run_leaves_a_calibrated_model_that_the_language_model_task_takes()
    {
        GimRun run = Gim("train.json").Done();
        Assert.Equal(Finished, Directory.GetFileSystemEntries(Run).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(["best.safetensors", "last.safetensors"], Directory.GetFileSystemEntries(Path.Combine(Run, "checkpoint")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (string word in (string[])["held-out text", "plain", "spoken", "gain", "120 steps", "tokens/s", "results in"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
        JsonObject summary = Summary(Run);
        Assert.Equal(("train", 120, 120 * 2 * 64), ((string?)summary["task"], (int)summary["steps"]!, (int)summary["tokensSeen"]!));
        Assert.True((double)summary["tokensPerSecond"]! > 0);
        Assert.Equal(["plain", "spoken"], summary["validation"]!.AsArray().Select(set => (string?)set!["set"]));
        // The untrained and the trained model on the same examples.
        string[][] metrics = [.. File.ReadLines(Path.Combine(Run, "metrics.csv")).Skip(1).Select(line => line.Split(','))];
        double[] losses = [.. metrics.Where(row => row[2] == "plain").Select(row => double.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(4, losses.Length);
        Assert.True(losses[^1] < losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
        // The spoken source's text was made lower case: else its bytes would be others than those of the vocabulary's half.
        Assert.DoesNotContain(run.ErrorLines, line => line.StartsWith("warning", StringComparison.Ordinal));

        string[] all = ["""models=["infini-gram","induction-exact","induction-fuzzy","gim"]""", "similarityModel=runs/train/model.safetensors", "device=cpu"];
        // The counts are in the model where they were of use, and then decide.
        double[][] rules = [.. File.ReadLines(Path.Combine(Run, "rules.csv")).Skip(1).Select(line => line.Split(',')[5..].Select(one => double.Parse(one, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        string rule = rules.Average(row => row[1]) >= rules.Average(row => row[0]) ? "confidence" : "threshold";
        GimWith(all).Done();
        Assert.Equal(rule, (string?)Summary(Output)["similarity"]!["rule"]);
        GimWith([.. all, "rule=threshold"]).Done();
        JsonNode similarity = Summary(Output)["similarity"]!;
        Assert.Equal(("threshold", "model"), ((string?)similarity["rule"], (string?)similarity["thresholdFrom"]));
        Assert.Equal((double)summary["temperature"]!, (double)similarity["temperature"]!);
        GimWith([.. all, "domain=spoken"]).Done();
        GimRun refused = GimWith([.. all, "domain=spokn", "output=runs/other"]);
        Assert.True(refused.ExitCode == 2, refused.ToString());
        foreach (string word in (string[])["domain", "spokn", "did you mean 'spoken'?"])
            Assert.Contains(word, refused.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_config_gives_the_same_model_at_any_number_of_threads()
    {
        Gim("train.json", "--set", "steps=40", "--set", "threads=1").Done();
        Gim("train.json", "--set", "steps=40", "--set", "threads=3", "--output", "runs/again").Done();
        Assert.Equal(Model(Run), Model(In("runs", "again")));
    }

    [SignalTheory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(null)]
    public void A_run_stopped_or_killed_at_any_moment_ends_with_the_same_model(PosixSignal? signal)
    {
        Gim("train.json").Done();
        string[] again = ["train.json", "--output", "runs/stopped"];
        string checkpoint = In("runs", "stopped", "checkpoint", "last.safetensors");
        using (GimProcess gim = GimProcess.Start(Folder, again))
        {
            gim.WaitUntil("a checkpoint", () => File.Exists(checkpoint));
            if (signal is { } sent) gim.Send(sent);
            else gim.Kill();
            GimRun stopped = gim.End();
            if (signal is not null) Assert.True(stopped.ExitCode == 130, stopped.ToString());
        }
        GimRun resumed = Gim(again).Done();
        Assert.Contains("going on after ", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(Model(Run), Model(In("runs", "stopped")));
        Assert.Equal(Finished, Directory.GetFileSystemEntries(In("runs", "stopped")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        // A finished run is not trained again: the model is made anew from its checkpoint.
        Assert.Contains("going on after 120 of 120 steps", Gim(again).Done().Error, StringComparison.Ordinal);
        Assert.Equal(Model(Run), Model(In("runs", "stopped")));
    }

    [Fact]
    public void A_checkpoint_of_other_settings_or_text_is_refused_and_left_as_it_is()
    {
        Gim("train.json", "--set", "steps=20").Done();
        byte[] model = Model(Run), checkpoint = File.ReadAllBytes(Path.Combine(Run, "checkpoint", "last.safetensors"));
        foreach (string set in (string[])["learningRate=0.5", "seed=2", "model.layers=2", "sources.0.weight=1", "batch=3"])
            AssertKept(Gim("train.json", "--set", "steps=20", "--set", set), "other settings or text", $"\"{set.Split('=')[0].Split('.')[0]}\" is ");
        // Its rate has fallen already: the steps before would have been others.
        AssertKept(Gim("train.json", "--set", "steps=400"), "learning rate", "steps");
        Write("plain.txt", Documents(seed: 13, count: 30, words: 60));
        AssertKept(Gim("train.json", "--set", "steps=20"), "with other text (or teacher),");

        void AssertKept(GimRun run, params string[] words)
        {
            Assert.True(run.ExitCode == 2, run.ToString());
            foreach (string word in words)
                Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal);
            Assert.Equal(model, Model(Run));
            Assert.Equal(checkpoint, File.ReadAllBytes(Path.Combine(Run, "checkpoint", "last.safetensors")));
        }
    }

    [Theory]
    [InlineData("batch=65536", "length=4096", "batch", "accumulate")]
    [InlineData("accumulate=65536", "length=100000", "accumulate", "lower")]
    public void A_step_of_too_many_tokens_is_one_clear_line(string first, string second, params string[] words)
        => AssertRefused(Gim("train.json", "--set", first, "--set", second), words);

    [Fact]
    public void Without_held_out_text_the_last_weights_are_taken_with_a_warning()
    {
        GimRun run = Gim("train.json", "--set", "steps=20", "--set", "validationShare=0").Done();
        Assert.Contains("nothing is held out", Assert.Single(run.ErrorLines, line => line.StartsWith("warning", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(20, (int)Summary(Run)["bestStep"]!);
        GimRun refused = Gim("train.json", "--output", "runs/b", "--set", "validationShare=0", "--set", "patience=2");
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("patience", refused.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_lowest_temperature_can_be_trained_at_and_written()
    {
        Gim("train.json", "--set", "steps=10", "--set", "temperature=0.02", "--set", "learnTemperature=false", "--set", "calibrate=false").Done();
        Assert.Equal(0.02, (double)Summary(Run)["temperature"]!, 1e-12);
    }

    [Fact]
    public void Lost_best_weights_are_an_error_and_the_model_stays()
    {
        Gim("train.json", "--set", "steps=40").Done();
        byte[] model = Model(Run);
        string best = Path.Combine(Run, "checkpoint", "best.safetensors");
        byte[] whole = File.ReadAllBytes(best);
        File.Delete(best);
        AssertKept("is missing", "begin anew");
        File.WriteAllBytes(best, whole[..500]);
        AssertKept("damaged", "begin anew");
        Gim("train.json", "--set", "steps=20", "--set", "seed=2", "--output", "runs/other").Done();
        File.Copy(In("runs", "other", "checkpoint", "best.safetensors"), best, overwrite: true);
        AssertKept("holds the weights of step", "begin anew");
        File.WriteAllBytes(best, whole);
        Gim("train.json", "--set", "steps=40").Done();
        Assert.Equal(model, Model(Run));

        void AssertKept(params string[] words)
        {
            GimRun run = Gim("train.json", "--set", "steps=40");
            Assert.True(run.ExitCode == 2, run.ToString());
            foreach (string word in words)
                Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal);
            Assert.Equal(model, Model(Run));
        }
    }

    [Theory]
    [InlineData("model.heads=3", "model.columns", "model.heads")]
    [InlineData("firstQuery=64", "firstQuery", "length")]
    [InlineData("learningRate=0", "learningRate", "above 0")]
    [InlineData("sources=[]", "sources", "at least one")]
    [InlineData("""sources=["plain.txt"]""", "sources.0", "object")]
    [InlineData("""sources=[{"weight":1}]""", "sources.0.source", "missing")]
    [InlineData("sources.0.weight=0", "sources.0.weight", "above 0")]
    [InlineData("sources.0.name=spoken", "spoken", "different names")]
    [InlineData("sources.0.source.transform=lower-case", "transform", "lower-case-without-punctuation")]
    [InlineData("sources.0.source.path=nothing.txt", "nothing.txt")]
    [InlineData("start.kind=coocurrence", "start.kind", "cooccurrence")]
    [InlineData("""start={"kind":"file","path":"plain.txt"}""", "plain.txt")]
    [InlineData("length=100000", "plain", "100,001")]
    [InlineData("step=10", "step", "steps")]
    [InlineData("embeddings=int4", "embeddings", "int8")]
    [InlineData("""model={"layers":100,"heads":64,"columns":8192}""", "parameters", "model.columns")]
    [InlineData("sources.0.name=a\u0009b", "control characters")]
    public void What_cannot_be_trained_is_one_clear_line(string set, params string[] words)
        => AssertRefused(Gim("train.json", "--set", set), words);
}
