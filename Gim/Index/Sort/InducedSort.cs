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
/// Memory: see <see cref="WorkingBytes"/>.
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
    /// a bit for each symbol, half a bit for each leftmost-S suffix, counters for each symbol of the alphabet (32-bit
    /// symbols: one table; else one per thread), and the threads' work space. A recursion has no more than half as many
    /// symbols, all of which may be different in theory; in natural text it has a few hundredths.
    /// </summary>
    /// <param name="symbolBytes">1, 2, 4 or 8.</param>
    /// <param name="indexBytes">4 or 8.</param>
    public static long WorkingBytes(long length, int symbolBytes, int indexBytes, long alphabet, SortSettings settings)
    {
        if (length <= 1)
            return 0;
        settings = settings.For(length);
        long marks = (Words(length) + Words(length / 2)) * sizeof(ulong);
        long tables = Parts(symbolBytes, settings) * Buckets(symbolBytes, alphabet) * indexBytes;
        long sorting = tables + (long)settings.Threads * settings.Group * sizeof(ulong);
        long sweeping = tables + (settings.Threads > 1 ? 2L * settings.Block * indexBytes : 0);
        // Tied suffixes share a name with another, and each keeps at most one that is not tied.
        long reduced = length / 2;
        long recursion = WorkingBytes(reduced, indexBytes, indexBytes, reduced / 4 * 3 + 3, settings);
        return marks + Math.Max(recursion, Math.Max(sorting, sweeping));
    }

    internal static long Words(long bits) => (bits >> 6) + 1;

    /// <summary>Leftmost-S suffixes are distributed by two symbols where these are bytes.</summary>
    internal static long Buckets(int symbolBytes, long alphabet) => symbolBytes == 1 ? 1 << 16 : alphabet;

    /// <summary>Tables of counters: one per thread, but for the many names of a recursion.</summary>
    internal static int Parts(int symbolBytes, SortSettings settings) => symbolBytes <= 2 ? settings.Threads : 1;
}

/// <summary>One level of an induced sort.</summary>
internal sealed unsafe class InducedSort<TSymbol, TIndex>(
    TSymbol* text, long length, long alphabet, TIndex* suffixes, SortSettings settings, SortProgress progress, CancellationToken cancellation)
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    // How many steps a sweep by one thread takes between two looks at the cancellation.
    private const long Stretch = 1 << 21;

    private readonly long buckets = InducedSort.Buckets(sizeof(TSymbol), alphabet);
    private readonly int parts = InducedSort.Parts(sizeof(TSymbol), settings);

    public void Run()
    {
        SortLeftmost();
        using var tables = new NativeBuffer<TIndex>(parts * buckets, zeroed: false, settings.Memory);
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
        var (reduced, names) = TiedSuffixes<TIndex>.Reduce(suffixes, length, leftmost, marks.Pointer, kept.Pointer);
        TIndex* last = suffixes + (length - reduced);
        InducedSort.Sort(last, reduced, names, suffixes + (leftmost - reduced), settings, progress.ForRecursion(length, reduced), cancellation);
        LeftmostSuffixes<TSymbol, TIndex>.List(marks.Pointer, length, last);
        TiedSuffixes<TIndex>.Merge(suffixes, length, leftmost, reduced, last, kept.Pointer);
    }

    /// <summary>Sorts them as far as symbols are compared, and returns how many are tied with the one before.</summary>
    private long SortGroups(ulong* marks)
    {
        using var tables = new NativeBuffer<TIndex>(parts * buckets, zeroed: true, settings.Memory);
        bool pairs = sizeof(TSymbol) == 1;
        LeftmostSuffixes<TSymbol, TIndex>.Distribute(text, length, marks, pairs, tables.Pointer, buckets, suffixes, parts, cancellation);

        using var keys = new NativeBuffer<ulong>((long)settings.Threads * settings.Group, zeroed: false, settings.Memory);
        TIndex* ends = tables.Pointer + (parts - 1) * buckets;
        TIndex* other = suffixes + leftmost;
        long next = 0, done = 0, ties = 0;
        // Threads take runs of buckets of about as many suffixes as one sorts at a time.
        var taking = new Lock();
        SortTeam.Run(settings.Threads, part =>
        {
            var group = new GroupSort<TSymbol, TIndex>(
                text, length, marks, keys.Pointer + (long)part * settings.Group, settings.Group,
                settings.Keys * GroupSort<TSymbol, TIndex>.KeySymbols, cancellation);
            long tied = 0, finished = 0;
            while (true)
            {
                long bucket, start, end;
                lock (taking)
                {
                    progress.AdvanceLeftmost(length, leftmost, finished);
                    start = end = done;
                    for (bucket = next; next < buckets && end - start < settings.Group; next++)
                        end = Get(ends, next);
                    done = end;
                }
                if (start == end)
                    break;
                cancellation.ThrowIfCancellationRequested();
                for (long from = start; from < end; from = Get(ends, bucket++))
                    group.Sort(suffixes + from, other + from, Get(ends, bucket) - from, pairs ? 2 : 1);
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
        using BlockSweeps<TSymbol, TIndex>? together = settings.Threads > 1 ? new(text, suffixes, settings, cancellation) : null;
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
