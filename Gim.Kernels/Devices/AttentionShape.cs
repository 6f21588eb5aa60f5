namespace Gim.Kernels.Devices;

/// <summary>
/// Sizes of causal self-attention: every position (query) of a sequence looks at itself and at earlier positions (keys)
/// of the same sequence.
/// </summary>
/// <param name="Sequences">Sequences of one length, one after the other.</param>
/// <param name="Length">Positions of each.</param>
/// <param name="HeadSize">Columns of each head, at most <see cref="MaximumHeadSize"/>.</param>
public readonly record struct AttentionShape(int Sequences, int Length, int Heads, int HeadSize)
{
    /// <summary>A bound of the GPU kernels, whose shared memory holds rows of this size; all devices keep to it.</summary>
    public const int MaximumHeadSize = 128;

    private readonly float? scale;

    /// <summary>
    /// How many positions a query sees: itself and distances up to <c>Window - 1</c> (a band of the score matrix). At 0
    /// (the default) it sees all positions up to itself.
    /// </summary>
    public int Window { get; init; }

    /// <summary>
    /// The first position for which attention is wanted. Earlier ones serve as keys only: with a sequence's keys and values
    /// kept, a new position costs its own row.
    /// </summary>
    public int FirstQuery { get; init; }

    /// <summary>What scores are multiplied with; 1/√HeadSize unless set.</summary>
    public float Scale
    {
        get => scale ?? 1 / MathF.Sqrt(HeadSize);
        init => scale = value;
    }

    /// <summary>Columns of queries, of keys, and of values: the heads side by side.</summary>
    public int Columns => Heads * HeadSize;

    /// <summary>Positions for which attention is wanted, in each sequence.</summary>
    public int Queries => Length - FirstQuery;

    /// <summary>The window, where it is 0 the length: rows of the tables of relative terms.</summary>
    public int Distances => Window == 0 ? Length : Window;
}

/// <summary>
/// What attention may add for the distance between query and key (Shaw, Uszkoreit, Vaswani 2018; a bias as in T5). Row or
/// column u of each table is for the distance <c>Window - 1 - u</c>: the oldest position first, as keys lie in memory.
/// The default view of a table leaves the term out.
/// </summary>
public readonly record struct AttentionTerms
{
    /// <summary>[window, headSize], added to the keys; all heads share it.</summary>
    public DeviceView<float> RelativeKeys { get; init; }

    /// <summary>[window, headSize], added to the values.</summary>
    public DeviceView<float> RelativeValues { get; init; }

    /// <summary>[heads, window], added to the scores after they are scaled; -∞ hides a distance.</summary>
    public DeviceView<float> Bias { get; init; }

    internal bool HasKeys => RelativeKeys.Buffer is not null;

    internal bool HasValues => RelativeValues.Buffer is not null;

    internal bool HasBias => Bias.Buffer is not null;
}
