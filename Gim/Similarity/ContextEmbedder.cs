using Gim.Kernels.Devices;

namespace Gim.Similarity;

/// <summary>
/// Embeddings of every position of a context, in the way the model was trained for. Streaming models take one pass.
/// Windowed ones take every window of k tokens by itself; the positions before the first whole window stand for the
/// shorter contexts inside it.
/// </summary>
internal sealed class ContextEmbedder(SimilarityNetwork network, int window)
{
    /// <summary>Rows of a pass at most: what lies between layers then stays in the caches of a processor, and small on a GPU.</summary>
    private const int RowsOfPass = 4096;

    /// <summary>Whether positions are embedded from all tokens before them that the layers reach.</summary>
    public bool Streams => network.Configuration.Mode == EmbeddingMode.Streaming;

    /// <summary>Embeds every position of several stretches of one length.</summary>
    /// <param name="tokens">[stretches · length]</param>
    /// <param name="destination">[stretches · length, output columns]</param>
    public void Embed(ReadOnlySpan<int> tokens, int stretches, int length, DeviceView<float> destination)
    {
        int columns = network.Configuration.OutputColumns;
        if (Streams)
        {
            int each = Math.Max(1, RowsOfPass / length);
            for (int first = 0; first < stretches; first += each)
            {
                int count = Math.Min(each, stretches - first);
                network.EmbedAll(
                    tokens.Slice(first * length, count * length), count, length, destination.Slice(first * length * columns, count * length * columns));
            }
            return;
        }
        for (int i = 0; i < stretches; i++)
            Windows(tokens.Slice(i * length, length), destination.Slice(i * length * columns, length * columns));
    }

    /// <summary>Embeds the positions inside one window that starts at a stretch's first token: contexts shorter than k.</summary>
    /// <param name="destination">[min(k, tokens), output columns]</param>
    public void Shorter(ReadOnlySpan<int> tokens, DeviceView<float> destination)
        => network.EmbedAll(tokens[..Math.Min(window, tokens.Length)], 1, Math.Min(window, tokens.Length), destination);

    /// <summary>Embeds some positions of one stretch by windows, each as if all had been asked for.</summary>
    /// <param name="positions">[n], ascending.</param>
    /// <param name="destination">[n, output columns]</param>
    public void WindowsAt(ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, DeviceView<float> destination)
    {
        int columns = network.Configuration.OutputColumns, first = 0;
        // Contexts shorter than k have each its own length.
        for (; first < positions.Length && positions[first] < window - 1; first++)
            network.EmbedLast(tokens[..(positions[first] + 1)], 1, positions[first] + 1, destination.Slice(first * columns, columns));
        Whole(tokens, positions[first..], destination.Slice(first * columns, (positions.Length - first) * columns));
    }

    private void Windows(ReadOnlySpan<int> tokens, DeviceView<float> destination)
    {
        int columns = network.Configuration.OutputColumns, first = Math.Min(window, tokens.Length);
        Shorter(tokens, destination.Slice(0, first * columns));
        int[] later = new int[tokens.Length - first];
        for (int i = 0; i < later.Length; i++)
            later[i] = first + i;
        Whole(tokens, later, destination.Slice(first * columns, later.Length * columns));
    }

    /// <summary>Embeds positions that have a whole window.</summary>
    private void Whole(ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, DeviceView<float> destination)
    {
        int columns = network.Configuration.OutputColumns;
        int each = Math.Max(1, RowsOfPass / window);
        int[] rows = new int[each * window];
        // The window that ends at position p begins at p - k + 1.
        for (int start = 0; start < positions.Length; start += each)
        {
            int count = Math.Min(each, positions.Length - start);
            for (int i = 0; i < count; i++)
                tokens.Slice(positions[start + i] - window + 1, window).CopyTo(rows.AsSpan(i * window));
            network.EmbedLast(rows.AsSpan(0, count * window), count, window, destination.Slice(start * columns, count * columns));
        }
    }
}
