using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Similarity;
using Gim.Tests.Similarity;
using Gim.Train;
using Gim.Train.Data;

namespace Gim.Tests.Train;

/// <summary>The training loop on a tiny model: it learns, goes on where it was stopped, and stops when it fails.</summary>
public sealed class TrainerTests : IDisposable
{
    private const int Vocabulary = 24, Length = 64;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static SimilarityConfiguration Model => RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary) with { Layers = 1, Columns = 16, OutputColumns = 16 };

    private static TrainingSettings Settings(int steps) => new()
    {
        LearningRate = new LearningRate(0.01, 10, steps, 0.5, DecayKind.Linear),
        ValidateEvery = 20,
        CheckpointEvery = 7,
    };

    [Fact]
    public void Training_lowers_the_loss_and_keeps_the_best_weights()
    {
        Run run = Train("a", Settings(80));
        MetricsRow[] rows = [.. run.Metrics.Rows.Where(row => row.Set == "text")];
        Assert.Equal([0, 20, 40, 60, 80], rows.Select(row => row.Step));
        Assert.True(rows[^1].Loss < rows[0].Loss - 0.1, $"{rows[0].Loss} -> {rows[^1].Loss}");
        Assert.True(rows[^1].Recall1 > rows[^1].ExactRecall1, "fuzzy should pass exact on a text of hidden classes");
        Assert.Equal(rows.Min(row => row.Loss), run.Outcome.Progress.BestLoss);
        using Device device = DeviceCatalog.Open("cpu", 1);
        using SimilarityNetwork best = SimilarityNetwork.Load(WeightFiles.Read(run.Checkpoints.BestPath), device, "best");
        Assert.Equal(Model.Layers, best.Configuration.Layers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    // In the middle of validations: the step is done, and its validation is made up for.
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(21)]
    [InlineData(45)]
    public void A_run_stopped_at_any_step_ends_with_the_weights_of_one_that_was_not(int stopAt)
    {
        Run whole = Train("whole", Settings(60));
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => Train("stopped", Settings(60), new StopAfter(stopAt, stop), cancellation: stop.Token));
        Run resumed = Train("stopped", Settings(60), threads: 3);
        AssertSame(whole, resumed);
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_last_checkpoint()
    {
        Run whole = Train("whole", Settings(60));
        // What a killed process leaves: the checkpoint of an earlier step, metrics of later ones, the best weights of a later one.
        Train("killed", Settings(60));
        Assert.Throws<InvalidOperationException>(() => Train("early", Settings(60), new FailAfter(31)));
        File.Copy(Path.Combine(folder.Path, "early", CheckpointFolder.Name, "last.safetensors"), Path.Combine(folder.Path, "killed", CheckpointFolder.Name, "last.safetensors"), overwrite: true);
        Run resumed = Train("killed", Settings(60));
        AssertSame(whole, resumed);
    }

    [Fact]
    public void A_run_that_is_made_longer_before_its_decay_is_as_one_begun_so()
    {
        Run whole = Train("long", Settings(100));
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => Train("grown", Settings(60), new StopAfter(25, stop), cancellation: stop.Token));
        Run grown = Train("grown", Settings(100));
        Assert.Equal(whole.Parameters, grown.Parameters);
    }

    [Fact]
    public void Patience_ends_a_run_whose_loss_does_not_fall()
    {
        TrainingSettings settings = Settings(200) with { LearningRate = new LearningRate(1e-12, 0, 200, 0, DecayKind.Linear), ValidateEvery = 5, Patience = 3 };
        Run run = Train("patient", settings);
        Assert.True(run.Outcome.EndedEarly);
        Assert.InRange(run.Outcome.Progress.Step, 15, 60);
        // Going on with it changes nothing.
        Assert.Equal(run.Parameters, Train("patient", settings).Parameters);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_and_keeps_the_last_checkpoint()
    {
        TrainingSettings settings = Settings(60) with { LearningRate = new LearningRate(1e25, 10, 60, 0, DecayKind.Linear), CheckpointEvery = 1 };
        InputException failure = Assert.Throws<InputException>(() => Train("failing", settings, optimizer: new OptimizerSettings { MaximumNorm = 0 }));
        foreach (string word in (string[])["at step", "sequences", "text", "learningRate", "checkpoint"])
            Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        SavedTraining kept = new CheckpointFolder(Path.Combine(folder.Path, "failing", CheckpointFolder.Name), "key").Open(new ParameterLayout(Model).Length)!;
        Assert.True(kept.Progress.Step >= 1);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_and_kept()
    {
        Run run = Train("mine", Settings(20));
        var other = new CheckpointFolder(Path.GetDirectoryName(run.Checkpoints.LastPath)!, "another key");
        Assert.Contains("other settings or text", Assert.Throws<InputException>(() => other.Open(10)).Message, StringComparison.Ordinal);
        byte[] whole = File.ReadAllBytes(run.Checkpoints.LastPath);
        foreach (int length in (int[])[0, 1, 8, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(run.Checkpoints.LastPath, whole[..length]);
            Assert.Throws<InputException>(() => run.Checkpoints.Open(new ParameterLayout(Model).Length));
        }
    }

    private static void AssertSame(Run expected, Run found)
    {
        Assert.Equal(expected.Parameters, found.Parameters);
        Assert.Equal(File.ReadAllBytes(expected.Checkpoints.BestPath), File.ReadAllBytes(found.Checkpoints.BestPath));
        Assert.Equal(expected.Outcome.Progress with { Seconds = 0 }, found.Outcome.Progress with { Seconds = 0 });
        Assert.Equal(
            expected.Metrics.Rows.Where(row => row.Set != RecentSteps.SetName), found.Metrics.Rows.Where(row => row.Set != RecentSteps.SetName));
    }

    private sealed record Run(float[] Parameters, TrainingOutcome Outcome, MetricsFile Metrics, CheckpointFolder Checkpoints);

    private Run Train(string name, TrainingSettings settings, IJobLog? log = null, int threads = 1, OptimizerSettings? optimizer = null, CancellationToken cancellation = default)
    {
        string own = Path.Combine(folder.Path, name);
        var layout = new ParameterLayout(Model);
        using Device device = DeviceCatalog.Open("cpu", threads);
        using var parameters = new ModelParameters(Model, layout, InitialWeights.Make(Model, layout, null, 10, seed: 42), device);
        var text = new Text(20_000);
        var mixture = new SequenceMixture([(text, "text", 1)], Length + 1, seed: 42);
        TestText held = TestText.From([Text.Draw(4_000, seed: 7)]);
        var validation = new Validation([new ValidationText("text", held, ExampleSet.Draw(held, Length, 16, 16, true, 256, 42))], Length, Vocabulary, threads);
        var checkpoints = new CheckpointFolder(Path.Combine(own, CheckpointFolder.Name), "key");
        var metrics = new MetricsFile(Path.Combine(own, MetricsFile.FileName));
        using var objective = new RetrievalObjective(
            parameters, new RetrievalShape(Sequences: 3, Length, Model.OutputColumns, FirstQuery: 8), accumulate: 1, optimizer ?? new OptimizerSettings(), mixture, ["text"]);
        TrainingOutcome outcome = new Trainer(settings, parameters, objective, validation, checkpoints, metrics).Run(checkpoints.Open(layout.Length), log ?? SilentLog.Instance, cancellation);
        float[] values = new float[layout.Length];
        device.Download(parameters.Values, values);
        return new Run(values, outcome, metrics, checkpoints);
    }

    /// <summary>
    /// Tokens of four classes of six; which class comes next follows from the last two classes, which of its tokens from
    /// chance: like contexts are seldom equal ones, as in text.
    /// </summary>
    private sealed class Text : ITrainingTokens
    {
        private readonly int[] tokens;

        public Text(int count) => tokens = Draw(count, seed: 42);

        public long TokenCount => tokens.Length;

        public void Read(long start, Span<int> destination) => tokens.AsSpan((int)start, destination.Length).CopyTo(destination);

        public static int[] Draw(int count, long seed)
        {
            var random = new SeededRandom(seed);
            int[] drawn = new int[count];
            int before = 0, last = 1;
            for (int i = 0; i < count; i++)
            {
                int next = random.Below(10) == 0 ? (int)random.Below(4) : (before * 3 + last + 1) % 4;
                (before, last) = (last, next);
                // One token of a class is usual, so that there is something to be right about.
                drawn[i] = next * 6 + (random.Below(2) == 0 ? 0 : (int)random.Below(6));
            }
            return drawn;
        }
    }
}
