using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// Sorts suffixes whose first symbols are equal by what follows, 64 bits of symbols at a time, down to a depth. Suffixes
/// that are equal up to there stay together, and all but the first of them are negative (bitwise complement): tied.
/// Tied suffixes have the same symbols and the same types up to their next leftmost-S position, so that the order of
/// the suffixes from there decides. One object per thread.
/// Many groups are sorted at a time, all by their first key, then what is still equal by the next: so the text is read
/// at many places at once, and the waiting for memory overlaps.
/// </summary>
internal sealed unsafe class GroupSort<TSymbol, TIndex>
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    /// <summary>Work space: two keys, and a run for every two suffixes now and next.</summary>
    public const int BytesPerSuffix = 24;

    private const int DigitBits = 8, Digits = 1 << DigitBits, KeyBits = 64;

    private readonly TSymbol* text;
    private readonly long length;
    private readonly ulong* marks;
    private readonly ulong* keys, spareKeys;
    private readonly int limit;
    private readonly long depthEnough;
    private readonly CancellationToken cancellation;

    // Runs of suffixes still equal, as places in the array at hand.
    private (int Start, int Count)* runs, nextRuns;
    private int runCount;

    /// <param name="marks">The leftmost-S positions.</param>
    /// <param name="space">Work space for <paramref name="limit"/> suffixes.</param>
    /// <param name="limit">Suffixes sorted at a time, at least 2.</param>
    /// <param name="keysEnough">Keys after which suffixes may count as tied.</param>
    public GroupSort(TSymbol* text, long length, ulong* marks, byte* space, int limit, int keysEnough, CancellationToken cancellation)
    {
        this.text = text;
        this.length = length;
        this.marks = marks;
        this.limit = limit;
        this.cancellation = cancellation;
        depthEnough = keysEnough * SuffixKeys<TSymbol>.Symbols;
        keys = (ulong*)space;
        spareKeys = keys + limit;
        runs = ((int Start, int Count)*)(spareKeys + limit);
        nextRuns = runs + limit / 2;
    }

    /// <summary>Sorts neighbouring groups, each by itself.</summary>
    /// <param name="suffixes">The suffixes' positions, all leftmost S.</param>
    /// <param name="other">Room for as many; not overlapping.</param>
    /// <param name="start">Where the first group starts; each ends where <paramref name="ends"/> says.</param>
    /// <param name="depth">Symbols that the suffixes of a group have in common, and that all of them have.</param>
    /// <param name="bitsOfLarge">Low bits of the key at that depth which may differ in a group too large to read all its keys.</param>
    public void Sort(TIndex* suffixes, TIndex* other, long start, TIndex* ends, long groups, long depth, int bitsOfLarge)
        => SortParts(suffixes, other, start, ends, groups, leave: -1, depth, bitsOfLarge);

    /// <summary>Sorts parts of suffixes, but for one that is left as it is; returns where that one is.</summary>
    /// <param name="depth">Symbols that the suffixes of a part have in common; some may end before that.</param>
    /// <param name="bits">Low bits of the key at that depth which may still differ.</param>
    private (long Start, long Count) SortParts(
        TIndex* suffixes, TIndex* other, long start, TIndex* ends, long parts, long leave, long depth, int bits)
    {
        (long Start, long Count) left = (0, 0);
        // Small parts are collected and sorted together.
        long collected = start;
        for (long part = 0; part < parts; part++)
        {
            long end = Get(ends, part);
            start += TakeEnded(suffixes + start, end - start, depth);
            bool alone = part == leave || end - start > limit;
            if (alone || end - collected > limit)
            {
                SortRuns(suffixes + collected, other + collected, depth);
                collected = alone ? end : start;
            }
            if (part == leave)
                left = (start, end - start);
            else if (alone)
                SortLarge(suffixes + start, other + start, end - start, depth, bits);
            else if (end - start > 1)
                runs[runCount++] = ((int)(start - collected), (int)(end - start));
            start = end;
        }
        SortRuns(suffixes + collected, other + collected, depth);
        return left;
    }

    /// <summary>Sorts a group that is too large to read all its keys: splits it by one digit of the key after the other.</summary>
    private void SortLarge(TIndex* group, TIndex* other, long count, long depth, int bits)
    {
        TIndex* ends = stackalloc TIndex[Digits];
        long enough = depthEnough;
        while (count > limit)
        {
            cancellation.ThrowIfCancellationRequested();
            if (bits == KeyBits && depth >= enough)
            {
                if (IsDecided(Get(group, 0), depth))
                {
                    Tie(group, count);
                    return;
                }
                // Looking takes as many steps as there are symbols: do it seldom when there are many.
                enough = 2 * depth;
            }
            bits -= DigitBits;
            int largest = SplitByDigit(group, other, count, depth, bits, ends);
            if (bits == 0)
            {
                bits = KeyBits;
                depth += SuffixKeys<TSymbol>.Symbols;
            }
            // The largest part is for the next round, the others for calls: so calls are never nested deeper than the
            // logarithm of the count.
            (long start, count) = SortParts(group, other, 0, ends, Digits, largest, depth, bits);
            group += start;
            other += start;
        }
        if (count > 1)
            runs[runCount++] = (0, (int)count);
        SortRuns(group, other, depth);
    }

    /// <summary>Sorts the runs by key after key, each of them by itself, until none is left.</summary>
    private void SortRuns(TIndex* suffixes, TIndex* other, long depth)
    {
        long enough = depthEnough;
        while (runCount > 0)
        {
            if (depth >= enough)
            {
                TieDecided(suffixes, depth);
                enough = 2 * depth;
            }
            ReadKeys(suffixes, depth);
            depth += SuffixKeys<TSymbol>.Symbols;
            int next = 0;
            for (int run = 0; run < runCount; run++)
            {
                var (start, count) = runs[run];
                KeySort<TIndex>.Sort(keys + start, suffixes + start, count, spareKeys + start, other + start);
                int end = start + count;
                for (int from = start, to; from < end; from = to)
                {
                    ulong key = keys[from];
                    for (to = from + 1; to < end && keys[to] == key;)
                        to++;
                    if (to - from == 1)
                        continue;
                    from += (int)TakeEnded(suffixes + from, to - from, depth);
                    if (to - from > 1)
                        nextRuns[next++] = (from, to - from);
                }
            }
            var before = runs;
            runs = nextRuns;
            nextRuns = before;
            runCount = next;
        }
    }

    private void ReadKeys(TIndex* suffixes, long depth)
    {
        // Ask for all the memory that a few runs need, or for a piece of a long run, before any of it is read.
        const int Together = 64;
        for (int run = 0, done = 0; run < runCount;)
        {
            int lastRun = run, lastDone = done;
            for (int asked = 0; asked < Together && lastRun < runCount;)
            {
                var (start, count) = runs[lastRun];
                int piece = Math.Min(count - lastDone, Together);
                for (int i = start + lastDone; i < start + lastDone + piece; i++)
                    Prefetch(text + Get(suffixes, i) + depth);
                asked += piece;
                lastDone += piece;
                if (lastDone == count)
                    (lastRun, lastDone) = (lastRun + 1, 0);
            }
            for (; run < lastRun || done < lastDone; run++, done = 0)
            {
                var (start, count) = runs[run];
                int end = run == lastRun ? lastDone : count;
                for (int i = start + done; i < start + end; i++)
                    keys[i] = SuffixKeys<TSymbol>.Read(text, length, Get(suffixes, i) + depth);
                if (run == lastRun)
                {
                    done = lastDone;
                    break;
                }
            }
        }
    }

    private void TieDecided(TIndex* suffixes, long depth)
    {
        int open = 0;
        for (int run = 0; run < runCount; run++)
        {
            var (start, count) = runs[run];
            if (IsDecided(Get(suffixes, start), depth))
                Tie(suffixes + start, count);
            else
                runs[open++] = runs[run];
        }
        runCount = open;
    }

    private static void Tie(TIndex* run, long count)
    {
        for (long i = 1; i < count; i++)
            Set(run, i, ~Get(run, i));
    }

    /// <summary>
    /// Suffixes equal in a key that is filled up with zeros where they end: those that end in it come first, the shortest
    /// before all, and are equal to none. Returns how many these are: at most one for each symbol of the key.
    /// </summary>
    private long TakeEnded(TIndex* run, long count, long depth)
    {
        long taken = 0;
        for (long i = 0; i < count; i++)
        {
            long position = Get(run, i);
            if (position + depth <= length)
                continue;
            Set(run, i, Get(run, taken));
            long to = taken++;
            for (; to > 0 && Get(run, to - 1) < position; to--)
                Set(run, to, Get(run, to - 1));
            Set(run, to, position);
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

    /// <summary>
    /// Puts suffixes in the order of 8 bits of their keys; writes where those of each digit end, and returns the digit of
    /// the most.
    /// </summary>
    private int SplitByDigit(TIndex* group, TIndex* other, long count, long depth, int shift, TIndex* ends)
    {
        new Span<TIndex>(ends, Digits).Clear();
        for (long i = 0; i < count; i++)
        {
            if (i + Ahead < count)
                Prefetch(text + Get(group, i + Ahead) + depth);
            Next(ends, Digit(Get(group, i) + depth, shift));
        }
        long sum = 0, most = 0;
        int largest = 0;
        for (int digit = 0; digit < Digits; digit++)
        {
            long size = Get(ends, digit);
            if (size > most)
                (largest, most) = (digit, size);
            Set(ends, digit, sum);
            sum += size;
        }
        if (most == count)
        {
            for (int digit = largest; digit < Digits; digit++)
                Set(ends, digit, count);
            return largest;
        }
        for (long i = 0; i < count; i++)
        {
            if (i + Ahead < count)
                Prefetch(text + Get(group, i + Ahead) + depth);
            Set(other, Next(ends, Digit(Get(group, i) + depth, shift)), Get(group, i));
        }
        Buffer.MemoryCopy(other, group, count * sizeof(TIndex), count * sizeof(TIndex));
        return largest;
    }

    private byte Digit(long position, int shift) => (byte)(SuffixKeys<TSymbol>.Read(text, length, position) >> shift);
}
