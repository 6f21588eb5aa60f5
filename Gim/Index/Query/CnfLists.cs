namespace Gim.Index.Query;

/// <summary>
/// The hits of one shard by sorted lists: along the anchor's places the first start of every other clause inside the
/// window is kept in hand, and as the window only moves on, every list is walked once for each n-gram of the anchor.
/// </summary>
internal sealed class CnfLists(IndexShard shard, CnfQuery query, int anchor, int maxDistance, CancellationToken cancellation)
{
    /// <param name="positions">For a clause, the ascending places of each of its n-grams.</param>
    /// <param name="hits">Where hits go.</param>
    public void Run(Func<int, long[][]> positions, HitCollector hits)
    {
        var others = new List<long[]>();
        for (int clause = 0; clause < query.Clauses.Count; clause++)
        {
            if (clause != anchor)
                others.Add(Merge(positions(clause)));
        }
        long[][] anchors = positions(anchor);
        for (int ngram = 0; ngram < anchors.Length; ngram++)
            Walk(anchors[ngram], query.Clause(anchor)[ngram].Length, others, hits);
    }

    private void Walk(long[] places, int length, List<long[]> others, HitCollector hits)
    {
        int[] at = new int[others.Count];
        long document = -1, start = 0, end = 0;
        for (int i = 0; i < places.Length; i++)
        {
            if ((i & 0xfff) == 0)
                cancellation.ThrowIfCancellationRequested();
            long place = places[i];
            if (document < 0 || place >= end)
            {
                document = shard.DocumentOf(place);
                (start, end) = shard.Bounds(document);
            }
            long from = Math.Max(start, place - maxDistance), to = Math.Min(end - 1, place + maxDistance);
            bool all = true;
            for (int other = 0; other < at.Length && all; other++)
            {
                long[] list = others[other];
                while (at[other] < list.Length && list[at[other]] < from)
                    at[other]++;
                all = at[other] < list.Length && list[at[other]] <= to;
            }
            if (all)
                hits.Add(place, length, document);
        }
    }

    private static long[] Merge(long[][] lists)
    {
        if (lists.Length == 1)
            return lists[0];
        long[] merged = [.. lists.SelectMany(list => list)];
        Array.Sort(merged);
        return merged;
    }
}
