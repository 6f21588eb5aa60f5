namespace Gim.Index;

/// <summary>Queries on one shard: ranks of the suffixes that begin with given tokens.</summary>
/// <remarks>
/// A search reads the table and then the text at places far apart, and waits for memory most of its time. So each step looks
/// at several ranks at once, whose reads do not wait for each other, and narrows the range by their number.
/// </remarks>
public sealed unsafe partial class IndexShard
{
    // Ranks looked at in one step: the range becomes an eighth.
    private const int Pivots = 7;

    // Longer queries of a reversed shard are turned around on the heap.
    private const int LongestOnStack = 1024;

    /// <summary>
    /// The ranks [low, high) of the suffixes that begin with <paramref name="query"/>; low = high where there is none,
    /// and then low is the rank at which such a suffix would stand.
    /// </summary>
    /// <param name="query">Orders of the tokens (see <see cref="TokenWidths.TryOrder"/>), as they are read; empty finds every suffix.</param>
    public (long Low, long High) Find(ReadOnlySpan<uint> query)
    {
        if (!Reversed)
            return FindStored(query);
        Span<uint> turned = query.Length <= LongestOnStack ? stackalloc uint[query.Length] : new uint[query.Length];
        query.CopyTo(turned);
        turned.Reverse();
        return FindStored(turned);
    }

    /// <summary>Whether <paramref name="query"/> occurs: half the work of <see cref="Find"/>.</summary>
    public bool Occurs(ReadOnlySpan<uint> query) => Occurs(query, out _);

    /// <summary>Whether <paramref name="query"/> occurs, and the first of its ranks.</summary>
    internal bool Occurs(ReadOnlySpan<uint> query, out long first)
    {
        if (Reversed)
        {
            (first, long end) = Find(query);
            return first < end;
        }
        (first, long high) = query.IsEmpty ? (0, TokenCount) : FindFirst(query[0]);
        if (query.Length <= 1 || first == high)
            return query.IsEmpty || first < high;
        first = LowerBound(query, first, high, 1);
        return first < high && CompareTo(Suffix(first), query, 1) == 0;
    }

    /// <summary>
    /// The end of the ranks of a query that <see cref="Occurs(ReadOnlySpan{uint}, out long)"/> found to begin at
    /// <paramref name="first"/>.
    /// </summary>
    internal long EndOf(ReadOnlySpan<uint> query, long first)
    {
        if (Reversed || query.Length <= 1)
            return Find(query).High;
        return UpperBound(query, first, FindFirst(query[0]).High, 1);
    }

    /// <summary>
    /// Of the ranks [low, high), which all begin with the query but for its last token, those that begin with all of it. Not for
    /// reversed shards, where longer queries stand elsewhere.
    /// </summary>
    internal (long Low, long High) Extend(ReadOnlySpan<uint> query, long low, long high)
    {
        if (query.Length == 1)
            return FindFirst(query[0]);
        low = LowerBound(query, low, high, query.Length - 1);
        return (low, UpperBound(query, low, high, query.Length - 1));
    }

    private (long Low, long High) FindStored(ReadOnlySpan<uint> query)
    {
        if (query.IsEmpty)
            return (0, TokenCount);
        var (low, high) = FindFirst(query[0]);
        if (query.Length == 1 || low == high)
            return (low, high);
        long first = LowerBound(query, low, high, 1);
        return (first, UpperBound(query, first, high, 1));
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
        long high = UpperBound(query, low, TokenCount, 0);
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
        long* places = stackalloc long[Pivots];
        long* orders = stackalloc long[Pivots];
        uint wanted = query[known];
        while (low < high)
        {
            int count = Look(low, high, known, places, orders);
            int less = 0;
            while (less < count && (orders[less] < wanted || (orders[less] == wanted && CompareTo(places[less], query, known + 1) < 0)))
                less++;
            (low, high) = Between(low, high, count, less);
        }
        return low;
    }

    /// <summary>
    /// First rank in [low, high) whose suffix does not begin with the query, when those that do stand from low on and the first
    /// <paramref name="known"/> tokens of all are equal. Most ranges are short, so the steps grow from small ones.
    /// </summary>
    private long UpperBound(ReadOnlySpan<uint> query, long low, long high, int known)
    {
        for (long step = Pivots; high - low > step; step *= Pivots + 1)
        {
            long probe = low + step - 1;
            if (CompareTo(Suffix(probe), query, known) != 0)
            {
                high = probe;
                break;
            }
            low = probe + 1;
        }
        long* places = stackalloc long[Pivots];
        long* orders = stackalloc long[Pivots];
        uint wanted = query[known];
        while (low < high)
        {
            int count = Look(low, high, known, places, orders);
            int equal = 0;
            while (equal < count && orders[equal] == wanted && CompareTo(places[equal], query, known + 1) == 0)
                equal++;
            (low, high) = Between(low, high, count, equal);
        }
        return low;
    }

    /// <summary>
    /// Reads the suffixes at all ranks of [low, high), or at <see cref="Pivots"/> spread evenly over them: their byte offsets, and
    /// the orders of their tokens number <paramref name="known"/> (-1 behind the end of the file). Returns how many they are.
    /// </summary>
    private int Look(long low, long high, int known, long* places, long* orders)
    {
        int count = (int)Math.Min(Pivots, high - low);
        for (int i = 0; i < count; i++)
            places[i] = Suffix(Pivot(low, high, i));
        long ahead = (long)known * width;
        for (int i = 0; i < count; i++)
        {
            long at = places[i] + ahead;
            orders[i] = at < tokens.Length ? OrderAt(at) : -1;
        }
        return count;
    }

    private static long Pivot(long low, long high, int i)
        => high - low <= Pivots ? low + i : low + (long)((ulong)(high - low) * (ulong)(i + 1) / (Pivots + 1));

    /// <summary>What is left of [low, high) when the bound lies behind the first <paramref name="before"/> of the ranks looked at.</summary>
    private static (long Low, long High) Between(long low, long high, int count, int before)
    {
        long from = before == 0 ? low : Pivot(low, high, before - 1) + 1;
        return (from, before < count ? Pivot(low, high, before) : high);
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
}
