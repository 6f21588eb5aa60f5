using Gim.Kernels.Devices;
using Gim.Similarity;

namespace Gim.Train;

/// <summary>What a block keeps of a forward pass for its gradient; [rows, d] unless said.</summary>
internal sealed record BlockActivations
{
    /// <summary>The residual stream that goes in.</summary>
    public required DeviceBuffer<float> Source { get; init; }

    public required DeviceBuffer<float> Normal { get; init; }

    /// <summary>[rows]</summary>
    public required DeviceBuffer<float> Mean { get; init; }

    /// <summary>[rows]</summary>
    public required DeviceBuffer<float> InverseDeviation { get; init; }

    /// <summary>[rows, 3 d]</summary>
    public required DeviceBuffer<float> QueriesKeysValues { get; init; }

    public required DeviceBuffer<float> Attended { get; init; }

    /// <summary>[rows, heads]</summary>
    public required DeviceBuffer<float> LogSumExp { get; init; }

    /// <summary>The stream after attention.</summary>
    public required DeviceBuffer<float> Middle { get; init; }

    public required DeviceBuffer<float> HiddenNormal { get; init; }

    /// <summary>[rows]</summary>
    public required DeviceBuffer<float> HiddenMean { get; init; }

    /// <summary>[rows]</summary>
    public required DeviceBuffer<float> HiddenInverseDeviation { get; init; }

    /// <summary>[rows, 4 d], before GELU.</summary>
    public required DeviceBuffer<float> Before { get; init; }

    /// <summary>[rows, 4 d], after it.</summary>
    public required DeviceBuffer<float> Hidden { get; init; }
}

/// <summary>What a training pass keeps, and room for its gradients. Values of a row: 17 d a layer and about 8 d besides.</summary>
internal sealed class TrainingActivations : IDisposable
{
    private const string Smaller = "lower \"batch\" or \"length\", with a teacher its \"queries\" and \"keys\" (and raise \"accumulate\"), or use a smaller model";

    private readonly List<IDisposable> held = [];

    public TrainingActivations(Device device, SimilarityConfiguration configuration, int rows)
    {
        int d = configuration.Columns, columns = configuration.OutputColumns;
        DeviceBuffer<float> Floats(int each)
        {
            DeviceBuffer<float> buffer = device.AllocateFloats(checked(rows * each), Smaller);
            held.Add(buffer);
            return buffer;
        }

        Tokens = device.AllocateInts(rows, Smaller);
        held.Add(Tokens);
        Blocks = [.. Enumerable.Range(0, configuration.Layers).Select(_ => new BlockActivations
        {
            Source = Floats(d),
            Normal = Floats(d),
            Mean = Floats(1),
            InverseDeviation = Floats(1),
            QueriesKeysValues = Floats(3 * d),
            Attended = Floats(d),
            LogSumExp = Floats(configuration.Heads),
            Middle = Floats(d),
            HiddenNormal = Floats(d),
            HiddenMean = Floats(1),
            HiddenInverseDeviation = Floats(1),
            Before = Floats(4 * d),
            Hidden = Floats(4 * d),
        })];
        Last = Floats(d);
        LastNormal = Floats(d);
        LastMean = Floats(1);
        LastInverseDeviation = Floats(1);
        Projected = Floats(columns);
        Embeddings = Floats(columns);
        ProjectedGradient = Floats(columns);
        Gradient = Floats(d);
        Branch = Floats(d);
        SourceGradient = Floats(d);
        HiddenGradient = Floats(4 * d);
    }

    /// <summary>[rows]</summary>
    public DeviceBuffer<int> Tokens { get; }

    public IReadOnlyList<BlockActivations> Blocks { get; }

    /// <summary>[rows, d], the stream after the last block.</summary>
    public DeviceBuffer<float> Last { get; }

    public DeviceBuffer<float> LastNormal { get; }

    public DeviceBuffer<float> LastMean { get; }

    public DeviceBuffer<float> LastInverseDeviation { get; }

    /// <summary>[rows, output columns], before rows are scaled to length 1.</summary>
    public DeviceBuffer<float> Projected { get; }

    /// <summary>[rows, output columns]</summary>
    public DeviceBuffer<float> Embeddings { get; }

    public DeviceBuffer<float> ProjectedGradient { get; }

    /// <summary>[rows, d], by the stream where the backward pass is.</summary>
    public DeviceBuffer<float> Gradient { get; }

    /// <summary>[rows, d], by what a norm gave.</summary>
    public DeviceBuffer<float> Branch { get; }

    /// <summary>[rows, d], by what a norm took.</summary>
    public DeviceBuffer<float> SourceGradient { get; }

    /// <summary>[rows, 4 d]</summary>
    public DeviceBuffer<float> HiddenGradient { get; }

    public void Dispose() => held.ForEach(buffer => buffer.Dispose());
}
