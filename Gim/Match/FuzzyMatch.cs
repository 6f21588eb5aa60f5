using Gim.Kernels.Devices;
using Gim.Similarity;

namespace Gim.Match;

/// <summary>
/// The fuzzy induction head (method section 1): every earlier position of the context votes for the token that followed
/// it, with the weight exp(-distance) of its context and the whole one, and the bonus of <see cref="VoteBonus"/> where the
/// model has one. A device works for one caller at a time, so calls
/// wait for each other.
/// </summary>
public sealed class FuzzyMatch : IDisposable
{
    /// <summary>Rows that go through the model together: enough to share its costs, few enough to stop soon.</summary>
    private const int RowsTogether = 1 << 14;

    private readonly SimilarityNetwork network;
    private readonly ContextEmbedder embedder;
    private readonly VoteBonus bonus;
    private readonly Lock gate = new();
    private DeviceBuffer<float>? embeddings;

    /// <param name="network">Stays the caller's to dispose.</param>
    /// <param name="temperature">T of the cosine distance; null: the model's.</param>
    /// <param name="window">k of windowed models; null: the model's.</param>
    /// <param name="matchBonus">What each token of a literal match adds to the logarithm of a vote, up to 8 tokens; null: the model's.</param>
    /// <param name="recency">What 1,024 tokens of distance take from it; null: the model's.</param>
    public FuzzyMatch(SimilarityNetwork network, double? temperature = null, int? window = null, double? matchBonus = null, double? recency = null)
    {
        this.network = network;
        Temperature = temperature ?? network.Configuration.Temperature;
        Window = window ?? network.Configuration.Window;
        MatchBonus = matchBonus ?? network.Configuration.MatchBonus;
        Recency = recency ?? network.Configuration.Recency;
        bonus = new VoteBonus(MatchBonus, Recency);
        embedder = new ContextEmbedder(network, Window);
    }

    public double Temperature { get; }

    public int Window { get; }

    /// <summary>b of <see cref="VoteBonus"/>.</summary>
    public double MatchBonus { get; }

    /// <summary>r of <see cref="VoteBonus"/>.</summary>
    public double Recency { get; }

    /// <summary>
    /// The head over a text that grows, for models that stream; null for others, whose windows are embedded one by one. It
    /// works on the same device: one caller at a time.
    /// </summary>
    /// <param name="context">n: only the last n tokens count.</param>
    public GrowingContext? Grow(int context)
        => embedder.Streams ? new GrowingContext(network, context, Temperature, MatchBonus, Recency) : null;

    /// <summary>How many stretches of so many tokens are best weighed in one call: for more the device is not busier.</summary>
    public int StretchesTogether(int length) => (int)Math.Max(1, RowsTogether / ((long)length * (embedder.Streams ? 1 : Window)));

    /// <summary>Weighs every earlier position of <paramref name="context"/> and fills <paramref name="result"/>.</summary>
    public void Find(ReadOnlySpan<int> context, MatchResult result)
    {
        float[] weights = new float[Math.Max(0, context.Length - 1)];
        if (weights.Length > 0) Weigh(context, 1, context.Length, 1, weights);
        Fill(weights, result);
    }

    /// <summary>Fills <paramref name="result"/> with the votes of positions 0 to n - 2 for the tokens at 1 to n - 1.</summary>
    public static void Fill(ReadOnlySpan<float> weights, MatchResult result)
    {
        result.Begin(MatchSource.Similarity);
        for (int j = 0; j < weights.Length; j++)
        {
            result.InContext.Add(j + 1);
            result.Weights.Add(weights[j]);
        }
    }

    /// <summary>
    /// The weights of many contexts at once. A stretch is a context of n tokens and those that follow it: its i-th context
    /// begins i tokens later, so that successive contexts share their embeddings. (A streaming model embeds the positions
    /// of later contexts with what the stretch has before them, as it would in a text that goes on.)
    /// </summary>
    /// <param name="tokens">[stretches · (context + each - 1)]</param>
    /// <param name="context">n, at least 2.</param>
    /// <param name="each">Contexts in a stretch.</param>
    /// <param name="weights">[stretches, each, n - 1]: of the positions of each context but its last.</param>
    public void Weigh(ReadOnlySpan<int> tokens, int stretches, int context, int each, Span<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stretches);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(each, 1);
        int length = context + each - 1, columns = network.Configuration.OutputColumns, keys = length - 1, earlier = context - 1;
        if (tokens.Length != (long)stretches * length)
            throw new ArgumentException($"there are {tokens.Length} tokens where {stretches} stretches of {length} have {(long)stretches * length}", nameof(tokens));
        if (weights.Length != (long)stretches * each * earlier)
            throw new ArgumentException($"there is room for {weights.Length} weights where {stretches} stretches of {each} contexts have {(long)stretches * each * earlier}", nameof(weights));
        lock (gate)
        {
            DeviceView<float> rows = Embeddings(checked(stretches * length * columns));
            embedder.Embed(tokens, stretches, length, rows);
            float[] all = new float[each * keys];
            for (int s = 0; s < stretches; s++)
            {
                DeviceView<float> own = rows.Slice(s * length * columns, length * columns), queries = own.Slice(earlier * columns, each * columns);
                ContextSimilarity.Weights(network, queries, own.Slice(0, keys * columns), each, keys, earlier, Temperature, all);
                RequireNumbers(all);
                for (int i = 0; i < each; i++)
                {
                    Span<float> to = weights.Slice((s * each + i) * earlier, earlier);
                    all.AsSpan(i * keys + i, earlier).CopyTo(to);
                    // The first positions of a later context stand for contexts that begin with it, not before.
                    if (i > 0 && !embedder.Streams)
                        WeighShorter(tokens.Slice(s * length + i, context), queries.Slice(i * columns, columns), to[..Math.Min(Window, earlier)]);
                    bonus.Apply(tokens.Slice(s * length + i, context), to);
                }
            }
        }
    }

    /// <exception cref="InputException">A weight is none: the model's own values left the range of float32.</exception>
    private static void RequireNumbers(ReadOnlySpan<float> weights)
    {
        foreach (float weight in weights)
        {
            if (!float.IsFinite(weight))
                throw new InputException("the similarity model gives embeddings that are not finite numbers: its weights are too large, or the file is damaged; use another \"similarityModel\"");
        }
    }

    private void WeighShorter(ReadOnlySpan<int> context, DeviceView<float> query, Span<float> weights)
    {
        int columns = network.Configuration.OutputColumns;
        using DeviceBuffer<float> rows = network.Device.AllocateFloats(Math.Min(Window, context.Length) * columns);
        embedder.Shorter(context, rows);
        // A context that fits into a window is itself one of them.
        if (context.Length <= Window) query = rows.Slice((context.Length - 1) * columns, columns);
        ContextSimilarity.Weights(network, query, rows.Slice(0, weights.Length * columns), 1, weights.Length, weights.Length, Temperature, weights);
    }

    private DeviceView<float> Embeddings(int count)
    {
        if (embeddings is null || embeddings.Length < count)
        {
            embeddings?.Dispose();
            embeddings = network.Device.AllocateFloats(count, "lower \"context\" or \"consecutive\"");
        }
        return embeddings.Slice(0, count);
    }

    public void Dispose() => embeddings?.Dispose();
}
