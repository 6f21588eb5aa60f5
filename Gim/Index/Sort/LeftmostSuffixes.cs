using System.Numerics;
using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// Finds the leftmost-S positions of a text: those whose suffix sorts before the one a symbol later, while the suffix
/// a symbol earlier does not. They are kept as bits by position.
/// </summary>
internal static unsafe class LeftmostSuffixes<TSymbol, TIndex>
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    /// <summary>Sets the bits of all leftmost-S positions and returns how many there are.</summary>
    /// <param name="marks">Zeroed, n/64 + 1 words.</param>
    public static long Mark(TSymbol* text, long length, ulong* marks, int parts, CancellationToken cancellation)
    {
        long[] found = new long[parts];
        SortTeam.Run(parts, part =>
        {
            long start = SortTeam.Border(length, part, parts), end = SortTeam.Border(length, part + 1, parts);
            found[part] = MarkPart(text, length, start, end, marks, cancellation);
        }, cancellation);
        return found.Sum();
    }

    private static long MarkPart(TSymbol* text, long length, long start, long end, ulong* marks, CancellationToken cancellation)
    {
        // The type of the first suffix after the part is not known: it is that of the end of its run of equal symbols.
        long next = end == length ? -1 : Get(text, end);
        bool nextIsS = false;
        for (long i = end; i < length - 1 && Get(text, i) <= Get(text, i + 1); i++)
        {
            if (Get(text, i) == Get(text, i + 1))
                continue;
            nextIsS = true;
            break;
        }
        long found = 0;
        for (long word = (end - 1) >> 6; word >= start >> 6; word--)
        {
            if ((word & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            ulong bits = 0;
            // A position's mark is known at the symbol before it, which for the first of a word is in another word.
            for (long i = Math.Min(end, (word + 1) << 6) - 1; i >= word << 6; i--)
            {
                long symbol = Get(text, i);
                bool isS = symbol < next || (symbol == next && nextIsS);
                bits = (bits << 1) | (isS && i > 0 && Get(text, i - 1) > symbol ? 1UL : 0);
                nextIsS = isS;
                next = symbol;
            }
            marks[word] = bits;
            found += BitOperations.PopCount(bits);
        }
        return found;
    }

    /// <summary>
    /// Writes all marked positions, those with equal first symbols together and in ascending order of the symbols.
    /// For alphabets of at most 256 symbols the second symbol counts too.
    /// </summary>
    /// <param name="tables">Zeroed; <paramref name="parts"/> tables of <paramref name="buckets"/> counters. On return the last table
    /// holds where each bucket ends.</param>
    public static void Distribute(
        TSymbol* text, long length, ulong* marks, bool pairs, TIndex* tables, long buckets, TIndex* positions, int parts, CancellationToken cancellation)
    {
        SortTeam.Run(parts, part =>
            CountPart(text, SortTeam.Border(length, part, parts), SortTeam.Border(length, part + 1, parts), marks, pairs, tables + part * buckets), cancellation);
        long sum = 0;
        for (long bucket = 0; bucket < buckets; bucket++)
        {
            for (int part = 0; part < parts; part++)
            {
                long count = Get(tables + part * buckets, bucket);
                Set(tables + part * buckets, bucket, sum);
                sum += count;
            }
        }
        SortTeam.Run(parts, part =>
            WritePart(text, SortTeam.Border(length, part, parts), SortTeam.Border(length, part + 1, parts), marks, pairs, tables + part * buckets, positions), cancellation);
    }

    // The last position of a text is never marked: every marked one has a symbol after it.
    private static long Bucket(TSymbol* text, long position, bool pairs)
        => pairs ? Get(text, position) << 8 | Get(text, position + 1) : Get(text, position);

    private static void CountPart(TSymbol* text, long start, long end, ulong* marks, bool pairs, TIndex* counts)
    {
        for (long word = start >> 6; word << 6 < end; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
                Next(counts, Bucket(text, (word << 6) + BitOperations.TrailingZeroCount(bits), pairs));
        }
    }

    private static void WritePart(TSymbol* text, long start, long end, ulong* marks, bool pairs, TIndex* starts, TIndex* positions)
    {
        for (long word = start >> 6; word << 6 < end; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
            {
                long position = (word << 6) + BitOperations.TrailingZeroCount(bits);
                Set(positions, Next(starts, Bucket(text, position, pairs)), position);
            }
        }
    }

    /// <summary>Lists the marked positions in the order of the text.</summary>
    public static void List(ulong* marks, long length, TIndex* positions)
    {
        long next = 0;
        for (long word = 0; word <= length >> 6; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
                Set(positions, next++, (word << 6) + BitOperations.TrailingZeroCount(bits));
        }
    }
}
