using Gim.Kernels.Devices;

namespace Gim.Similarity;

/// <summary>
/// Embeddings of a text that grows: a banded model sees only the last tokens in every layer, so their keys and values are
/// kept, and a new token costs one row however long the text is. Gives what <see cref="SimilarityNetwork.EmbedAll"/> gives
/// for the whole text, up to rounding. Memory stays the same for ever.
/// </summary>
public sealed class StreamingEncoder : IDisposable
{
    /// <summary>Rows of a step at most: longer texts are taken in steps, so that what lies between layers stays small.</summary>
    private const int MostRows = 256;

    private readonly SimilarityNetwork network;
    private readonly DeviceBuffer<float>[] kept;
    private readonly int capacity;
    private int filled;

    /// <exception cref="ArgumentException">The model has no band: every new token would need all before it.</exception>
    public StreamingEncoder(SimilarityNetwork network)
    {
        SimilarityConfiguration configuration = network.Configuration;
        if (configuration.Band == 0)
            throw new ArgumentException($"a model with {configuration.Positions.ToString().ToLowerInvariant()} positions sees all earlier tokens and cannot stream", nameof(network));
        this.network = network;
        // Twice the band, so that moving it to the front copies between places apart.
        capacity = 2 * (configuration.Band - 1) + MostRows;
        kept = [.. Enumerable.Range(0, configuration.Layers).Select(_ =>
            network.Device.AllocateFloats(checked(capacity * 3 * configuration.Columns), "use a similarity model with a narrower band"))];
    }

    /// <summary>Begins another text.</summary>
    public void Reset() => filled = 0;

    /// <summary>Adds tokens and gives the embedding of each: of the text that ends with it.</summary>
    /// <param name="tokens">[n]</param>
    /// <param name="destination">[n, output columns]</param>
    public void Append(ReadOnlySpan<int> tokens, DeviceView<float> destination)
    {
        int columns = network.Configuration.OutputColumns;
        for (int done = 0; done < tokens.Length; done += MostRows)
        {
            int count = Math.Min(MostRows, tokens.Length - done);
            Step(tokens.Slice(done, count), destination.Slice(done * columns, count * columns));
        }
    }

    private void Step(ReadOnlySpan<int> tokens, DeviceView<float> destination)
    {
        SimilarityConfiguration configuration = network.Configuration;
        Device device = network.Device;
        int count = tokens.Length, d = configuration.Columns, width = 3 * d;
        if (filled + count > capacity) MoveToFront(width);
        NetworkBuffers buffers = network.BuffersFor(count);
        DeviceView<float> stream = buffers.Stream.Slice(0, count * d), normal = buffers.Normal.Slice(0, count * d);
        DeviceView<int> indexes = buffers.Indexes.Slice(0, count);
        device.Upload(tokens, indexes);
        device.GatherRows(network.Weights.Tokens, indexes, configuration.Vocabulary, d, stream);
        var shape = new AttentionShape(1, filled + count, configuration.Heads, configuration.HeadSize) { Window = configuration.Band, FirstQuery = filled };
        for (int layer = 0; layer < configuration.Layers; layer++)
        {
            BlockWeights block = network.Weights.Blocks[layer];
            network.Normalize(stream, block.AttentionGain, block.AttentionBias, count, normal);
            device.Multiply(normal, block.In, new ProductShape(count, width, d) { TransposeB = true }, kept[layer].Slice(filled * width, count * width), block.InBias);
            device.Attention(kept[layer].Slice(0, (filled + count) * width), shape, block.Terms, normal, buffers.LogSumExp.Slice(0, count * configuration.Heads));
            network.AfterAttention(block, normal, count, stream);
        }
        filled += count;
        network.Finish(stream, count, destination);
    }

    /// <summary>Keeps only what the next token sees.</summary>
    private void MoveToFront(int width)
    {
        int rows = Math.Min(network.Configuration.Band - 1, filled);
        foreach (DeviceBuffer<float> layer in kept)
        {
            if (rows > 0) network.Device.Scale(layer.Slice((filled - rows) * width, rows * width), 1, layer.Slice(0, rows * width));
        }
        filled = rows;
    }

    public void Dispose()
    {
        foreach (DeviceBuffer<float> layer in kept)
            layer.Dispose();
    }
}
