using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// Sorts suffixes whose first symbols are equal by what follows, 64 bits of symbols at a time, down to a depth. Suffixes
/// that are equal up to there stay together, and all but the first of them are negative (bitwise complement): tied.
/// Tied suffixes have the same symbols and the same types up to their next leftmost-S position, so that the order of
/// the suffixes from there decides. One object per thread.
/// </summary>
internal sealed unsafe class GroupSort<TSymbol, TIndex>
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    private const int DigitBits = 8, Digits = 1 << DigitBits, KeyBits = 64;

    private readonly TSymbol* text;
    private readonly long length;
    private readonly ulong* marks;
    private readonly ulong* keys;
    private readonly int limit;
    private readonly long depthEnough;
    private readonly CancellationToken cancellation;

    /// <param name="marks">The leftmost-S positions.</param>
    /// <param name="keys">Room for <paramref name="limit"/> keys.</param>
    /// <param name="depthEnough">Symbols after which suffixes may count as tied.</param>
    public GroupSort(TSymbol* text, long length, ulong* marks, ulong* keys, int limit, long depthEnough, CancellationToken cancellation)
    {
        this.text = text;
        this.length = length;
        this.marks = marks;
        this.keys = keys;
        this.limit = limit;
        this.depthEnough = depthEnough;
        this.cancellation = cancellation;
    }

    /// <summary>Symbols in a key.</summary>
    public static int KeySymbols => sizeof(ulong) / sizeof(TSymbol);

    /// <param name="group">The suffixes' positions, all leftmost S.</param>
    /// <param name="other">Room for as many; not overlapping.</param>
    /// <param name="depth">Symbols that they have in common, and that all of them have.</param>
    public void Sort(TIndex* group, TIndex* other, long count, long depth) => Sort(group, other, count, depth, KeyBits);

    /// <param name="bits">Low bits of the key at that depth which may still differ.</param>
    private void Sort(TIndex* group, TIndex* other, long count, long depth, int bits)
    {
        long enough = depthEnough;
        while (count > 1)
        {
            if (bits == KeyBits && depth >= enough)
            {
                if (IsDecided(Get(group, 0), depth))
                {
                    for (long i = 1; i < count; i++)
                        Set(group, i, ~Get(group, i));
                    return;
                }
                // Looking takes as many steps as there are symbols: do it seldom when there are many.
                enough = 2 * depth;
            }
            if (count <= limit)
            {
                SortByKey(group, (int)count, depth);
                bits = 0;
            }
            else
            {
                cancellation.ThrowIfCancellationRequested();
                bits -= DigitBits;
                SplitByDigit(group, other, count, depth, bits);
            }
            bool nextKey = bits == 0;
            if (nextKey)
            {
                depth += KeySymbols;
                bits = KeyBits;
            }

            // The largest run of equal ones is for the next round of this loop, the others for calls: so calls are
            // never nested deeper than the logarithm of the count.
            long largest = 0, largestCount = 1;
            for (long start = 0, end; start < count; start = end)
            {
                end = EndOfRun(group, start, count);
                if (nextKey && end - start > 1)
                    start += TakeEnded(group + start, end - start, depth);
                if (end - start > largestCount)
                    (largest, largestCount) = (start, end - start);
            }
            for (long start = 0, end; start < count; start = end)
            {
                end = EndOfRun(group, start, count);
                for (long i = start + 1; i < end; i++)
                    Set(group, i, ~Get(group, i));
                if (start != largest)
                    Sort(group + start, other + start, end - start, depth, bits);
            }
            group += largest;
            other += largest;
            count = largestCount;
        }
    }

    private static long EndOfRun(TIndex* group, long start, long count)
    {
        long end = start + 1;
        while (end < count && Get(group, end) < 0)
            end++;
        return end;
    }

    /// <summary>
    /// Suffixes equal in a key that is filled up with zeros where they end: those that end in it come first, the shortest
    /// before all, and are tied with none. Returns how many these are: at most one for each symbol of the key.
    /// </summary>
    private long TakeEnded(TIndex* run, long count, long depth)
    {
        long taken = 0;
        for (long i = 0; i < count; i++)
        {
            long position = Get(run, i);
            position = position < 0 ? ~position : position;
            if (position + depth <= length)
                continue;
            Set(run, i, i == taken ? position : Get(run, taken));
            long to = taken++;
            for (; to > 0 && Get(run, to - 1) < position; to--)
                Set(run, to, Get(run, to - 1));
            Set(run, to, position);
        }
        for (long i = taken; taken > 0 && i < count; i++)
        {
            long position = Get(run, i);
            position = position < 0 ? ~position : position;
            Set(run, i, i == taken ? position : ~position);
        }
        return taken;
    }

    /// <summary>
    /// Whether suffixes that share these symbols must share the next leftmost-S position: it lies among them, and the
    /// symbol that decides its type does too.
    /// </summary>
    private bool IsDecided(long position, long depth)
    {
        long next = position + 1, end = position + depth;
        while (next < end && (marks[next >> 6] >> (int)(next & 63) & 1) == 0)
            next++;
        for (long i = next + 1; i < end; i++)
        {
            if (Get(text, i) != Get(text, next))
                return true;
        }
        return false;
    }

    /// <summary>The symbols from a position on, the first in the highest bits; zeros after the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Key(long position)
    {
        if (position + KeySymbols > length)
            return LastKey(position);
        TSymbol* at = text + position;
        if (typeof(TSymbol) == typeof(byte))
        {
            ulong bytes = Unsafe.ReadUnaligned<ulong>(at);
            return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(bytes) : bytes;
        }
        if (typeof(TSymbol) == typeof(ushort))
            return (ulong)Get(at, 0) << 48 | (ulong)Get(at, 1) << 32 | (ulong)Get(at, 2) << 16 | (ulong)Get(at, 3);
        return typeof(TSymbol) == typeof(int) ? (ulong)Get(at, 0) << 32 | (ulong)Get(at, 1) : (ulong)Get(at, 0);
    }

    private ulong LastKey(long position)
    {
        ulong key = 0;
        for (int i = 0; i < KeySymbols; i++)
        {
            key <<= KeyBits / KeySymbols % KeyBits;
            key |= position + i < length ? (ulong)Get(text, position + i) : 0;
        }
        return key;
    }

    private void SortByKey(TIndex* group, int count, long depth)
    {
        for (int i = 0; i < count; i++)
        {
            if (i + Ahead < count)
                Prefetch(text + Get(group, i + Ahead) + depth);
            keys[i] = Key(Get(group, i) + depth);
        }
        new Span<ulong>(keys, count).Sort(new Span<TIndex>(group, count));
        for (int i = 1; i < count; i++)
        {
            if (keys[i] == keys[i - 1])
                Set(group, i, ~Get(group, i));
        }
    }

    /// <summary>Puts the suffixes in the order of 8 bits of their keys; equal ones are marked as tied.</summary>
    private void SplitByDigit(TIndex* group, TIndex* other, long count, long depth, int shift)
    {
        long* places = stackalloc long[Digits];
        new Span<long>(places, Digits).Clear();
        for (long i = 0; i < count; i++)
        {
            if (i + Ahead < count)
                Prefetch(text + Get(group, i + Ahead) + depth);
            places[(byte)(Key(Get(group, i) + depth) >> shift)]++;
        }
        long sum = 0;
        for (int digit = 0; digit < Digits; digit++)
        {
            long size = places[digit];
            places[digit] = sum;
            sum += size;
        }
        for (long i = 0; i < count; i++)
        {
            if (i + Ahead < count)
                Prefetch(text + Get(group, i + Ahead) + depth);
            Set(other, places[(byte)(Key(Get(group, i) + depth) >> shift)]++, Get(group, i));
        }
        // Now each place is where the digit's suffixes end.
        long start = 0;
        for (int digit = 0; digit < Digits; digit++)
        {
            for (long i = start; i < places[digit]; i++)
                Set(group, i, i == start ? Get(other, i) : ~Get(other, i));
            start = places[digit];
        }
    }
}
