using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// The two sweeps that induce the order of all suffixes from that of the leftmost-S ones, by one thread.
/// A negative entry (bitwise complement of a position) is one whose predecessor is not to be induced by the sweep at
/// hand: the left-to-right sweep turns what the other sweep must still use back to positive, so that no type needs to
/// be looked up at random places. An empty slot holds 0, which induces nothing.
/// </summary>
internal static unsafe class Sweeps<TSymbol, TIndex>
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    /// <summary>Sweeps places [start, end) from left to right.</summary>
    /// <param name="buckets">Where each symbol's next L suffix goes.</param>
    public static void InduceL(TSymbol* text, long length, long start, long end, TIndex* buckets, TIndex* suffixes)
    {
        long safe = length - 2 * Ahead;
        for (long i = start; i < end; i++)
        {
            if (i < safe)
            {
                long far = Get(suffixes, i + 2 * Ahead);
                Prefetch(text + (far > 0 ? far - 2 : 0));
                long near = Get(suffixes, i + Ahead);
                if (near > 0)
                    Prefetch(suffixes + Get(buckets, Get(text, near - 1)));
            }
            long position = Get(suffixes, i);
            Set(suffixes, i, ~position);
            if (position > 0)
                PlaceL(text, position - 1, buckets, suffixes);
        }
    }

    /// <summary>Places an L suffix.</summary>
    public static void PlaceL(TSymbol* text, long position, TIndex* buckets, TIndex* suffixes)
    {
        long symbol = Get(text, position);
        bool predecessorIsS = position > 0 && Get(text, position - 1) < symbol;
        Set(suffixes, Next(buckets, symbol), predecessorIsS ? ~position : position);
    }

    /// <summary>Sweeps places [start, end) from right to left; all entries become positions.</summary>
    /// <param name="buckets">The place after each symbol's next S suffix.</param>
    public static void InduceS(TSymbol* text, long start, long end, TIndex* buckets, TIndex* suffixes)
    {
        for (long i = end - 1; i >= start; i--)
        {
            if (i >= 2 * Ahead)
            {
                long far = Get(suffixes, i - 2 * Ahead);
                Prefetch(text + (far > 0 ? far - 2 : 0));
                long near = Get(suffixes, i - Ahead);
                if (near > 0)
                    Prefetch(suffixes + Get(buckets, Get(text, near - 1)) - 1);
            }
            long position = Get(suffixes, i);
            if (position <= 0)
            {
                Set(suffixes, i, ~position);
                continue;
            }
            position--;
            long symbol = Get(text, position);
            bool predecessorIsL = position == 0 || Get(text, position - 1) > symbol;
            Set(suffixes, Previous(buckets, symbol), predecessorIsL ? ~position : position);
        }
    }
}
