using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Tests.Similarity;
using Gim.Train;
using Gim.Train.Distill;

namespace Gim.Tests.Train.Distill;

/// <summary>Loss and gradient of a whole distilled model against plain loops in double precision.</summary>
public sealed class DistillationStepTests
{
    private const int Vocabulary = 13, Passes = 2;

    private static readonly DistillationShape Shape = new(Queries: 3, Keys: 5, Window: 6);

    [Theory]
    [InlineData("reference", "Bias")]
    [InlineData("reference", "Relative")]
    [InlineData("cpu", "Bias")]
    [InlineData("cpu", "Relative")]
    public void The_gradient_by_every_parameter_is_the_slope_of_the_loss(string deviceName, string positions)
    {
        SimilarityConfiguration configuration = Configuration(Enum.Parse<PositionKind>(positions));
        var layout = new ParameterLayout(configuration);
        float[] start = ParameterSlopes.Start(configuration, layout);
        var (tokens, distances) = Batch();
        using Device device = DeviceCatalog.Open(deviceName, threads: 2);
        using var parameters = new ModelParameters(configuration, layout, start, device);
        using var step = new DistillationStep(parameters, Shape, new OptimizerSettings());
        StepResult result = step.Gradient(tokens, distances);
        double[] values = [.. start.Select(value => (double)value)];

        double Loss(double[] changed) => PlainLoss(configuration, layout, changed, tokens, distances);
        Assert.Equal(Loss(values), result.Loss, 5e-6);
        Assert.Equal(Passes * Shape.Queries, result.Answerable);
        float[] gradient = new float[layout.Length];
        device.Download(parameters.Gradient, gradient);
        Assert.Equal(Math.Sqrt(gradient.Sum(value => (double)value * value)), result.GradientNorm, 1e-5 * result.GradientNorm);
        ParameterSlopes.Check(layout, values, gradient, Loss, each: 20);
    }

    [Fact]
    public void A_temperature_that_is_not_learnt_stays()
    {
        SimilarityConfiguration configuration = Configuration(PositionKind.Bias);
        var layout = new ParameterLayout(configuration);
        var (tokens, distances) = Batch();
        using Device device = DeviceCatalog.Open("cpu", threads: 1);
        foreach (bool learn in (bool[])[false, true])
        {
            using var parameters = new ModelParameters(configuration, layout, ParameterSlopes.Start(configuration, layout), device);
            using var step = new DistillationStep(parameters, Shape, new OptimizerSettings { LearnTemperature = learn });
            float before = parameters.InverseTemperature;
            step.Gradient(tokens, distances);
            step.Optimizer.Update(1, 0.01);
            Assert.Equal(learn, before != parameters.InverseTemperature);
        }
    }

    [Fact]
    public void Parts_of_passes_are_refused()
    {
        SimilarityConfiguration configuration = Configuration(PositionKind.Bias);
        var layout = new ParameterLayout(configuration);
        using Device device = DeviceCatalog.Open("cpu", threads: 1);
        using var parameters = new ModelParameters(configuration, layout, ParameterSlopes.Start(configuration, layout), device);
        using var step = new DistillationStep(parameters, Shape, new OptimizerSettings());
        foreach (var (tokens, distances) in ((int, int)[])[(0, 0), (Shape.Tokens - 1, Shape.Pairs), (Shape.Tokens, Shape.Pairs + 1), (2 * Shape.Tokens, Shape.Pairs)])
            Assert.Throws<ArgumentException>(() => step.Gradient(new int[tokens], new float[distances]));
    }

    private static double PlainLoss(SimilarityConfiguration configuration, ParameterLayout layout, double[] values, int[] tokens, float[] distances)
    {
        double beta = Math.Exp(values[layout[ParameterLayout.LogInverseTemperature].Start]), sum = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            double[] embeddings = [.. tokens.Chunk(Shape.Window).Skip(pass * Shape.Windows).Take(Shape.Windows).SelectMany(window => PlainModel.Embed(configuration, layout, values, window)[^1])];
            double[] teacher = [.. distances.Skip(pass * Shape.Pairs).Take(Shape.Pairs).Select(distance => (double)distance)];
            sum += DistillationLossReference.Gradient(embeddings, Shape.Queries, Shape.Keys, configuration.OutputColumns, teacher, beta, 1, 1, new double[embeddings.Length]).Loss;
        }
        return sum / Passes;
    }

    /// <summary>Windows of random tokens, random distances, and a pair that is left out.</summary>
    private static (int[] Tokens, float[] Distances) Batch()
    {
        var random = new SeededRandom(44);
        int[] tokens = [.. Enumerable.Range(0, Passes * Shape.Tokens).Select(_ => (int)random.Below(Vocabulary))];
        float[] distances = [.. Enumerable.Range(0, Passes * Shape.Pairs).Select(_ => random.Below(4000) / 1000f)];
        distances[7] = float.PositiveInfinity;
        return (tokens, distances);
    }

    private static SimilarityConfiguration Configuration(PositionKind positions)
        => RandomModel.Small(positions, EmbeddingMode.Windowed, Vocabulary, window: Shape.Window) with { Columns = 16, Layers = 2, OutputColumns = 8 };
}
