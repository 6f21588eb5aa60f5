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
