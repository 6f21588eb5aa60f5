namespace Gim.Index.Query;

/// <summary>
/// Documents of an index by rank, by pointer and by number: infini-gram's get_doc queries. Stretches are clipped to the
/// document. A place on a separator means the first token of the document behind it (the original gives an offset that
/// is no number there).
/// </summary>
public sealed class DocumentReader
{
    private readonly CorpusIndex index;
    private readonly long[] before;

    public DocumentReader(CorpusIndex index)
    {
        this.index = index;
        before = new long[index.Shards.Count + 1];
        for (int s = 0; s < index.Shards.Count; s++)
            before[s + 1] = before[s] + index.Shards[s].DocumentCount;
    }

    /// <summary>The document at a rank, cut to <paramref name="maxTokens"/>: see <see cref="AtPlace"/>.</summary>
    /// <param name="needleLength">Tokens of the query that was found at this rank.</param>
    public MatchDocument AtRank(int shard, long rank, int needleLength, int maxTokens)
        => AtPlace(PlaceOf(shard, rank, needleLength), needleLength, maxTokens);

    /// <summary>
    /// The document around a place, cut to <paramref name="maxTokens"/>: half of them (rounded down) before the place, the
    /// rest from it on. infini-gram's get_doc_by_rank and get_doc_by_ptr with their max_disp_len.
    /// </summary>
    public MatchDocument AtPlace(IndexPlace place, int needleLength, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        return Cut(place, needleLength, maxTokens / 2, maxTokens - maxTokens / 2);
    }

    /// <summary>The document at a rank with context on both sides of the match: see <see cref="AroundPlace"/>.</summary>
    public MatchDocument AroundRank(int shard, long rank, int needleLength, int context)
        => AroundPlace(PlaceOf(shard, rank, needleLength), needleLength, context);

    /// <summary>
    /// The document around a match with up to <paramref name="context"/> tokens before it and behind it. infini-gram's
    /// get_doc_by_rank_2 and get_doc_by_ptr_2.
    /// </summary>
    public MatchDocument AroundPlace(IndexPlace place, int needleLength, int context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        return Cut(place, needleLength, context, (long)needleLength + context);
    }

    /// <summary>The first <paramref name="maxTokens"/> tokens of the document of a number that counts over all shards.</summary>
    public MatchDocument AtNumber(long number, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        if ((ulong)number >= (ulong)index.Documents)
            throw new ArgumentOutOfRangeException(nameof(number), $"document {number} of {index.Documents}");
        int shard = Array.BinarySearch(before, number);
        // Of shards without documents, which share a number with the next, the last is the one that holds it.
        shard = shard < 0 ? ~shard - 1 : shard;
        while (before[shard + 1] <= number)
            shard++;
        var (start, _) = index.Shards[shard].Bounds(number - before[shard]);
        return Read(shard, number - before[shard], start, 0, 0, maxTokens);
    }

    /// <summary>
    /// The place that a byte offset in a shard's token file means: infini-gram's ptr. In an index stored in reversed order
    /// pointers count in reading order all the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard, or the pointer is not a token of it.</exception>
    public IndexPlace PlaceAt(int shard, long byteOffset)
    {
        IndexShard of = Shard(shard);
        if (byteOffset < 0 || byteOffset % (int)of.Width != 0 || byteOffset / (int)of.Width >= of.TokenCount)
            throw new ArgumentOutOfRangeException(nameof(byteOffset), $"pointer {byteOffset} of {of.TokenCount * (int)of.Width} bytes");
        return new IndexPlace(shard, byteOffset / (int)of.Width);
    }

    /// <summary>Where the match of <paramref name="needleLength"/> tokens found at a rank begins.</summary>
    public IndexPlace PlaceOf(int shard, long rank, int needleLength)
        // The suffix of the empty query begins at a token like any other.
        => new(shard, Shard(shard).PlaceOf(rank, Math.Max(needleLength, 1)));

    /// <summary>The number, over all shards, of a shard's document.</summary>
    public long NumberOf(int shard, long document) => before[shard] + document;

    private IndexShard Shard(int shard)
        => (uint)shard < (uint)index.Shards.Count ? index.Shards[shard]
            : throw new ArgumentOutOfRangeException(nameof(shard), $"shard {shard} of {index.Shards.Count}");

    private MatchDocument Cut(IndexPlace place, int needleLength, long tokensBefore, long tokensFrom)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(needleLength);
        return Read(place.Shard, Shard(place.Shard).DocumentOf(place.Position), place.Position, needleLength, tokensBefore, tokensFrom);
    }

    private MatchDocument Read(int shard, long document, long position, int needleLength, long tokensBefore, long tokensFrom)
    {
        IndexShard of = index.Shards[shard];
        var (start, end) = of.Bounds(document);
        position = Math.Clamp(position, start, end);
        long from = Math.Max(start, position - tokensBefore), to = Math.Min(end, position + tokensFrom);
        int[] tokens = new int[to - from];
        of.ReadDocument(document, from - start, tokens);
        return new MatchDocument(
            NumberOf(shard, document), new IndexPlace(shard, position), document, end - start, from - start, tokens,
            (int)(position - from), (int)Math.Min(needleLength, to - position), of.MetadataOf(document));
    }
}
