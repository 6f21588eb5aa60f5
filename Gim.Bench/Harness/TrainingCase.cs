using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Train;

namespace Gim.Bench.Harness;

/// <summary>A model in training, with tokens as frequent as those of text: some often, most seldom.</summary>
internal sealed class TrainingCase : IDisposable
{
    public const int Sequences = 4, Length = 1024, Tokens = Sequences * Length;

    private const int FirstQuery = 64, Band = 32;

    private readonly Device device;
    private readonly ModelParameters parameters;
    private readonly RetrievalStep step;
    private readonly int[] tokens;
    private readonly SimilarityConfiguration configuration;
    private int done;

    public TrainingCase(int columns, int layers, int threads)
    {
        device = DeviceCatalog.Open("cpu", threads);
        configuration = RandomSimilarityModel.Streaming(columns, layers, 4) with { Vocabulary = RandomSimilarityModel.Vocabulary, Band = Band };
        var layout = new ParameterLayout(configuration);
        parameters = new ModelParameters(configuration, layout, InitialWeights.Make(configuration, layout, null, 10, 42), device);
        step = new RetrievalStep(parameters, new RetrievalShape(Sequences, Length, configuration.OutputColumns, FirstQuery), new OptimizerSettings());
        var random = new Random(42);
        tokens = [.. Enumerable.Range(0, step.TokensOfPass).Select(_ => (int)(configuration.Vocabulary * Math.Pow(random.NextDouble(), 4)))];
    }

    /// <summary>Values that are trained.</summary>
    public int Parameters => parameters.Layout.Length;

    /// <summary>
    /// Floating-point operations of a step's products: forward once, backward twice; of the retrieval likelihood those of
    /// the pairs that are looked at (half of all), forward once and by queries and keys once each.
    /// </summary>
    public double Operations
    {
        get
        {
            double d = configuration.Columns, e = configuration.OutputColumns;
            double network = 3 * (24 * d * d * configuration.Layers + 2 * d * e) * Tokens;
            return network + 3 * 2 * e * Sequences * Length * (Length / 2.0);
        }
    }

    /// <summary>One step; returns its loss.</summary>
    public double Step()
    {
        StepResult result = step.Gradient(tokens);
        step.Optimizer.Update(++done, 1e-4);
        return result.Loss;
    }

    public void Dispose()
    {
        step.Dispose();
        parameters.Dispose();
        device.Dispose();
    }
}
