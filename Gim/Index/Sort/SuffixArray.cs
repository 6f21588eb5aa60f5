namespace Gim.Index.Sort;

/// <summary>
/// Suffix arrays over symbols: the start positions of all suffixes in ascending order, where the end of the text sorts
/// before every symbol and suffixes run on to the end of the text, over document borders.
/// </summary>
public static class SuffixArray
{
    /// <summary>Longest text that can be sorted in one piece.</summary>
    public const int MaxLength = int.MaxValue - 64;

    /// <summary>The definition: compare suffixes symbol by symbol. Quadratic; for tests and as a baseline.</summary>
    public static int[] Reference(ReadOnlySpan<ushort> text)
    {
        ushort[] copy = text.ToArray();
        int[] positions = new int[copy.Length];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = i;
        Array.Sort(positions, (a, b) => copy.AsSpan(a).SequenceCompareTo(copy.AsSpan(b)));
        return positions;
    }

    /// <summary>Sorts 16-bit symbols in linear time; see <see cref="InducedSort"/>.</summary>
    /// <param name="text">n symbols.</param>
    /// <param name="positions">Room for n positions.</param>
    public static unsafe void Build(ReadOnlySpan<ushort> text, Span<int> positions, CancellationToken cancellation = default)
    {
        CheckLengths(text.Length, positions.Length);
        fixed (ushort* symbols = text)
        fixed (int* suffixes = positions)
            InducedSort.Sort(symbols, text.Length, ushort.MaxValue + 1, suffixes, SortProgress.None, cancellation);
    }

    /// <summary>Sorts symbols in [0, <paramref name="alphabet"/>) in linear time.</summary>
    public static unsafe void Build(
        ReadOnlySpan<int> text, int alphabet, Span<int> positions, CancellationToken cancellation = default)
    {
        CheckLengths(text.Length, positions.Length);
        fixed (int* symbols = text)
        fixed (int* suffixes = positions)
            InducedSort.Sort(symbols, text.Length, alphabet, suffixes, SortProgress.None, cancellation);
    }

    private static void CheckLengths(int text, int positions)
    {
        if (text != positions)
            throw new ArgumentException($"{positions} places for the suffixes of {text} symbols; one each is needed");
    }
}
