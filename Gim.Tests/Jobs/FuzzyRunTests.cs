using System.Globalization;
using System.Text.Json.Nodes;
using Gim.Evaluate;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Tests.Similarity;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Jobs;

/// <summary>Runs with a similarity model, of random weights: all four rows, and models that cannot be used.</summary>
[Collection(ProcessTests.Name)]
public sealed class FuzzyRunTests : JobTestBase
{
    private const string All = """models=["infini-gram","induction-exact","induction-fuzzy","gim"]""";

    private const int Vocabulary = 256;

    private static readonly string[] Names = ["infini-gram", "induction-exact", "induction-fuzzy", "gim"];

    private static readonly SimilarityConfiguration Streaming = RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary) with
    {
        Tokenizer = "bytes", TokenizerHash = new ByteTokenizer().Hash,
    };

    private string Model => In("model.safetensors");

    [Fact]
    public void All_four_predict_and_the_threshold_is_chosen()
    {
        RandomModel.Write(Model, Streaming);
        GimRun run = GimWith(All, "similarityModel=model.safetensors", "device=cpu").Done();
        Assert.Equal(
            ["accuracy-by-n.svg", "cache", "calibration.svg", "config.json", "log.txt", "predictions.csv", "report.html", "sources.svg", "summary.json", "threshold.csv", "threshold.svg"],
            Directory.EnumerateFileSystemEntries(Output).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("similarity model: ", StringComparison.Ordinal) && line.Contains("streaming with a band of 5, temperature 0.1", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("device: ", StringComparison.Ordinal));
        Assert.Single(run.ErrorLines, line => line.StartsWith("threshold ", StringComparison.Ordinal));

        JsonObject summary = Summary(Output);
        Assert.Equal(Names, summary["models"]!.AsArray().Select(model => (string?)model!["name"]));
        foreach (JsonNode? model in summary["models"]!.AsArray())
            Assert.True((double)model!["examplesPerSecond"]! > 0);
        JsonNode similarity = summary["similarity"]!;
        Assert.Equal(["file", "sha256", "mode", "temperature", "matchBonus", "recency", "rule", "threshold", "thresholdFrom"], similarity.AsObject().Select(pair => pair.Key));
        Assert.Equal(("model.safetensors", "streaming", 0.1, "auto"), ((string?)similarity["file"], (string?)similarity["mode"], (double)similarity["temperature"]!, (string?)similarity["thresholdFrom"]));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Model))), (string?)similarity["sha256"]);
        AssertThreshold((int)similarity["threshold"]!);
    }

    [Fact]
    public void Counts_in_the_models_file_decide_who_answers_unless_a_threshold_is_set()
    {
        var table = new ConfidenceTable();
        table.Add(new AnswerKind(MatchSource.Similarity, 12, 0, 0, 2), 9, 10);
        RandomModel.Write(Model, Streaming with { Confidence = table.ToText(), Threshold = 5 });
        string[] with = [All, "similarityModel=model.safetensors", "device=cpu"];
        Assert.Contains("gim: the source answers that is most likely right, by 10 answers", GimWith(with).Done().Error, StringComparison.Ordinal);
        Assert.Equal("confidence", (string?)Summary(Output)["similarity"]!["rule"]);
        foreach (PredictionScore[] four in PredictionRows.ReadWhole(Path.Combine(Output, "predictions.csv")).Chunk(4))
            Assert.Contains(four[3] with { ModelName = "" }, four[..3].Select(row => row with { ModelName = "" }));
        GimWith([.. with, "threshold=3"]).Done();
        Assert.Equal(("threshold", 3), ((string?)Summary(Output)["similarity"]!["rule"], (int)Summary(Output)["similarity"]!["threshold"]!));
        GimWith([.. with, "rule=threshold"]).Done();
        Assert.Equal(("threshold", 5), ((string?)Summary(Output)["similarity"]!["rule"], (int)Summary(Output)["similarity"]!["threshold"]!));
        AssertSaid(GimWith([.. with, "threshold=3", "rule=confidence", "output=runs/b"]), "threshold", "confidence");
        RandomModel.Write(Model, Streaming with { Confidence = "1:2" });
        AssertSaid(GimWith([.. with, "output=runs/c"]), "gim_confidence", "damaged");
        RandomModel.Write(Model, Streaming);
        AssertSaid(GimWith([.. with, "rule=confidence", "output=runs/d"]), "rule", "no counts");

        static void AssertSaid(GimRun run, params string[] words)
        {
            Assert.True(run.ExitCode == 2, run.ToString());
            foreach (string word in words)
                Assert.Contains(word, run.ErrorLines[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_row_of_gim_is_the_row_of_the_source_it_names()
    {
        RandomModel.Write(Model, Streaming);
        const int threshold = 7;
        GimRun run = GimWith(All, "similarityModel=model.safetensors", "device=cpu", $"threshold={threshold}").Done();
        PredictionScore[] rows = [.. PredictionRows.ReadWhole(Path.Combine(Output, "predictions.csv"))];
        Assert.Equal(4 * (int)Summary(Output)["test"]!["examples"]!, rows.Length);
        foreach (PredictionScore[] four in rows.Chunk(4))
        {
            Assert.Equal(Names, four.Select(row => row.ModelName));
            Assert.Equal(["infinigram", "exact-induction", "fuzzy-induction"], four[..3].Select(row => row.Source));
            PredictionScore expected = Math.Max(four[0].SuffixLen, four[1].SuffixLen) < threshold ? four[2]
                : four[1].SuffixLen >= four[0].SuffixLen ? four[1] : four[0];
            Assert.Equal(expected with { ModelName = "gim" }, four[3]);
            Assert.Equal((0, 23L), (four[2].SuffixLen, four[2].QueryCount));
        }
        string[] sources = [.. rows.Where(row => row.ModelName == "gim").Select(row => row.Source).Distinct()];
        Assert.Equal(3, sources.Length);
        foreach (string word in (string[])[.. Names, .. sources, "gim answered by", "share"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
    }

    /// <summary>threshold.csv holds the choice, and threshold.svg shows it.</summary>
    private void AssertThreshold(int chosen)
    {
        string[] lines = File.ReadAllText(Path.Combine(Output, "threshold.csv")).TrimEnd('\n').Split('\n');
        Assert.Equal("threshold,recall1,recall1Equal,infinigram,exactInduction,fuzzyInduction", lines[0]);
        double[][] rows = [.. lines[1..].Select(line => line.Split(',')[1..].Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Equal([.. Enumerable.Range(0, 17).Select(threshold => $"{threshold}"), "never"], lines[1..].Select(line => line.Split(',')[0]));
        Assert.All(rows, row => Assert.Equal(1, row[2] + row[3] + row[4], 12));
        Assert.Equal((0.0, 1.0), (rows[0][4], rows[^1][4]));
        Assert.Equal(Array.FindIndex(rows, row => row[0] == rows.Max(other => other[0])), Math.Min(chosen, 17));
        string plot = File.ReadAllText(Path.Combine(Output, "threshold.svg"));
        Assert.Contains("<svg", plot, StringComparison.Ordinal);
        foreach (string word in (string[])["threshold τ", "right answers, %", "chosen: ", "never", "recall@1", "with ties"])
            Assert.Contains(word, plot, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(300)]
    public void An_interrupted_run_and_any_number_of_threads_give_the_same_rows(int consecutive)
    {
        RandomModel.Write(Model, Streaming);
        Write("test.txt", Documents(seed: 5, count: 3, words: 300));
        string[] sets = [All, "similarityModel=model.safetensors", "device=cpu", "cache=cache", $"consecutive={consecutive}", $"stride={Math.Max(consecutive, 16)}", "examples=140"];
        GimWith([.. sets, "threads=1", "output=one"]).Done();
        GimWith([.. sets, "threads=3", "output=three"]).Done();
        Assert.Equal(Predictions(In("one")), Predictions(In("three")));
        Assert.Equal(Figures(In("one")), Figures(In("three")));
        foreach (string name in (string[])["threshold.csv", "threshold.svg"])
            Assert.Equal(File.ReadAllText(In("one", name)), File.ReadAllText(In("three", name)));

        // What a killed run leaves: its rows so far under another name, and the key of what they belong to. The key is
        // taken from a run that finds a folder in the place of those rows.
        string[] rows = File.ReadAllText(In("one", "predictions.csv")).Split('\n');
        Directory.CreateDirectory(In("again", "predictions.unfinished.csv"));
        Assert.Equal(2, GimWith([.. sets, "threads=2", "output=again"]).ExitCode);
        Directory.Delete(In("again", "predictions.unfinished.csv"));
        foreach (int kept in (int[])[1, 50, 139])
        {
            Stop(kept);
            GimRun run = GimWith([.. sets, "threads=2", "output=again"]).Done();
            Assert.Contains($"going on after {kept} of 140", run.Error, StringComparison.Ordinal);
            Assert.Equal(Predictions(In("one")), Predictions(In("again")));
            Assert.Equal(Figures(In("one")), Figures(In("again")));
        }

        void Stop(int kept)
        {
            if (!File.Exists(In("key"))) File.Copy(In("again", "predictions.unfinished.key"), In("key"));
            File.Copy(In("key"), In("again", "predictions.unfinished.key"), overwrite: true);
            File.WriteAllText(In("again", "predictions.unfinished.csv"), string.Join('\n', rows[..(1 + 4 * kept)]) + "\n");
        }
    }

    [Fact]
    public void A_threshold_of_the_config_or_of_the_model_is_taken_as_it_is()
    {
        RandomModel.Write(Model, Streaming with { Threshold = 5 });
        string[] sets = ["""models=["gim"]""", "similarityModel=model.safetensors", "device=cpu", "cache=cache"];
        (int?, string?) Threshold() => ((int?)Summary(Output)["similarity"]!["threshold"], (string?)Summary(Output)["similarity"]!["thresholdFrom"]);

        GimWith([.. sets, "threshold=auto"]).Done();
        Assert.Equal("auto", Threshold().Item2);
        Assert.True(File.Exists(Path.Combine(Output, "threshold.csv")));

        GimRun run = GimWith(sets).Done();
        Assert.Equal((5, "model"), Threshold());
        Assert.Contains("threshold 5: as the similarity model's file says", run.Error, StringComparison.Ordinal);
        // A table of the run before would be taken for this one's.
        Assert.False(File.Exists(Path.Combine(Output, "threshold.csv")));

        GimWith([.. sets, "threshold=0"]).Done();
        Assert.Equal((0, "config"), Threshold());
        Assert.DoesNotContain("fuzzy-induction", Log(Output).Split("done")[^1], StringComparison.Ordinal);
        Assert.All(PredictionRows.ReadWhole(Path.Combine(Output, "predictions.csv")), row => Assert.NotEqual("fuzzy-induction", row.Source));

        // One token of context has no earlier position that could vote.
        GimWith([.. sets, "context=1", "threshold=auto"]).Done();
        Assert.All(PredictionRows.ReadWhole(Path.Combine(Output, "predictions.csv")), row => Assert.NotEqual("fuzzy-induction", row.Source));

        GimWith([.. sets, "threshold=1000000"]).Done();
        Assert.All(PredictionRows.ReadWhole(Path.Combine(Output, "predictions.csv")), row => Assert.Equal("fuzzy-induction", row.Source));
    }

    [Fact]
    public void A_reference_too_small_to_choose_on_gives_the_stated_default()
    {
        RandomModel.Write(Model, Streaming);
        Write("ref.txt", "a\n<|endoftext|>\nb\n");
        GimRun run = GimWith("""models=["gim"]""", "similarityModel=model.safetensors", "device=cpu").Done();
        Assert.Contains("warning: no document of the reference is long enough to choose the threshold on; 8 is taken", run.Error, StringComparison.Ordinal);
        Assert.Equal((8, "default"), ((int)Summary(Output)["similarity"]!["threshold"]!, (string?)Summary(Output)["similarity"]!["thresholdFrom"]));
    }

    [Fact]
    public void Windows_and_temperature_of_the_config_are_used()
    {
        RandomModel.Write(Model, RandomModel.Small(PositionKind.Relative, EmbeddingMode.Windowed, Vocabulary));
        string[] sets = ["""models=["induction-fuzzy"]""", "similarityModel=model.safetensors", "device=cpu"];
        GimWith([.. sets, "output=own"]).Done();
        GimWith([.. sets, "window=4", "temperature=0.3", "output=given"]).Done();
        JsonNode own = Summary(In("own"))["similarity"]!, given = Summary(In("given"))["similarity"]!;
        Assert.Equal((8, 0.1), ((int)own["window"]!, (double)own["temperature"]!));
        Assert.Equal((4, 0.3), ((int)given["window"]!, (double)given["temperature"]!));
        // Without gim nothing is chosen.
        Assert.Null(own["threshold"]);
        Assert.False(File.Exists(In("own", "threshold.csv")));
        Assert.NotEqual(Predictions(In("own")), Predictions(In("given")));
    }

    [Fact]
    public void A_model_that_cannot_be_used_is_refused()
    {
        void Refused(string because, params IEnumerable<string> words)
        {
            AssertRefused(GimWith([All, "similarityModel=model.safetensors", "device=cpu"]), words.Append("model.safetensors"));
            Assert.True(true, because);
        }

        Refused("missing", "model.safetensors");
        RandomModel.Write(Model, Streaming with { Vocabulary = 500, Tokenizer = "gpt9", TokenizerHash = null });
        Refused("another vocabulary", "gpt9", "bytes", "500", "256");
        RandomModel.Write(Model, Streaming with { Tokenizer = "gpt9", TokenizerHash = "0123" });
        Refused("another tokenizer", "gpt9", "bytes");

        WeightFile whole = RandomModel.Make(Streaming);
        void Changed(string name, Func<WeightTensor, WeightTensor?> change)
        {
            IEnumerable<WeightTensor> tensors = whole.Tensors.Select(tensor => tensor.Name == name ? change(tensor) : tensor).OfType<WeightTensor>();
            SafetensorsFile.Write(Model, new WeightFile(tensors, whole.Metadata));
        }

        Changed("lm_head.weight", _ => null);
        Refused("missing tensor", "'lm_head.weight' [16, 32] is missing");
        Changed("transformer.h.1.attn.distance_bias", tensor => new WeightTensor(tensor.Name, [5, 4], tensor.Values));
        Refused("wrong shape", "'transformer.h.1.attn.distance_bias' is [5, 4] where the metadata asks for [4, 5]");
        Changed("lm_head.weight", tensor => new WeightTensor(tensor.Name, tensor.Shape, [float.NaN, .. tensor.Values[1..]]));
        Refused("not a number", "'lm_head.weight' holds NaN");
        SafetensorsFile.Write(Model, new WeightFile([.. whole.Tensors, new WeightTensor("extra", [1], [1f])], whole.Metadata));
        Refused("unknown tensor", "'extra'");
        SafetensorsFile.Write(Model, new WeightFile(whole.Tensors));
        Refused("no metadata", "metadata lacks");

        RandomModel.Write(Model, Streaming);
        string[] sets = [All, "similarityModel=model.safetensors", "device=cpu"];
        AssertRefused(GimWith([.. sets, "window=8"]), "\"window\" has no meaning", "band of 5");
        RandomModel.Write(Model, RandomModel.Small(PositionKind.Learned, EmbeddingMode.Windowed, Vocabulary, similarity: SimilarityFunction.L2));
        AssertRefused(GimWith([.. sets, "temperature=0.2"]), "\"temperature\" has no meaning", "compares by l2");
        AssertRefused(GimWith([.. sets, "window=65"]), "\"window\" 65 is longer than the 64 positions");
    }
}
