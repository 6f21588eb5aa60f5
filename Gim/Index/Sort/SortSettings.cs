namespace Gim.Index.Sort;

/// <summary>How a suffix sort is carried out. Whatever is set, the result is the same.</summary>
/// <param name="Threads">At most so many at a time.</param>
internal sealed record SortSettings(int Threads)
{
    /// <summary>Places that several threads sweep together before they wait for each other.</summary>
    public int Block { get; init; } = 1 << 18;

    /// <summary>Texts shorter than this are sorted by one thread: starting more would take longer.</summary>
    public int ParallelFrom { get; init; } = 1 << 18;

    /// <summary>Suffixes of a group sorted by keys that are all read beforehand; larger groups are split first.</summary>
    public int Group { get; init; } = 1 << 16;

    /// <summary>64-bit keys that are compared before suffixes count as tied and the recursion decides.</summary>
    public int Keys { get; init; } = 6;

    /// <summary>Counts the memory that the sort takes beside the text and the suffix array.</summary>
    public MemoryCount Memory { get; init; } = new();

    public SortSettings For(long length) => Threads == 1 || length >= ParallelFrom ? this : this with { Threads = 1 };
}
