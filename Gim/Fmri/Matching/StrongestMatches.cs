namespace Gim.Fmri.Matching;

/// <summary>The rows that weighed most for each row, strongest first: what a matched value can be shown to be made of.</summary>
/// <param name="rows">Rows that were matched.</param>
/// <param name="each">The most that are kept for each.</param>
internal sealed class StrongestMatches(int rows, int each)
{
    private readonly int[] matches = new int[checked(rows * each)], counts = new int[rows];
    private readonly float[] weights = new float[checked(rows * each)];

    /// <summary>The most that are kept for a row.</summary>
    public int Each => each;

    /// <summary>The rows that <paramref name="row"/> was matched with; fewer than <see cref="Each"/> where there were no more.</summary>
    public ReadOnlySpan<int> Rows(int row) => matches.AsSpan(row * each, counts[row]);

    /// <summary>Their weights, of all weights that add up to 1.</summary>
    public ReadOnlySpan<float> Weights(int row) => weights.AsSpan(row * each, counts[row]);

    /// <summary>Adds the next weaker match of a row; one too many is dropped.</summary>
    public void Add(int row, int match, float weight)
    {
        if (counts[row] == each) return;
        matches[row * each + counts[row]] = match;
        weights[row * each + counts[row]++] = weight;
    }
}

/// <param name="Values">[rows, value columns]</param>
internal sealed record MatchedValues(Matrix Values, StrongestMatches Strongest);
