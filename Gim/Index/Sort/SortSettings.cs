namespace Gim.Index.Sort;

/// <summary>How a suffix sort is carried out. Whatever is set, the result is the same.</summary>
/// <param name="Threads">At most so many at a time.</param>
internal sealed record SortSettings(int Threads)
{
    /// <summary>
    /// From so many threads on, they sweep together. Two are no faster than one: they write to the same lines of memory, and
    /// each place is read and written once more.
    /// </summary>
    public int SweepTogetherFrom { get; init; } = 4;

    /// <summary>Places that several threads sweep together before they wait for each other.</summary>
    public int Block { get; init; } = 1 << 20;

    /// <summary>Texts shorter than this are sorted by one thread: starting more would take longer.</summary>
    public int ParallelFrom { get; init; } = 1 << 18;

    /// <summary>Suffixes of a group sorted by keys that are all read beforehand; larger groups are split first.</summary>
    public int Group { get; init; } = 1 << 16;

    /// <summary>Bytes of texts of this length are distributed by two symbols at a time, which takes larger tables.</summary>
    public int PairsFrom { get; init; } = 1 << 16;

    /// <summary>64-bit keys that are compared before suffixes count as tied and the recursion decides.</summary>
    public int Keys { get; init; } = 6;

    /// <summary>Counts the memory that the sort takes beside the text and the suffix array.</summary>
    public MemoryCount Memory { get; init; } = new();

    public bool SweepTogether => Threads > 1 && Threads >= SweepTogetherFrom;

    public SortSettings For(long length) => Threads == 1 || length >= ParallelFrom ? this : this with { Threads = 1 };
}
