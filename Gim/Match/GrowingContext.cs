using Gim.Kernels.Devices;
using Gim.Similarity;

namespace Gim.Match;

/// <summary>
/// The fuzzy induction head over a context that grows a token at a time, as text that is being read or written: a new
/// token costs one row of the model and one product with the embeddings kept of the last n - 1 positions. Memory stays
/// the same for ever. For models that stream; used by one thread at a time.
/// </summary>
public sealed class GrowingContext : IDisposable
{
    private readonly SimilarityNetwork network;
    private readonly StreamingEncoder encoder;
    private readonly DeviceBuffer<float> embeddings, onDevice;
    private readonly int[] tokens;
    private readonly float[] weights;
    private readonly int context, capacity;
    private readonly float inverseTemperature;
    private readonly VoteBonus bonus;
    private int filled;

    /// <param name="network">Stays the caller's to dispose.</param>
    /// <param name="context">n: only the last n tokens count.</param>
    /// <param name="temperature">T of the cosine distance; null: the model's.</param>
    /// <param name="matchBonus">As of <see cref="FuzzyMatch"/>.</param>
    /// <param name="recency">As of <see cref="FuzzyMatch"/>.</param>
    /// <exception cref="ArgumentException">The model cannot stream.</exception>
    public GrowingContext(SimilarityNetwork network, int context, double? temperature = null, double? matchBonus = null, double? recency = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        if (network.Configuration.Similarity != SimilarityFunction.Cosine)
            throw new ArgumentException("a model that streams compares by cosine", nameof(network));
        this.network = network;
        this.context = context;
        encoder = new StreamingEncoder(network);
        bonus = new VoteBonus(matchBonus ?? network.Configuration.MatchBonus, recency ?? network.Configuration.Recency);
        inverseTemperature = (float)(1 / (temperature ?? network.Configuration.Temperature));
        // Twice the context: what is kept moves to the front once in n tokens, between places apart.
        capacity = checked(2 * context);
        tokens = new int[capacity];
        weights = new float[context];
        embeddings = network.Device.AllocateFloats(checked(capacity * network.Configuration.OutputColumns), "lower \"context\"");
        onDevice = network.Device.AllocateFloats(context);
    }

    /// <summary>The last tokens, at most n: what predictions rest on.</summary>
    public ReadOnlySpan<int> Context => tokens.AsSpan(0, filled)[^Math.Min(filled, context)..];

    /// <summary>Adds tokens to the end.</summary>
    public void Append(ReadOnlySpan<int> more)
    {
        int columns = network.Configuration.OutputColumns;
        while (!more.IsEmpty)
        {
            if (filled == capacity) MoveToFront(columns);
            int count = Math.Min(more.Length, capacity - filled);
            more[..count].CopyTo(tokens.AsSpan(filled));
            encoder.Append(more[..count], embeddings.Slice(filled * columns, count * columns));
            filled += count;
            more = more[count..];
        }
    }

    /// <summary>Weighs the positions of <see cref="Context"/> and fills <paramref name="result"/>, as <see cref="FuzzyMatch.Find"/>.</summary>
    public void Find(MatchResult result)
    {
        int columns = network.Configuration.OutputColumns, keys = Math.Min(filled, context) - 1;
        Span<float> found = weights.AsSpan(0, Math.Max(0, keys));
        if (keys > 0)
        {
            DeviceView<float> destination = onDevice.Slice(0, keys);
            network.Device.SimilarityWeights(
                embeddings.Slice((filled - 1) * columns, columns), embeddings.Slice((filled - 1 - keys) * columns, keys * columns), 1, keys, columns, keys,
                inverseTemperature, destination);
            network.Device.Download(destination, found);
            bonus.Apply(Context, found);
        }
        FuzzyMatch.Fill(found, result);
    }

    private void MoveToFront(int columns)
    {
        int kept = context - 1;
        if (kept > 0)
            network.Device.Scale(embeddings.Slice((filled - kept) * columns, kept * columns), 1, embeddings.Slice(0, kept * columns));
        tokens.AsSpan(filled - kept, kept).CopyTo(tokens);
        filled = kept;
    }

    public void Dispose()
    {
        encoder.Dispose();
        embeddings.Dispose();
        onDevice.Dispose();
    }
}
