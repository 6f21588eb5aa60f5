using System.Globalization;
using Gim.Index.Sort;

namespace Gim.Index.Build;

/// <summary>
/// What a build takes in memory, and from that the tokens of a shard. Tokenising takes batches of text for every
/// thread; sorting takes, for each token of one shard, its symbol, its place in the suffix array and the sorter's own.
/// They follow one another, so the larger counts; both come on top of the program and its tokenizer.
/// </summary>
internal static class BuildMemory
{
    /// <summary>The most tokens of a shard, however much memory there is: what the original engine states for its own.</summary>
    public const long LongestShard = 1L << 39;

    // Least tokens of a shard: below, an index would fall into thousands of files.
    private const long ShortestShard = 1 << 20;

    // The runtime, the program's code, and the heap without text, as measured.
    private const long ProgramBytes = 95_000_000;

    // A tokenizer's tables and the pieces it remembers, for each token of the vocabulary, as measured with GPT-2's.
    private const long TokenizerBytes = 500;

    // A batch of text (2 bytes a character) with its tokens (4 bytes, at most one a character) and what growing them left behind.
    private const long BatchBytes = 4_000_000;

    /// <summary>Half of what the machine, or the container the program runs in, has.</summary>
    public static long Default => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    private static long Program(int vocabularySize) => ProgramBytes + TokenizerBytes * vocabularySize;

    /// <summary>Bytes that tokenising takes, whatever the shards' size. What a document is longer than a batch comes on top.</summary>
    public static long Tokenising(int vocabularySize, int threads)
        => Program(vocabularySize) + GarbageLimit.Bytes + BatchBytes * (threads + 2);

    /// <summary>Whether the memory is so small that the garbage of tokenising must be kept small.</summary>
    public static bool IsTight(long? memory, int vocabularySize, int threads)
        => (memory ?? Default) < 4 * Tokenising(vocabularySize, threads);

    /// <summary>Bytes that sorting a shard takes beside the program; positions need 64 bits where there are more than 32 can number.</summary>
    public static long Sorting(long tokens, TokenWidth width, int vocabularySize, int threads)
    {
        bool isLong = tokens > SuffixArray.MaxLength;
        long alphabet = width switch { TokenWidth.U8 => byte.MaxValue + 1, TokenWidth.U16 => ushort.MaxValue + 1, _ => vocabularySize + 1L };
        var settings = new SortSettings(threads);
        long working = (width, isLong) switch
        {
            (TokenWidth.U8, false) => InducedSort.WorkingBytes<byte, int>(tokens, alphabet, settings),
            (TokenWidth.U8, true) => InducedSort.WorkingBytes<byte, long>(tokens, alphabet, settings),
            (TokenWidth.U16, false) => InducedSort.WorkingBytes<ushort, int>(tokens, alphabet, settings),
            (TokenWidth.U16, true) => InducedSort.WorkingBytes<ushort, long>(tokens, alphabet, settings),
            (_, false) => InducedSort.WorkingBytes<int, int>(tokens, alphabet, settings),
            (_, true) => InducedSort.WorkingBytes<int, long>(tokens, alphabet, settings),
        };
        return tokens * ((int)width + (isLong ? sizeof(long) : sizeof(int))) + working;
    }

    /// <summary>Bytes that a build with shards of so many tokens takes.</summary>
    public static long Needed(long tokens, TokenWidth width, int vocabularySize, int threads)
        => Math.Max(Tokenising(vocabularySize, threads), Program(vocabularySize) + Sorting(tokens, width, vocabularySize, threads));

    /// <summary>The most tokens, separators included, that a shard may have.</summary>
    /// <param name="memory">Bytes, or null for the default.</param>
    /// <exception cref="InputException">The memory is too small for any shard worth having.</exception>
    public static long ShardTokens(long? memory, TokenWidth width, int vocabularySize, int threads)
    {
        long least = Needed(ShortestShard, width, vocabularySize, threads);
        // Nobody chose the default: a small machine does what it can.
        long bytes = memory ?? Math.Max(Default, least);
        if (bytes < least)
        {
            throw new InputException(
                $"\"memory\" {(bytes / 1e9).ToString("G3", CultureInfo.InvariantCulture)} GB is too small to build an index in: the program and its tokenizer with {threads} {(threads == 1 ? "thread" : "threads")} need at least {Gigabytes(least)}; raise it{(threads > 1 ? " or take fewer threads" : "")}");
        }
        long low = ShortestShard, high = LongestShard;
        while (low < high)
        {
            long middle = low + (high - low + 1) / 2;
            if (Needed(middle, width, vocabularySize, threads) <= bytes)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>Bytes as the key "memory" can be set to, so that there is enough: in hundredths of a GB.</summary>
    public static string Gigabytes(long bytes) => (Math.Ceiling(bytes / 1e7) / 100).ToString(CultureInfo.InvariantCulture);
}
