namespace Gim.Index.Query;

/// <summary>
/// Answers AND/OR queries. A hit is an occurrence of the anchor clause such that every other clause has an occurrence
/// that starts in the same document and at most <see cref="CnfOptions.MaxDistance"/> tokens before or after the
/// anchor's start. Every hit is counted, in documents of any length and at their ends. (The original joins the nearest
/// occurrences before and after into one range and drops the range where it crosses a document's end, so that its
/// counts differ.)
/// </summary>
/// <remarks>
/// Two ways to the same answer, whichever costs less: lists of all occurrences in a shard, sorted and walked together
/// (8 bytes an occurrence, at most <see cref="ListBytes"/>, and as much again while those of a clause are joined), or
/// reading the tokens around every occurrence of the anchor (the memory of one window). Both need a bit for every
/// document of a shard, and a few dozen bytes for every hit kept and every occurrence drawn.
/// </remarks>
public sealed class CnfSearch
{
    /// <summary>The most that the lists of one shard may take: 256 MiB.</summary>
    public const long ListBytes = 1L << 28;

    /// <summary>The largest <see cref="CnfOptions.MaxDistance"/>: a window's tokens are one array.</summary>
    public const int LargestDistance = 1 << 29;

    // Rough costs in nanoseconds: an occurrence to list (a table entry, its share of the sort), a place to go to in the
    // token file, a token to compare with one n-gram. Only their ratios matter.
    private const double ListedCost = 80, VisitCost = 150, ComparedCost = 0.3;

    private readonly CorpusIndex index;
    private readonly CnfQuery query;
    private readonly CnfOptions options;
    private readonly RankRange[][][] ranges;
    private readonly long[] occurrences;

    private CnfSearch(CorpusIndex index, CnfQuery query, CnfOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDistance, LargestDistance);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxClauseFrequency);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxHits);
        query.RequireTokens(index);
        this.index = index;
        this.query = query;
        this.options = options;
        ranges = [.. query.Clauses.Select(clause => (RankRange[][])[.. clause.Select(ngram => index.Find(ngram))])];
        occurrences = [.. ranges.Select(clause => clause.Sum(ngram => ngram.Sum(range => range.Count)))];
        for (int clause = 1; clause < occurrences.Length; clause++)
        {
            if (occurrences[clause] < occurrences[Anchor])
                Anchor = clause;
        }
    }

    internal int Anchor { get; }

    /// <summary>Answers a query.</summary>
    /// <exception cref="InputException">The query holds a separator.</exception>
    /// <exception cref="OperationCanceledException">The query was stopped.</exception>
    public static CnfResult Run(CorpusIndex index, CnfQuery query, CnfOptions options, CancellationToken cancellation = default)
        => new CnfSearch(index, query, options).Run(null, cancellation);

    /// <summary>As <see cref="Run(CorpusIndex, CnfQuery, CnfOptions, CancellationToken)"/>, by lists (true) or by reading (false) whatever they cost.</summary>
    internal static CnfResult Run(CorpusIndex index, CnfQuery query, CnfOptions options, bool byLists)
        => new CnfSearch(index, query, options).Run(byLists, CancellationToken.None);

    private CnfResult Run(bool? byLists, CancellationToken cancellation)
    {
        long anchors = occurrences[Anchor];
        bool sampled = options.MaxClauseFrequency > 0 && anchors > options.MaxClauseFrequency;
        // Of ranks, counted through the anchor's n-grams and their shards.
        long[]? drawn = sampled ? PlaceSample.Draw(anchors, options.MaxClauseFrequency, options.Seed) : null;
        var hits = new HitCollector(index, options.MaxHits, options.Seed);
        for (int shard = 0; shard < index.Shards.Count; shard++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (ranges.Any(clause => clause.All(ngram => ngram[shard].Count == 0)))
                continue;
            hits.Begin(shard);
            if (byLists ?? ListsCostLess(shard, drawn?.Length))
                new CnfLists(index.Shards[shard], query, Anchor, options.MaxDistance, cancellation).Run(clause => Positions(clause, shard, drawn, cancellation), hits);
            else
                Read(shard, drawn, hits, cancellation);
        }
        var window = new ClauseWindow(query, Anchor, options.MaxDistance);
        long count = sampled ? (long)Math.Round(hits.Count * ((double)anchors / drawn!.Length)) : hits.Count;
        return new CnfResult(count, hits.Documents, sampled, Anchor, occurrences,
            [.. hits.Kept().Select(hit => new CnfHit(hit.Place, window.Nearest(index.Shards[hit.Place.Shard], hit.Place.Position, hit.Length)))]);
    }

    private bool ListsCostLess(int shard, long? drawn)
    {
        long all = ranges.Sum(clause => clause.Sum(ngram => ngram[shard].Count)), anchors = ranges[Anchor].Sum(ngram => ngram[shard].Count);
        if (all > ListBytes / sizeof(long))
            return false;
        double visited = drawn is { } some ? (double)some * anchors / occurrences[Anchor] : anchors;
        double listed = all - anchors + visited;
        double window = Math.Min(2.0 * options.MaxDistance + 1, (double)index.Shards[shard].TokenCount / index.Shards[shard].DocumentCount);
        int compared = query.Clauses.Sum(clause => clause.Count) - query.Clauses[Anchor].Count;
        return listed * ListedCost < visited * (VisitCost + window * ComparedCost * compared);
    }

    /// <summary>Looks around every occurrence of the anchor, in the order of ranks.</summary>
    private void Read(int shard, long[]? drawn, HitCollector hits, CancellationToken cancellation)
    {
        var window = new ClauseWindow(query, Anchor, options.MaxDistance);
        IndexShard of = index.Shards[shard];
        for (int ngram = 0; ngram < ranges[Anchor].Length; ngram++)
        {
            int length = query.Clause(Anchor)[ngram].Length;
            int steps = 0;
            foreach (long rank in Ranks(Anchor, ngram, shard, drawn))
            {
                if ((steps++ & 255) == 0)
                    cancellation.ThrowIfCancellationRequested();
                long position = of.PlaceOf(rank, length);
                if (window.HoldsAll(of, position, out long document))
                    hits.Add(position, length, document);
            }
        }
    }

    /// <summary>For every n-gram of a clause its places in a shard, ascending; of the anchor's only those drawn.</summary>
    private long[][] Positions(int clause, int shard, long[]? drawn, CancellationToken cancellation)
    {
        IndexShard of = index.Shards[shard];
        long[][] all = new long[ranges[clause].Length][];
        for (int ngram = 0; ngram < all.Length; ngram++)
        {
            int length = query.Clause(clause)[ngram].Length;
            long[]? some = clause == Anchor ? drawn : null;
            long[] positions = new long[Math.Min(ranges[clause][ngram][shard].Count, some?.Length ?? long.MaxValue)];
            int count = 0;
            foreach (long rank in Ranks(clause, ngram, shard, some))
            {
                if ((count & 0xffff) == 0)
                    cancellation.ThrowIfCancellationRequested();
                positions[count++] = of.PlaceOf(rank, length);
            }
            Array.Sort(positions, 0, count);
            all[ngram] = count == positions.Length ? positions : positions[..count];
        }
        return all;
    }

    /// <summary>The ranks of an n-gram in a shard, of which <paramref name="drawn"/> keeps some.</summary>
    private IEnumerable<long> Ranks(int clause, int ngram, int shard, long[]? drawn)
    {
        RankRange range = ranges[clause][ngram][shard];
        if (drawn is null)
        {
            for (long rank = range.Low; rank < range.High; rank++)
                yield return rank;
            yield break;
        }
        long first = 0;
        for (int before = 0; before < ngram; before++)
            first += ranges[clause][before].Sum(one => one.Count);
        for (int before = 0; before < shard; before++)
            first += ranges[clause][ngram][before].Count;
        int at = Array.BinarySearch(drawn, first);
        for (at = at < 0 ? ~at : at; at < drawn.Length && drawn[at] < first + range.Count; at++)
            yield return range.Low + drawn[at] - first;
    }
}
