using Gim.Evaluate;

namespace Gim.Train.Data;

/// <summary>
/// Training sequences cut from several sources by weight. Which source the sequence of a number is from, and where it
/// starts, follow from the seed and that number alone, so that a run which goes on at any step reads what it would have
/// read. Both follow golden rotations: after any number of sequences each source has had its share but for a few, and its
/// k sequences are spread evenly over its text (drawn at random, k sequences that could cover a text once leave 37 % of
/// it unread; these leave 11 %, and twice as many leave none).
/// </summary>
internal sealed class SequenceMixture
{
    private readonly ITrainingTokens[] texts;
    private readonly int length;
    private readonly ulong turn;
    private readonly ulong[] starts;

    // Source s has the part [bounds[s], bounds[s + 1]) of the circle, in units of 2^-64.
    private readonly UInt128[] bounds;

    /// <param name="sources">Weights are positive numbers; what counts is their ratio.</param>
    /// <param name="length">Tokens of a sequence.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="InputException">A source is shorter than a sequence, or a weight is not a positive number.</exception>
    public SequenceMixture(IReadOnlyList<(ITrainingTokens Tokens, string Name, double Weight)> sources, int length, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (sources.Count == 0)
            throw new ArgumentException("there is no source to train on", nameof(sources));
        foreach (var (tokens, name, weight) in sources)
        {
            if (!(weight > 0 && double.IsFinite(weight)))
                throw new InputException($"the weight of the training text \"{name}\" is {weight}; it must be a positive number");
            if (tokens.TokenCount < length)
            {
                throw new InputException(
                    $"the training text \"{name}\" has {tokens.TokenCount:N0} tokens to train on, {length - tokens.TokenCount:N0} fewer than the {length:N0} of one sequence; give it more text or shorten the sequences");
            }
        }
        this.length = length;
        texts = [.. sources.Select(source => source.Tokens)];
        bounds = Bounds([.. sources.Select(source => source.Weight)]);
        var random = new SeededRandom(seed);
        turn = random.Next();
        starts = [.. sources.Select(_ => random.Next())];
    }

    /// <summary>Copies the sequence of a number.</summary>
    /// <param name="number">At least 0.</param>
    /// <param name="tokens">[length].</param>
    /// <returns>The source's index.</returns>
    public int Fill(long number, Span<int> tokens)
    {
        if (tokens.Length != length)
            throw new ArgumentException($"a sequence has {length:N0} tokens, not {tokens.Length:N0}", nameof(tokens));
        var (source, start) = Place(number);
        texts[source].Read(start, tokens);
        return source;
    }

    /// <summary>The source of the sequence of a number, and the position in it where it starts.</summary>
    public (int Source, long Start) Place(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ulong point = GoldenRotation.At(turn, number);
        int source = 0;
        while (point >= bounds[source + 1])
            source++;
        // The source's how-manieth sequence this is decides where it starts.
        long before = GoldenRotation.Count(turn, number, bounds[source], bounds[source + 1]);
        ulong places = (ulong)(texts[source].TokenCount - length) + 1;
        return (source, (long)Math.BigMul(GoldenRotation.At(starts[source], before), places, out _));
    }

    private static UInt128[] Bounds(double[] weights)
    {
        // Divided by the largest first: the sum of huge weights would be infinite.
        double largest = weights.Max(), total = weights.Sum(weight => weight / largest), sum = 0;
        var bounds = new UInt128[weights.Length + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] / largest;
            bounds[i + 1] = UInt128.Min((UInt128)(sum / total * Math.ScaleB(1, 64)), (UInt128)1 << 64);
        }
        bounds[^1] = (UInt128)1 << 64;
        return bounds;
    }
}
