using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Tests.Similarity;
using Gim.Train;

namespace Gim.Tests.Train;

/// <summary>Loss and gradient of the whole model against plain loops in double precision.</summary>
public sealed class WholeModelGradientTests
{
    private const int Vocabulary = 13, Sequences = 2, Length = 24, FirstQuery = 4;

    public static TheoryData<string, string> Cases => new()
    {
        { "reference", "Bias" }, { "reference", "Relative" }, { "cpu", "Bias" }, { "cpu", "Relative" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_by_every_parameter_is_the_slope_of_the_loss(string deviceName, string positions)
    {
        SimilarityConfiguration configuration = Configuration(Enum.Parse<PositionKind>(positions));
        var layout = new ParameterLayout(configuration);
        float[] start = ParameterSlopes.Start(configuration, layout);
        int[][] tokens = Tokens();
        using Device device = Open(deviceName);
        using var parameters = new ModelParameters(configuration, layout, start, device);
        using var step = new RetrievalStep(parameters, new RetrievalShape(Sequences, Length, configuration.OutputColumns, FirstQuery), new OptimizerSettings());
        StepResult result = step.Gradient(tokens.SelectMany(one => one).ToArray());
        double[] values = [.. start.Select(value => (double)value)];

        Assert.Equal(PlainModel.Loss(configuration, layout, values, tokens, FirstQuery), result.Loss, 5e-6);
        float[] gradient = new float[layout.Length];
        device.Download(parameters.Gradient, gradient);
        Assert.Equal(Math.Sqrt(gradient.Sum(value => (double)value * value)), result.GradientNorm, 1e-5 * result.GradientNorm);
        ParameterSlopes.Check(layout, values, gradient, changed => PlainModel.Loss(configuration, layout, changed, tokens, FirstQuery));
    }

    [Fact]
    public void Two_passes_give_the_gradient_of_one_with_all_sequences()
    {
        SimilarityConfiguration configuration = Configuration(PositionKind.Bias);
        var layout = new ParameterLayout(configuration);
        int[] tokens = [.. Tokens().SelectMany(one => one)];
        float[] once = Gradient(Sequences, out StepResult whole), twice = Gradient(1, out StepResult parts);
        Assert.Equal(whole.Answerable, parts.Answerable);
        Assert.Equal(whole.Loss, parts.Loss, 1e-6);
        double largest = once.Max(Math.Abs);
        for (int i = 0; i < once.Length; i++)
            Assert.Equal(once[i], twice[i], 1e-5 * largest);

        float[] Gradient(int together, out StepResult result)
        {
            using Device device = Open("cpu");
            using var parameters = new ModelParameters(configuration, layout, ParameterSlopes.Start(configuration, layout), device);
            using var step = new RetrievalStep(parameters, new RetrievalShape(together, Length, configuration.OutputColumns, FirstQuery), new OptimizerSettings());
            result = step.Gradient(tokens);
            float[] gradient = new float[layout.Length];
            device.Download(parameters.Gradient, gradient);
            return gradient;
        }
    }

    [Fact]
    public void The_training_network_embeds_as_the_model_in_use()
    {
        foreach (PositionKind positions in (PositionKind[])[PositionKind.Bias, PositionKind.Relative])
        {
            SimilarityConfiguration configuration = Configuration(positions) with { Mode = EmbeddingMode.Streaming };
            var layout = new ParameterLayout(configuration);
            int[] tokens = [.. Tokens().SelectMany(one => one[..^1])];
            using Device device = Open("cpu");
            using var parameters = new ModelParameters(configuration, layout, ParameterSlopes.Start(configuration, layout), device);
            using var training = new TrainingNetwork(parameters, Sequences, Length);
            using var file = SimilarityNetwork.Load(new Gim.Similarity.Weights.WeightFile(parameters.ToTensors(), configuration.ToMetadata()), device, "the test's model");
            float[] expected = new float[tokens.Length * configuration.OutputColumns], found = new float[expected.Length];
            device.Download(training.Forward(tokens), expected);
            using DeviceBuffer<float> rows = device.AllocateFloats(found.Length);
            file.EmbedAll(tokens, Sequences, Length, rows);
            rows.Download(found);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], found[i], 2e-6);
        }
    }

    private static Device Open(string name) => DeviceCatalog.Open(name, threads: 2);

    private static SimilarityConfiguration Configuration(PositionKind positions) => RandomModel.Small(positions, EmbeddingMode.Streaming, Vocabulary) with { Columns = 16, Layers = 2, OutputColumns = 8 };

    private static int[][] Tokens()
    {
        var random = new SeededRandom(44);
        return [.. Enumerable.Range(0, Sequences).Select(_ => Enumerable.Range(0, Length + 1).Select(_ => (int)random.Below(Vocabulary)).ToArray())];
    }
}
