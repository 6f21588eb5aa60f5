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
    public static int[] Reference<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IComparable<T>
    {
        T[] copy = text.ToArray();
        int[] positions = new int[copy.Length];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = i;
        Array.Sort(positions, (a, b) => copy.AsSpan(a).SequenceCompareTo(copy.AsSpan(b)));
        return positions;
    }

    /// <summary>Sorts bytes in linear time; see <see cref="InducedSort"/>.</summary>
    /// <param name="text">n symbols.</param>
    /// <param name="positions">Room for n positions.</param>
    /// <param name="threads">At most so many at a time; the result is the same for any number.</param>
    public static void Build(ReadOnlySpan<byte> text, Span<int> positions, int threads = 1, CancellationToken cancellation = default)
        => Build(text, byte.MaxValue + 1, positions, new SortSettings(threads), cancellation);

    /// <summary>Sorts 16-bit symbols in linear time; see <see cref="InducedSort"/>.</summary>
    /// <param name="text">n symbols.</param>
    /// <param name="positions">Room for n positions.</param>
    /// <param name="threads">At most so many at a time; the result is the same for any number.</param>
    public static void Build(ReadOnlySpan<ushort> text, Span<int> positions, int threads = 1, CancellationToken cancellation = default)
        => Build(text, ushort.MaxValue + 1, positions, new SortSettings(threads), cancellation);

    /// <summary>Sorts symbols in [0, <paramref name="alphabet"/>) in linear time.</summary>
    public static void Build(
        ReadOnlySpan<int> text, int alphabet, Span<int> positions, int threads = 1, CancellationToken cancellation = default)
        => Build(text, alphabet, positions, new SortSettings(threads), cancellation);

    /// <summary>Sorts symbols of any width with positions of any width.</summary>
    internal static unsafe void Build<TSymbol, TIndex>(
        ReadOnlySpan<TSymbol> text, int alphabet, Span<TIndex> positions, SortSettings settings, CancellationToken cancellation = default)
        where TSymbol : unmanaged
        where TIndex : unmanaged
    {
        if (text.Length != positions.Length)
            throw new ArgumentException($"{positions.Length} places for the suffixes of {text.Length} symbols; one each is needed");
        fixed (TSymbol* symbols = text)
        fixed (TIndex* suffixes = positions)
            InducedSort.Sort(symbols, text.Length, alphabet, suffixes, settings, SortProgress.None, cancellation);
    }
}
