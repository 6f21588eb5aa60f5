using Gim.Index;
using Gim.Match;

namespace Gim.Bench.Baselines;

/// <summary>
/// The ∞-gram query as infini-gram's engine does it (Liu et al. 2024): the length of the longest suffix by doubling and
/// then halving, each length by two binary searches over the whole table. Nothing is remembered between searches.
/// For one index of one shard.
/// </summary>
internal sealed class WholeTableSearch(CorpusIndex index)
{
    private readonly IndexShard shard = index.Shards.Single();

    public void Find(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Corpus);
        Span<uint> orders = result.Orders(context.Length);
        for (int i = 0; i < context.Length; i++)
            orders[i] = OrderOf(context[i]);

        int low = 0, high = 1;
        while (high <= orders.Length && Occurs(orders[^high..]))
        {
            low = high;
            high *= 2;
        }
        high = Math.Min(high, orders.Length + 1);
        while (low + 1 < high)
        {
            int middle = (low + high) / 2;
            if (Occurs(orders[^middle..]))
                low = middle;
            else
                high = middle;
        }

        result.Length = low;
        var (first, end) = Search(orders[^low..]);
        result.InCorpus.Add(new CorpusPlaces(0, 0, first, end));
        shard.AddNextTokens(first, end, low, index.EndOfText, result.Next);
        result.Next.Merge();
    }

    private bool Occurs(ReadOnlySpan<uint> query)
    {
        var (low, high) = Search(query);
        return low < high;
    }

    private (long Low, long High) Search(ReadOnlySpan<uint> query) => (Bound(query, 0), Bound(query, 1));

    /// <summary>The first rank whose suffix compares with the query as <paramref name="least"/> (0 or 1) or higher.</summary>
    private long Bound(ReadOnlySpan<uint> query, int least)
    {
        long low = 0, high = shard.TokenCount;
        while (low < high)
        {
            long middle = (low + high) / 2;
            if (Compare(shard.PositionAt(middle), query) < least)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private int Compare(long position, ReadOnlySpan<uint> query)
    {
        foreach (uint wanted in query)
        {
            if (position == shard.TokenCount)
                return -1;
            uint order = OrderOf(shard.TokenAt(position++));
            if (order != wanted)
                return order < wanted ? -1 : 1;
        }
        return 0;
    }

    private uint OrderOf(int token)
        => shard.Width.TryOrder(token, out uint order) ? order : throw new InvalidOperationException($"The index has no token {token}.");
}
