using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// The sweeps of <see cref="Sweeps{TSymbol, TIndex}"/> by several threads, a block of places after the other. In each block the
/// threads first read the text for all its entries; one of them hands out the places, in the order of the sweep; then
/// all write. What is placed within the block itself is read when it is placed. So the places are those of one thread.
/// </summary>
internal sealed unsafe class BlockSweeps<TSymbol, TIndex> : IDisposable
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    private const long None = -1;

    private readonly TSymbol* text;
    private readonly TIndex* suffixes;
    private readonly int block, threads;
    private readonly CancellationToken cancellation;

    // For each entry of the block: the suffix that it induces, as it is to be written; and that one's symbol, later its
    // place. None where it induces none or the place is in the block.
    private readonly NativeBuffer<TIndex> values, targets;

    public BlockSweeps(TSymbol* text, TIndex* suffixes, SortSettings settings, CancellationToken cancellation)
    {
        this.text = text;
        this.suffixes = suffixes;
        this.cancellation = cancellation;
        block = settings.Block;
        threads = settings.Threads;
        values = new NativeBuffer<TIndex>(block, zeroed: false, settings.Memory);
        targets = new NativeBuffer<TIndex>(block, zeroed: false, settings.Memory);
    }

    public void InduceL(long start, long end, TIndex* buckets) => Sweep(start, end, part => ReadL(start, end, part), () => PlaceL(start, end, buckets));

    public void InduceS(long start, long end, TIndex* buckets) => Sweep(start, end, part => ReadS(start, end, part), () => PlaceS(start, end, buckets));

    private void Sweep(long start, long end, Action<int> read, Action place)
    {
        SortTeam.Run(threads, read, cancellation);
        place();
        SortTeam.Run(threads, part => Write(start, end, part), cancellation);
    }

    private (long Start, long End) Part(long start, long end, int part)
        => (start + SortTeam.Border(end - start, part, threads), start + SortTeam.Border(end - start, part + 1, threads));

    private void ReadL(long blockStart, long blockEnd, int part)
    {
        var (start, end) = Part(blockStart, blockEnd, part);
        TIndex* entry = suffixes, value = values.Pointer - blockStart, target = targets.Pointer - blockStart;
        for (long i = start; i < end; i++)
        {
            PrefetchText(i + Ahead < end ? i + Ahead : i);
            long position = Get(entry, i);
            Set(entry, i, ~position);
            if (position > 0)
                ReadL(position - 1, i, value, target);
            else
                Set(target, i, None);
        }
    }

    private void ReadL(long position, long at, TIndex* value, TIndex* target)
    {
        long symbol = Get(text, position);
        bool predecessorIsS = position > 0 && Get(text, position - 1) < symbol;
        Set(value, at, predecessorIsS ? ~position : position);
        Set(target, at, symbol);
    }

    private void PlaceL(long start, long end, TIndex* buckets)
    {
        TIndex* value = values.Pointer - start, target = targets.Pointer - start;
        for (long i = start; i < end; i++)
        {
            long symbol = Get(target, i);
            if (symbol < 0)
                continue;
            long place = Next(buckets, symbol);
            Set(target, i, place);
            if (place >= end)
                continue;
            Set(target, i, None);
            long placed = Get(value, i);
            Set(suffixes, place, ~placed);
            if (placed > 0)
                ReadL(placed - 1, place, value, target);
        }
    }

    private void ReadS(long blockStart, long blockEnd, int part)
    {
        var (start, end) = Part(blockStart, blockEnd, part);
        TIndex* entry = suffixes, value = values.Pointer - blockStart, target = targets.Pointer - blockStart;
        for (long i = start; i < end; i++)
        {
            PrefetchText(i + Ahead < end ? i + Ahead : i);
            long position = Get(entry, i);
            if (position > 0)
            {
                ReadS(position - 1, i, value, target);
                continue;
            }
            Set(entry, i, ~position);
            Set(target, i, None);
        }
    }

    private void ReadS(long position, long at, TIndex* value, TIndex* target)
    {
        long symbol = Get(text, position);
        bool predecessorIsL = position == 0 || Get(text, position - 1) > symbol;
        Set(value, at, predecessorIsL ? ~position : position);
        Set(target, at, symbol);
    }

    private void PlaceS(long start, long end, TIndex* buckets)
    {
        TIndex* value = values.Pointer - start, target = targets.Pointer - start;
        for (long i = end - 1; i >= start; i--)
        {
            long symbol = Get(target, i);
            if (symbol < 0)
                continue;
            long place = Previous(buckets, symbol);
            Set(target, i, place);
            if (place < start)
                continue;
            Set(target, i, None);
            long placed = Get(value, i);
            Set(suffixes, place, placed > 0 ? placed : ~placed);
            if (placed > 0)
                ReadS(placed - 1, place, value, target);
        }
    }

    private void Write(long blockStart, long blockEnd, int part)
    {
        var (start, end) = Part(blockStart, blockEnd, part);
        TIndex* value = values.Pointer - blockStart, target = targets.Pointer - blockStart;
        for (long i = start; i < end; i++)
        {
            if (i + Ahead < end)
            {
                long far = Get(target, i + Ahead);
                Prefetch(suffixes + (far < 0 ? i : far));
            }
            long place = Get(target, i);
            if (place >= 0)
                suffixes[place] = value[i];
        }
    }

    private void PrefetchText(long place)
    {
        long position = Get(suffixes, place);
        Prefetch(text + (position > 0 ? position - 1 : 0));
    }

    public void Dispose()
    {
        values.Dispose();
        targets.Dispose();
    }
}
