namespace Gim.Index;

/// <summary>Queries on one shard: ranks of the suffixes that begin with given tokens, and what follows them.</summary>
public sealed unsafe partial class IndexShard
{
    private const int BlockSize = 32;

    /// <summary>
    /// The ranks [low, high) of the suffixes that begin with <paramref name="query"/>; low = high where there is none,
    /// and then low is the rank at which such a suffix would stand.
    /// </summary>
    /// <param name="query">Orders of the tokens (see <see cref="TokenWidths.TryOrder"/>); empty finds every suffix.</param>
    public (long Low, long High) Find(ReadOnlySpan<uint> query)
    {
        if (query.IsEmpty)
            return (0, TokenCount);
        var (low, high) = FindFirst(query[0]);
        if (query.Length == 1 || low == high)
            return (low, high);
        long first = LowerBound(query, low, high, 1);
        return (first, UpperBound(query, first, high));
    }

    /// <summary>Whether <paramref name="query"/> occurs: half the work of <see cref="Find"/>.</summary>
    public bool Occurs(ReadOnlySpan<uint> query)
    {
        if (query.IsEmpty)
            return true;
        var (low, high) = FindFirst(query[0]);
        if (query.Length == 1 || low == high)
            return low < high;
        long first = LowerBound(query, low, high, 1);
        return first < high && CompareTo(Suffix(first), query, 1) == 0;
    }

    /// <summary>The range of one token, remembered: the same common tokens begin most queries.</summary>
    private (long Low, long High) FindFirst(uint order)
    {
        bool remember = order < (uint)endRank.Length;
        if (remember)
        {
            // Written start first, end last, and an end is never 0 once known: a reader on another thread sees both or none.
            long known = Volatile.Read(ref endRank[order]);
            if (known != 0)
                return (firstRank[order], known - 1);
        }
        ReadOnlySpan<uint> query = [order];
        long low = LowerBound(query, 0, TokenCount, 0);
        long high = UpperBound(query, low, TokenCount);
        if (remember)
        {
            firstRank[order] = low;
            Volatile.Write(ref endRank[order], high + 1);
        }
        return (low, high);
    }

    /// <summary>First rank in [low, high) whose suffix is not less than the query; their first <paramref name="known"/> tokens are equal.</summary>
    private long LowerBound(ReadOnlySpan<uint> query, long low, long high, int known)
    {
        while (low < high)
        {
            long middle = (long)((ulong)(low + high) >> 1);
            if (CompareTo(Suffix(middle), query, known) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>
    /// First rank in [low, high) whose suffix does not begin with the query, when those that do stand from low on.
    /// Most ranges are short, so the steps grow from small ones.
    /// </summary>
    private long UpperBound(ReadOnlySpan<uint> query, long low, long high)
    {
        long step = 1;
        while (low < high)
        {
            long probe = Math.Min(low + step, high) - 1;
            if (CompareTo(Suffix(probe), query, 0) != 0)
            {
                high = probe;
                break;
            }
            low = probe + 1;
            step *= 2;
        }
        while (low < high)
        {
            long middle = (long)((ulong)(low + high) >> 1);
            if (CompareTo(Suffix(middle), query, 0) == 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Negative, zero or positive as the suffix at a byte offset is less than, begins with, or is greater than the query.</summary>
    private int CompareTo(long offset, ReadOnlySpan<uint> query, int known)
    {
        for (int i = known; i < query.Length; i++)
        {
            long at = offset + (long)i * width;
            if (at >= tokens.Length)
                return -1;
            uint order = OrderAt(at);
            if (order != query[i])
                return order < query[i] ? -1 : 1;
        }
        return 0;
    }

    /// <summary>
    /// Adds to <paramref name="counts"/> the tokens that follow the suffixes of ranks [low, high), which all begin with
    /// the same <paramref name="length"/> tokens. The end of the file and a separator count as
    /// <paramref name="endOfText"/>. Exact: within the range the next tokens are sorted, so they come in runs. Short
    /// runs are read a block at a time, since reads that do not wait for each other reach memory together; a run that
    /// fills a block is skipped by a search for its end.
    /// </summary>
    public void AddNextTokens(long low, long high, int length, int endOfText, TokenCounts counts)
    {
        // The least suffix of the range may end with the file.
        if (low < high && Suffix(low) + (long)length * width >= tokens.Length)
        {
            counts.Add(endOfText, 1);
            low++;
        }
        int separator = Width.Separator();
        Span<uint> block = stackalloc uint[BlockSize];
        while (low < high)
        {
            int size = (int)Math.Min(BlockSize, high - low);
            for (int i = 0; i < size; i++)
                block[i] = NextOrder(low + i, length);
            if (block[0] == block[size - 1])
            {
                long end = EndOfRun(low, high, length, block[0]);
                Add(block[0], end - low);
                low = end;
                continue;
            }
            // The block's last run may go on behind it: that one begins the next block.
            int whole = size;
            while (low + size < high && block[whole - 1] == block[size - 1])
                whole--;
            for (int start = 0, i = 1; i <= whole; i++)
            {
                if (i < whole && block[i] == block[start])
                    continue;
                Add(block[start], i - start);
                start = i;
            }
            low += whole;
        }

        void Add(uint order, long count)
        {
            int token = Width.FromOrder(order);
            counts.Add(token == separator ? endOfText : token, count);
        }
    }

    private long EndOfRun(long low, long high, int length, uint order)
    {
        long step = 1, inside = low, outside = high;
        while (inside + step < high)
        {
            if (NextOrder(inside + step, length) != order)
            {
                outside = inside + step;
                break;
            }
            inside += step;
            step *= 2;
        }
        while (inside + 1 < outside)
        {
            long middle = (long)((ulong)(inside + outside) >> 1);
            if (NextOrder(middle, length) == order)
                inside = middle;
            else
                outside = middle;
        }
        return inside + 1;
    }

    private uint NextOrder(long rank, int length)
    {
        long offset = Suffix(rank) + (long)length * width;
        // Only the least suffix of a range can end at the end of the file; in a damaged table any may.
        if (offset >= tokens.Length)
            ThrowBadPointer(rank, (ulong)offset);
        return OrderAt(offset);
    }
}
