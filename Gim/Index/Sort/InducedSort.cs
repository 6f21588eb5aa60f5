using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// Suffix sorting by induced sorting, after Nong, Zhang and Chan, "Two Efficient Algorithms for Linear Time Suffix Array
/// Construction", 2011. A suffix is type S when it sorts before the suffix that starts one symbol later, else type L; an S
/// suffix right after an L suffix is "leftmost S". Sorting the leftmost-S suffixes, at most half of all, is enough:
/// two sweeps then induce the order of all others.
/// The leftmost-S suffixes are not sorted by sweeps too, as in the paper, but compared directly, down to a fixed number
/// of symbols; in natural text that decides nearly all of them, and groups of them can be sorted at the same time.
/// Those that are still tied are sorted by recursion over their names, as in the paper, so that no text takes long.
/// Memory: see <see cref="WorkingBytes{TSymbol, TIndex}"/>.
/// </summary>
internal static unsafe class InducedSort
{
    /// <summary>Writes the start positions of all suffixes of <paramref name="text"/>, in ascending order.</summary>
    /// <typeparam name="TSymbol">byte, ushort, int or long.</typeparam>
    /// <typeparam name="TIndex">int for lengths up to <see cref="SuffixArray.MaxLength"/>, or long.</typeparam>
    /// <param name="text">n symbols in [0, alphabet). The end of the text sorts before every symbol.</param>
    /// <param name="alphabet">Number of different symbols possible.</param>
    /// <param name="suffixes">Room for n positions.</param>
    public static void Sort<TSymbol, TIndex>(
        TSymbol* text, long length, long alphabet, TIndex* suffixes, SortSettings settings, SortProgress progress, CancellationToken cancellation)
        where TSymbol : unmanaged
        where TIndex : unmanaged
    {
        if (length <= 1)
        {
            if (length == 1)
                Set(suffixes, 0, 0);
            progress.SkipAll(length);
            return;
        }
        new InducedSort<TSymbol, TIndex>(text, length, alphabet, suffixes, settings.For(length), progress, cancellation).Run();
    }

    /// <summary>
    /// The most memory in bytes that a sort takes beside its text and its suffix array, on any text of that length:
    /// a bit for each symbol, half a bit for each leftmost-S suffix, counters for each symbol of the alphabet (a table
    /// per thread; one of symbols of more than 16 bits), and the threads' work space. A recursion has no more than half
    /// as many symbols, three quarters of which may be different in theory; in natural text it has some thousandths.
    /// </summary>
    public static long WorkingBytes<TSymbol, TIndex>(long length, long alphabet, SortSettings settings)
        where TSymbol : unmanaged
        where TIndex : unmanaged
    {
        if (length <= 1)
            return 0;
        settings = settings.For(length);
        // Tied suffixes share a name with another, and each keeps at most one that is not tied.
        long reduced = length / 2;
        return Math.Max(
            InducedSort<TSymbol, TIndex>.WorkingBytes(length, alphabet, settings),
            (Words(length) + Words(length / 2)) * sizeof(ulong) + WorkingBytes<TIndex, TIndex>(reduced, reduced / 4 * 3 + 3, settings));
    }

    internal static long Words(long bits) => (bits >> 6) + 1;
}

/// <summary>One level of an induced sort.</summary>
internal sealed unsafe class InducedSort<TSymbol, TIndex>(
    TSymbol* text, long length, long alphabet, TIndex* suffixes, SortSettings settings, SortProgress progress, CancellationToken cancellation)
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    // How many steps a sweep by one thread takes between two looks at the cancellation.
    private const long Stretch = 1 << 21;

    // Tables of counters: one per thread, but for the many names of a recursion.
    private readonly int parts = Parts(settings);

    private static int Parts(SortSettings settings) => sizeof(TSymbol) <= sizeof(ushort) ? settings.Threads : 1;

    /// <summary>The most memory that this level takes beside its recursion.</summary>
    public static long WorkingBytes(long length, long alphabet, SortSettings settings)
    {
        int parts = Parts(settings);
        long sorting = InducedSort.Words(length) * sizeof(ulong) + LeftmostBuckets<TSymbol, TIndex>.WorkingBytes(length, alphabet, parts, settings)
            + (long)settings.Threads * settings.Group * GroupSort<TSymbol, TIndex>.BytesPerSuffix;
        long sweeping = parts * alphabet * sizeof(TIndex) + (settings.SweepTogether ? 2L * settings.Block * sizeof(TIndex) : 0);
        return Math.Max(sorting, sweeping);
    }

    public void Run()
    {
        SortLeftmost();
        using var tables = new NativeBuffer<TIndex>(parts * alphabet, zeroed: false, settings.Memory);
        SymbolCounts<TSymbol, TIndex>.Ends(text, length, tables.Pointer, alphabet, parts, cancellation);
        SpreadLeftmost(tables.Pointer);
        Induce(tables.Pointer);
    }

    private long leftmost;

    /// <summary>Puts the leftmost-S suffixes in order at the front of the array.</summary>
    private void SortLeftmost()
    {
        using var marks = new NativeBuffer<ulong>(InducedSort.Words(length), zeroed: true, settings.Memory);
        leftmost = LeftmostSuffixes<TSymbol, TIndex>.Mark(text, length, marks.Pointer, settings.Threads, cancellation);
        if (leftmost == 0)
        {
            progress.SkipLeftmost(length);
            progress.SkipRecursion(length);
            return;
        }
        long ties = SortGroups(marks.Pointer);
        if (ties == 0)
        {
            progress.SkipRecursion(length);
            return;
        }
        using var kept = new NativeBuffer<ulong>(InducedSort.Words(leftmost), zeroed: true, settings.Memory);
        var (reduced, names) = TiedSuffixes<TIndex>.Reduce(suffixes, length, leftmost, marks.Pointer, kept.Pointer, settings.Threads, cancellation);
        TIndex* last = suffixes + (length - reduced);
        InducedSort.Sort(last, reduced, names, suffixes + (leftmost - reduced), settings, progress.ForRecursion(length, reduced), cancellation);
        LeftmostSuffixes<TSymbol, TIndex>.List(marks.Pointer, length, last);
        TiedSuffixes<TIndex>.Merge(suffixes, length, leftmost, reduced, last, kept.Pointer);
    }

    /// <summary>Sorts them as far as symbols are compared, and returns how many are tied with the one before.</summary>
    private long SortGroups(ulong* marks)
    {
        using var buckets = new LeftmostBuckets<TSymbol, TIndex>(text, length, alphabet, marks, suffixes, parts, settings, cancellation);
        long spacePerThread = (long)settings.Group * GroupSort<TSymbol, TIndex>.BytesPerSuffix;
        using var space = new NativeBuffer<byte>(settings.Threads * spacePerThread, zeroed: false, settings.Memory);
        TIndex* ends = buckets.Ends;
        TIndex* other = suffixes + leftmost;
        long next = 0, done = 0, ties = 0;
        // Threads take runs of buckets of about as many suffixes as one sorts at a time.
        var taking = new Lock();
        SortTeam.Run(settings.Threads, part =>
        {
            var groups = new GroupSort<TSymbol, TIndex>(
                text, length, marks, space.Pointer + part * spacePerThread, settings.Group, settings.Keys, cancellation);
            long tied = 0, finished = 0;
            while (true)
            {
                long bucket, afterLast, start, end;
                lock (taking)
                {
                    progress.AdvanceLeftmost(length, leftmost, finished);
                    start = end = done;
                    for (bucket = next; next < buckets.Count && end - start < settings.Group; next++)
                        end = Get(ends, next);
                    done = end;
                    afterLast = next;
                }
                if (start == end)
                    break;
                cancellation.ThrowIfCancellationRequested();
                groups.Sort(suffixes, other, start, ends + bucket, afterLast - bucket, buckets.Depth, LeftmostBuckets<TSymbol, TIndex>.BitsOfLarge);
                for (long i = start; i < end; i++)
                    tied += Get(suffixes, i) < 0 ? 1 : 0;
                finished = end - start;
            }
            Interlocked.Add(ref ties, tied);
        }, cancellation);
        return ties;
    }

    /// <summary>Moves the sorted leftmost-S suffixes to the ends of their buckets; the other places become empty.</summary>
    private void SpreadLeftmost(TIndex* ends)
    {
        Fill(suffixes + leftmost, length - leftmost, 0);
        for (long i = leftmost - 1; i >= 0; i--)
        {
            if (i >= Ahead)
                Prefetch(text + Get(suffixes, i - Ahead));
            long position = Get(suffixes, i);
            Set(suffixes, i, 0);
            Set(suffixes, Previous(ends, Get(text, position)), position);
        }
    }

    private void Induce(TIndex* tables)
    {
        using BlockSweeps<TSymbol, TIndex>? together = settings.SweepTogether ? new(text, suffixes, settings, cancellation) : null;
        long stretch = together is null ? Stretch : settings.Block;
        SymbolCounts<TSymbol, TIndex>.Starts(text, length, tables, alphabet, parts, cancellation);
        // The last suffix is followed by the end of the text, the smallest of all: it is the first L of its bucket.
        Sweeps<TSymbol, TIndex>.PlaceL(text, length - 1, tables, suffixes);
        for (long start = 0; start < length; start += stretch)
        {
            cancellation.ThrowIfCancellationRequested();
            long end = Math.Min(length, start + stretch);
            if (together is null)
                Sweeps<TSymbol, TIndex>.InduceL(text, length, start, end, tables, suffixes);
            else
                together.InduceL(start, end, tables);
            progress.Advance(end - start);
        }
        SymbolCounts<TSymbol, TIndex>.Ends(text, length, tables, alphabet, parts, cancellation);
        for (long end = length; end > 0; end -= stretch)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Math.Max(0, end - stretch);
            if (together is null)
                Sweeps<TSymbol, TIndex>.InduceS(text, start, end, tables, suffixes);
            else
                together.InduceS(start, end, tables);
            progress.Advance(end - start);
        }
    }
}
