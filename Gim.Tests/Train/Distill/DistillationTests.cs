using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Similarity;
using Gim.Tests.Similarity;
using Gim.Train;
using Gim.Train.Distill;

namespace Gim.Tests.Train.Distill;

/// <summary>The training loop on a tiny model and a teacher that knows the text's rule.</summary>
public sealed class DistillationTests : IDisposable
{
    private static readonly DistillationShape Shape = new(Queries: 16, Keys: 48, Window: 5);

    private readonly TemporaryFolder folder = new();
    private readonly TeacherFile file;

    public DistillationTests()
    {
        new BigramTeacher(42).Write(folder["teacher.safetensors"], [2000, 1000, 1500, 900], top: 20);
        file = TeacherFile.Open(folder["teacher.safetensors"]);
    }

    public void Dispose()
    {
        file.Dispose();
        folder.Dispose();
    }

    private static SimilarityConfiguration Model
        => RandomModel.Small(PositionKind.Relative, EmbeddingMode.Windowed, BigramTeacher.Vocabulary, window: Shape.Window) with { Layers = 1, Columns = 16, OutputColumns = 8 };

    private static TrainingSettings Settings(int steps) => new()
    {
        LearningRate = new LearningRate(0.01, 10, steps, 0.5, DecayKind.Cosine),
        ValidateEvery = 20,
        CheckpointEvery = 7,
    };

    [Fact]
    public void Training_lowers_the_loss_and_the_student_comes_to_agree_with_its_teacher()
    {
        Run run = Train("a", Settings(120));
        MetricsRow[] rows = [.. run.Metrics.Rows.Where(row => row.Set == DistillationValidation.SetName)];
        Assert.Equal([0, 20, 40, 60, 80, 100, 120], rows.Select(row => row.Step));
        Assert.All(rows, row => Assert.Equal((null, null, null), (row.Recall1Equal, row.ExactRecall1, row.ExactRecall1Equal)));
        Assert.True(rows[^1].Loss < 0.8 * rows[0].Loss, $"{rows[0].Loss} -> {rows[^1].Loss}");
        Assert.True(rows[^1].Recall1 > rows[0].Recall1 + 0.1, $"nearest keys right: {rows[0].Recall1} -> {rows[^1].Recall1}");
        Assert.Equal(rows.Min(row => row.Loss), run.Outcome.Progress.BestLoss);
        Assert.Equal(rows[0].Tokens + 120L * 2 * Shape.Tokens, rows[^1].Tokens);
        // The file of the best weights is a model of windows.
        using Device device = DeviceCatalog.Open("cpu", 1);
        using SimilarityNetwork best = SimilarityNetwork.Load(WeightFiles.Read(run.Checkpoints.BestPath), device, "best");
        Assert.Equal((EmbeddingMode.Windowed, Shape.Window), (best.Configuration.Mode, best.Configuration.Window));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    public void A_run_stopped_at_any_step_ends_with_the_weights_of_one_that_was_not(int stopAt)
    {
        Run whole = Train("whole", Settings(40));
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => Train("stopped", Settings(40), new StopAfter(stopAt, stop), cancellation: stop.Token));
        Run resumed = Train("stopped", Settings(40), threads: 3);
        Assert.Equal(whole.Parameters, resumed.Parameters);
        Assert.Equal(File.ReadAllBytes(whole.Checkpoints.BestPath), File.ReadAllBytes(resumed.Checkpoints.BestPath));
        Assert.Equal(whole.Outcome.Progress with { Seconds = 0 }, resumed.Outcome.Progress with { Seconds = 0 });
        Assert.Equal(whole.Metrics.Rows.Where(row => row.Set != RecentSteps.SetName), resumed.Metrics.Rows.Where(row => row.Set != RecentSteps.SetName));
    }

    [Fact]
    public void A_loss_that_is_no_number_names_the_batches()
    {
        TrainingSettings settings = Settings(60) with { LearningRate = new LearningRate(1e25, 10, 60, 0, DecayKind.Linear), CheckpointEvery = 1 };
        string message = Assert.Throws<InputException>(() => Train("failing", settings, maximumNorm: 0)).Message;
        foreach (string word in (string[])["at step", "batches", "of the teacher", "learningRate", "checkpoint"])
            Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_held_out_windows_nothing_is_validated()
    {
        Run run = Train("unvalidated", Settings(5), validated: false);
        Assert.DoesNotContain(run.Metrics.Rows, row => row.Set == DistillationValidation.SetName);
        Assert.False(File.Exists(run.Checkpoints.BestPath));
    }

    private sealed record Run(float[] Parameters, TrainingOutcome Outcome, MetricsFile Metrics, CheckpointFolder Checkpoints);

    private Run Train(
        string name, TrainingSettings settings, IJobLog? log = null, int threads = 1, double maximumNorm = 1, bool validated = true, CancellationToken cancellation = default)
    {
        string own = Path.Combine(folder.Path, name);
        var layout = new ParameterLayout(Model);
        using Device device = DeviceCatalog.Open("cpu", threads);
        using var parameters = new ModelParameters(Model, layout, InitialWeights.Make(Model, layout, null, 10, seed: 42), device);
        // The last document is held back.
        var batches = new TeacherBatches(file, new TeacherStretches(file, [(0, 2000), (2000, 1000), (3000, 1500)]), Shape, seed: 42);
        TeacherBatches? held = validated ? new TeacherBatches(file, new TeacherStretches(file, [(4500, 900)]), Shape, seed: 42) : null;
        using var objective = new DistillationObjective(
            parameters, Shape, accumulate: 2, new OptimizerSettings { Beta2 = 0.95, WeightDecay = 0.1, MaximumNorm = maximumNorm, LearnTemperature = false }, batches, "the teacher");
        var checkpoints = new CheckpointFolder(Path.Combine(own, CheckpointFolder.Name), "key");
        var metrics = new MetricsFile(Path.Combine(own, MetricsFile.FileName));
        TrainingOutcome outcome = new Trainer(settings, parameters, objective, new DistillationValidation(Shape, held, passes: 6), checkpoints, metrics)
            .Run(checkpoints.Open(layout.Length), log ?? SilentLog.Instance, cancellation);
        float[] values = new float[layout.Length];
        device.Download(parameters.Values, values);
        return new Run(values, outcome, metrics, checkpoints);
    }
}
