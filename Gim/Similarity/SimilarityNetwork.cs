using Gim.Kernels.Devices;
using Gim.Similarity.Weights;

namespace Gim.Similarity;

/// <summary>
/// The similarity transformer (method section 2) on a device: contexts in, embeddings out. Pre-LayerNorm blocks of causal
/// attention and a hidden layer of 4 d with exact GELU, a final LayerNorm and a projection without bias. Outputs are rows
/// of length 1 where contexts are compared by cosine, else as they are. Used by one thread at a time.
/// </summary>
public sealed class SimilarityNetwork : IDisposable
{
    private readonly SimilarityWeights weights;
    private NetworkBuffers buffers;

    /// <param name="weights">The network's own from now on.</param>
    internal SimilarityNetwork(SimilarityConfiguration configuration, SimilarityWeights weights, Device device)
    {
        Configuration = configuration;
        this.weights = weights;
        Device = device;
        buffers = new NetworkBuffers(device, configuration, 0);
    }

    public SimilarityConfiguration Configuration { get; }

    public Device Device { get; }

    internal SimilarityWeights Weights => weights;

    /// <summary>Takes a file's weights to a device, which stays the caller's.</summary>
    /// <exception cref="InputException">The file does not hold a similarity model.</exception>
    public static SimilarityNetwork Load(WeightFile file, Device device, string path)
    {
        SimilarityConfiguration configuration = SimilarityConfiguration.Read(file.Metadata, path);
        return new SimilarityNetwork(configuration, SimilarityWeights.Load(file, configuration, device, path), device);
    }

    /// <summary>Floating-point operations of the products of one pass over windows, of which only the last rows are wanted.</summary>
    public double OperationsOfLastRows(int sequences, int length)
    {
        double d = Configuration.Columns, rows = (double)sequences * length, whole = 24 * d * d * rows;
        double lastLayer = 4 * d * d * rows + (2 + 2 + 16) * d * d * sequences;
        return (Configuration.Layers - 1) * whole + lastLayer + 2 * d * Configuration.OutputColumns * sequences;
    }

    /// <summary>The embedding of every position of every sequence: of the context that ends there.</summary>
    /// <param name="tokens">[sequences · length], each from 0 to V - 1.</param>
    /// <param name="destination">[sequences · length, output columns]</param>
    public void EmbedAll(ReadOnlySpan<int> tokens, int sequences, int length, DeviceView<float> destination)
        => Embed(tokens, sequences, length, lastOnly: false, destination);

    /// <summary>The embedding of every sequence's last position.</summary>
    /// <param name="tokens">[sequences · length]</param>
    /// <param name="destination">[sequences, output columns]</param>
    public void EmbedLast(ReadOnlySpan<int> tokens, int sequences, int length, DeviceView<float> destination)
        => Embed(tokens, sequences, length, lastOnly: true, destination);

    private void Embed(ReadOnlySpan<int> tokens, int sequences, int length, bool lastOnly, DeviceView<float> destination)
    {
        if (tokens.Length != (long)sequences * length)
            throw new ArgumentException($"there are {tokens.Length} tokens where {sequences} sequences of {length} have {(long)sequences * length}", nameof(tokens));
        if (Configuration.MaximumLength > 0 && length > Configuration.MaximumLength)
            throw new ArgumentException($"sequences of {length} tokens are longer than the model's {Configuration.MaximumLength}", nameof(length));
        if (tokens.IsEmpty) return;
        int rows = tokens.Length, d = Configuration.Columns;
        if (buffers.Rows < rows)
        {
            buffers.Dispose();
            buffers = new NetworkBuffers(Device, Configuration, rows);
        }
        DeviceView<float> stream = buffers.Stream.Slice(0, rows * d);
        Start(tokens, length, stream);
        for (int layer = 0; layer < Configuration.Layers; layer++)
        {
            bool shrink = lastOnly && layer == Configuration.Layers - 1;
            Block(weights.Blocks[layer], sequences, length, shrink, ref stream);
        }
        Finish(stream, lastOnly ? sequences : rows, destination);
    }

    /// <summary>Token embeddings, with those of the positions where the model has them.</summary>
    private void Start(ReadOnlySpan<int> tokens, int length, DeviceView<float> stream)
    {
        int d = Configuration.Columns;
        DeviceView<int> indexes = buffers.Indexes.Slice(0, tokens.Length);
        Device.Upload(tokens, indexes);
        Device.GatherRows(weights.Tokens, indexes, Configuration.Vocabulary, d, stream);
        if (weights.Positions is not { } positions) return;
        Device.Upload(buffers.Numbers(tokens.Length, i => i % length), indexes);
        DeviceView<float> rows = buffers.Normal.Slice(0, stream.Length);
        Device.GatherRows(positions, indexes, Configuration.MaximumLength, d, rows);
        Device.Add(stream, rows, stream);
    }

    /// <param name="shrink">Whether only the sequences' last rows are wanted of what this block gives.</param>
    private void Block(BlockWeights block, int sequences, int length, bool shrink, ref DeviceView<float> stream)
    {
        int rows = sequences * length, d = Configuration.Columns;
        DeviceView<float> normal = buffers.Normal.Slice(0, rows * d), all = buffers.QueriesKeysValues.Slice(0, rows * 3 * d);
        Normalize(stream, block.AttentionGain, block.AttentionBias, rows, normal);
        Device.Multiply(normal, block.In, new ProductShape(rows, 3 * d, d) { TransposeB = true }, all, block.InBias);
        var shape = new AttentionShape(sequences, length, Configuration.Heads, Configuration.HeadSize) { Window = Configuration.Band, FirstQuery = shrink ? length - 1 : 0 };
        int kept = shrink ? sequences : rows;
        DeviceView<float> attended = normal.Slice(0, kept * d);
        Device.Attention(all, shape, block.Terms, attended, buffers.LogSumExp.Slice(0, kept * Configuration.Heads));
        if (shrink)
        {
            DeviceView<int> last = buffers.Indexes.Slice(0, sequences);
            Device.Upload(buffers.Numbers(sequences, i => i * length + length - 1), last);
            DeviceView<float> lastRows = all.Slice(0, kept * d);
            Device.GatherRows(stream, last, rows, d, lastRows);
            stream = stream.Slice(0, kept * d);
            Device.Scale(lastRows, 1, stream);
        }
        AfterAttention(block, attended, kept, stream);
    }

    /// <summary>The rest of a block: projection, hidden layer, and both residuals.</summary>
    /// <param name="attended">[rows, d]; overwritten.</param>
    internal void AfterAttention(BlockWeights block, DeviceView<float> attended, int rows, DeviceView<float> stream)
    {
        int d = Configuration.Columns;
        Device.Multiply(attended, block.Out, new ProductShape(rows, d, d) { TransposeB = true, Beta = 1 }, stream, block.OutBias);
        Normalize(stream, block.HiddenGain, block.HiddenBias, rows, attended);
        DeviceView<float> hidden = buffers.Hidden.Slice(0, rows * 4 * d);
        Device.Multiply(attended, block.Up, new ProductShape(rows, 4 * d, d) { TransposeB = true, Gelu = true }, hidden, block.UpBias);
        Device.Multiply(hidden, block.Down, new ProductShape(rows, d, 4 * d) { TransposeB = true, Beta = 1 }, stream, block.DownBias);
    }

    /// <summary>The final norm, the projection, and rows of length 1 where the model compares by cosine.</summary>
    internal void Finish(DeviceView<float> stream, int rows, DeviceView<float> destination)
    {
        int d = Configuration.Columns, columns = Configuration.OutputColumns;
        DeviceView<float> normal = buffers.Normal.Slice(0, rows * d);
        Normalize(stream, weights.Gain, weights.Bias, rows, normal);
        Device.Multiply(normal, weights.Output, new ProductShape(rows, columns, d) { TransposeB = true }, destination);
        if (Configuration.Similarity == SimilarityFunction.Cosine)
            Device.NormalizeRows(destination, rows, columns, destination);
    }

    internal void Normalize(DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, DeviceView<float> destination)
        => Device.LayerNorm(source, gain, bias, rows, Configuration.Columns, destination, buffers.Mean.Slice(0, rows), buffers.InverseDeviation.Slice(0, rows));

    /// <summary>Room for passes over so many rows, so that the first one does not find too little.</summary>
    internal NetworkBuffers BuffersFor(int rows)
    {
        if (buffers.Rows >= rows) return buffers;
        buffers.Dispose();
        return buffers = new NetworkBuffers(Device, Configuration, rows);
    }

    public void Dispose()
    {
        buffers.Dispose();
        weights.Dispose();
    }
}
