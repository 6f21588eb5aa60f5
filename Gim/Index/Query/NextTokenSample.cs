namespace Gim.Index.Query;

/// <summary>
/// infini-gram's rule for next tokens after a frequent prompt. Ranks are looked at in steps of <c>unit</c>, the middle of
/// each step standing for all of it; a stretch of at least four steps is split in halves first, and one whose first and
/// last next token are equal counts as a whole, since within a prompt's ranks the next tokens are sorted. (In a reversed
/// shard they are not, and there is no such stretch.) Counts add up to the number of ranks; a rare token may be missed.
/// </summary>
internal sealed class NextTokenSample(CorpusIndex index, int length, long unit, TokenCounts counts, CancellationToken cancellation)
{
    private const long EndOfFile = long.MinValue;

    /// <summary>The smallest power of two so that <paramref name="count"/> is at most that many times <paramref name="maxSupport"/>.</summary>
    public static long UnitOf(long count, long maxSupport)
    {
        long unit = 1;
        // Divided, because the product may overflow: count <= unit * maxSupport.
        while (count / maxSupport > unit || (count / maxSupport == unit && count % maxSupport != 0))
            unit *= 2;
        return unit;
    }

    /// <summary>Adds the next tokens of all ranges; the caller merges.</summary>
    public void Add(ReadOnlySpan<RankRange> ranges)
    {
        foreach (RankRange range in ranges)
            Add(index.Shards[range.Shard], range.Low, range.High);
    }

    private void Add(IndexShard shard, long start, long end)
    {
        cancellation.ThrowIfCancellationRequested();
        if (start == end)
            return;
        if (end - start < 4 * unit)
        {
            for (long rank = start; rank < end; rank += unit)
            {
                long stop = Math.Min(rank + unit, end);
                Count(shard, Next(shard, rank + (stop - rank) / 2), stop - rank);
            }
            return;
        }
        long first = Next(shard, start);
        bool sorted = !shard.Reversed || length == 0;
        if (sorted && first == Next(shard, end - 1))
        {
            Count(shard, first, end - start);
            return;
        }
        long middle = start + (end - start) / 2;
        Add(shard, start, middle);
        Add(shard, middle, end);
    }

    /// <summary>
    /// What stands behind the prompt's occurrence of a rank. The end of the file, which sorts first, the separator, which
    /// sorts last, and an end-of-text token that is written out are told apart here: they count as the same token, but
    /// do not stand together, and other tokens lie between them.
    /// </summary>
    private long Next(IndexShard shard, long rank)
    {
        long position = shard.PlaceOf(rank, length) + length;
        return position < shard.TokenCount ? shard.TokenAt(position) : EndOfFile;
    }

    private void Count(IndexShard shard, long next, long count)
        => counts.Add(next == EndOfFile || next == shard.Width.Separator() ? index.EndOfText : (int)next, count);
}
