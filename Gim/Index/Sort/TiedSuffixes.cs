using System.Numerics;
using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// The recursion of a suffix sort: leftmost-S suffixes that are tied (<see cref="GroupSort{TSymbol, TIndex}"/>) are in the order of
/// the string of their names, where equal ones have equal names. A suffix that is tied with no other needs no place in
/// that string unless it comes right after a tied one: no comparison goes on beyond it.
/// </summary>
internal static unsafe class TiedSuffixes<TIndex>
    where TIndex : unmanaged
{
    /// <summary>
    /// Replaces the sorted list at the front of the array by those who need no sorting, and writes the string of names of
    /// the others, in the order of the text, to the end of the array. Their marks stay, the other ones' go.
    /// </summary>
    /// <param name="suffixes">The leftmost-S positions in order, the tied ones negative but for the first of equal ones; n places.</param>
    /// <param name="kept">Zeroed; a bit for each leftmost-S suffix: set for those in the string, by order.</param>
    /// <returns>The string's length and the number of different names in it.</returns>
    public static (long Length, long Names) Reduce(
        TIndex* suffixes, long length, long leftmost, ulong* marks, ulong* kept, int parts, CancellationToken cancellation)
    {
        // By position; two leftmost-S positions are never adjacent. -1: tied with none.
        TIndex* names = suffixes + leftmost;
        Fill(names, (length + 1) / 2, 0xFF);
        for (long i = 1; i < leftmost; i++)
        {
            long position = Get(suffixes, i);
            if (position >= 0)
                continue;
            Set(names, ~position >> 1, 0);
            long before = Get(suffixes, i - 1);
            Set(names, (before < 0 ? ~before : before) >> 1, 0);
        }
        long reduced = KeepNeeded(names, length, marks);

        SortTeam.Run(parts, part =>
            LookUpKept(suffixes, SortTeam.Border(leftmost, part, parts), SortTeam.Border(leftmost, part + 1, parts), marks, kept), cancellation);
        long name = -1, rest = 0;
        for (long i = 0; i < leftmost; i++)
        {
            long position = Get(suffixes, i);
            if ((kept[i >> 6] >> (int)(i & 63) & 1) == 0)
            {
                Set(suffixes, rest++, position);
                continue;
            }
            bool tied = position < 0;
            name += tied ? 0 : 1;
            Set(names, (tied ? ~position : position) >> 1, name);
        }
        Gather(names, length, marks, suffixes + length);
        return (reduced, name + 1);
    }

    /// <summary>Takes the marks of those that are not tied and do not follow a tied one; returns how many are left.</summary>
    private static long KeepNeeded(TIndex* names, long length, ulong* marks)
    {
        long needed = 0;
        bool afterTied = false;
        for (long word = 0; word <= length >> 6; word++)
        {
            ulong keep = 0;
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
            {
                bool tied = Get(names, ((word << 6) + BitOperations.TrailingZeroCount(bits)) >> 1) >= 0;
                if (tied || afterTied)
                    keep |= bits & (~bits + 1);
                afterTied = tied;
            }
            marks[word] = keep;
            needed += BitOperations.PopCount(keep);
        }
        return needed;
    }

    /// <summary>Sets the bits, by order, of those that are marked; tied ones are.</summary>
    private static void LookUpKept(TIndex* suffixes, long start, long end, ulong* marks, ulong* kept)
    {
        for (long i = start; i < end; i++)
        {
            if (i + Ahead < end)
            {
                long far = Get(suffixes, i + Ahead);
                Prefetch(marks + ((far < 0 ? ~far : far) >> 6));
            }
            long position = Get(suffixes, i);
            position = position < 0 ? ~position : position;
            kept[i >> 6] |= (marks[position >> 6] >> (int)(position & 63) & 1) << (int)(i & 63);
        }
    }

    /// <summary>Moves the names of the marked ones up to the end of the array, from the last one on: none is overwritten unread.</summary>
    private static void Gather(TIndex* names, long length, ulong* marks, TIndex* end)
    {
        for (long word = length >> 6; word >= 0; word--)
        {
            for (ulong bits = marks[word]; bits != 0;)
            {
                int bit = BitOperations.Log2(bits);
                bits ^= 1UL << bit;
                *--end = names[((word << 6) + bit) >> 1];
            }
        }
    }

    /// <summary>
    /// Puts the sorted list together again at the front of the array: those who needed no sorting stand there, the others'
    /// order (indices into <paramref name="positions"/>) after them.
    /// </summary>
    /// <param name="positions">The reduced text's positions in the order of the text, at the end of the array.</param>
    public static void Merge(TIndex* suffixes, long length, long leftmost, long reduced, TIndex* positions, ulong* kept)
    {
        long rest = leftmost - reduced;
        TIndex* order = suffixes + rest;
        for (long i = 0; i < reduced; i++)
        {
            if (i + Ahead < reduced)
                Prefetch(positions + Get(order, i + Ahead));
            Set(order, i, Get(positions, Get(order, i)));
        }
        // The front list moves to the end, so that the merged one can grow towards the sorted ones, which it never passes.
        TIndex* others = suffixes + (length - rest);
        Buffer.MemoryCopy(suffixes, others, rest * sizeof(TIndex), rest * sizeof(TIndex));
        for (long i = 0; i < leftmost; i++)
            suffixes[i] = (kept[i >> 6] >> (int)(i & 63) & 1) != 0 ? *order++ : *others++;
    }
}
