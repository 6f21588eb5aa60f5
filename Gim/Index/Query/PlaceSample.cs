namespace Gim.Index.Query;

/// <summary>
/// Some of the places of a query, drawn without replacement: every place is as likely as any other, and the same seed
/// draws the same ones. (The original draws with replacement and without a seed.)
/// </summary>
public static class PlaceSample
{
    /// <summary>
    /// Up to <paramref name="max"/> different places at which <paramref name="query"/> occurs, ascending; all of them where
    /// there are no more. A document that holds the query twice may be there twice. Memory: a few dozen bytes a place.
    /// </summary>
    public static IReadOnlyList<IndexPlace> Of(CorpusIndex index, ReadOnlySpan<int> query, int max, int seed)
        => Of(index, index.Find(query), query.Length, max, seed);

    /// <summary>As above, of ranks that were found before for a query of <paramref name="length"/> tokens.</summary>
    public static IReadOnlyList<IndexPlace> Of(CorpusIndex index, IReadOnlyList<RankRange> ranges, int length, int max, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        long[] drawn = Draw(ranges.Sum(range => range.Count), max, seed);
        var places = new List<IndexPlace>(drawn.Length);
        long passed = 0;
        int next = 0;
        foreach (RankRange range in ranges)
        {
            for (; next < drawn.Length && drawn[next] - passed < range.Count; next++)
            {
                long rank = range.Low + drawn[next] - passed;
                places.Add(new IndexPlace(range.Shard, index.Shards[range.Shard].PlaceOf(rank, Math.Max(length, 1))));
            }
            passed += range.Count;
        }
        places.Sort();
        return places;
    }

    /// <summary>
    /// Up to <paramref name="max"/> different numbers of [0, <paramref name="count"/>), ascending, each set of them equally
    /// likely: Floyd's algorithm (Bentley and Floyd, 1987), whose work does not grow with <paramref name="count"/>.
    /// </summary>
    internal static long[] Draw(long count, long max, int seed)
    {
        if (count <= max)
        {
            long[] all = new long[count];
            for (long i = 0; i < count; i++)
                all[i] = i;
            return all;
        }
        var random = new Random(seed);
        var drawn = new HashSet<long>();
        for (long last = count - max; last < count; last++)
        {
            long number = random.NextInt64(last + 1);
            if (!drawn.Add(number))
                drawn.Add(last);
        }
        long[] sorted = [.. drawn];
        Array.Sort(sorted);
        return sorted;
    }
}
