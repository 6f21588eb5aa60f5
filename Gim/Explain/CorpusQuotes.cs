using Gim.Index;
using Gim.Index.Query;
using Gim.Match;
using Gim.Predict;

namespace Gim.Explain;

/// <summary>Quotes from reference corpora, with the names of their documents.</summary>
internal sealed class CorpusQuotes(IReadOnlyList<CorpusIndex> references, QuoteLimits limits)
{
    // Of a token's places so many more are looked at than are wanted, as several may stand in one document.
    private const int LooksPerQuote = 8;

    // Documents' ends have no ranks of their own, and are sought among so many places of the match.
    private const int LooksForEnds = 100_000;

    /// <summary>Places of a match, of each token from as many different documents as there are.</summary>
    public IReadOnlyList<EvidenceQuote> Of(
        MatchResult match, NextTokens prediction, ReadOnlySpan<int> context, IReadOnlyList<(int Token, int Quotes)> shares)
    {
        int[] matched = context[^match.Length..].ToArray();
        var quotes = new List<EvidenceQuote>();
        foreach (var (token, count) in shares)
        {
            var ofDocuments = Places(match, matched, token, count * LooksPerQuote)
                .Select(place => Quote(place, match.Length, token, 1.0 / prediction.Count))
                .GroupBy(quote => quote.Document)
                .ToList();
            quotes.AddRange(ofDocuments.Select(one => one.First()).Concat(ofDocuments.SelectMany(one => one.Skip(1))).Take(count));
        }
        return quotes;
    }

    /// <summary>Places of the match that the token follows, evenly spread over all of them.</summary>
    private List<Place> Places(MatchResult match, int[] matched, int token, int count)
    {
        var found = new List<Place>();
        foreach (CorpusPlaces places in match.InCorpus)
        {
            CorpusIndex reference = references[places.Reference];
            IndexShard shard = reference.Shards[places.Shard];
            if (token == reference.EndOfText)
            {
                found.AddRange(Spread(places.Low, places.High, LooksForEnds)
                    .Select(rank => new Place(places.Reference, places.Shard, shard.PlaceOf(rank, matched.Length)))
                    .Where(place => Evidence.TokenAt(reference, shard, place.Position + matched.Length) == token));
                continue;
            }
            uint[] orders = new uint[matched.Length + 1];
            if (!CorpusIndex.TryOrder(shard.Width, [.. matched, token], orders))
                continue;
            var (low, high) = shard.Find(orders);
            found.AddRange(Spread(low, high, count).Select(rank => new Place(places.Reference, places.Shard, shard.PlaceOf(rank, orders.Length))));
        }
        return [.. Spread(0, found.Count, count).Select(i => found[(int)i])];
    }

    private static IEnumerable<long> Spread(long low, long high, int count)
    {
        long all = high - low, taken = Math.Min(all, count);
        for (long i = 0; i < taken; i++)
            yield return low + (long)((Int128)all * i / taken);
    }

    private EvidenceQuote Quote(Place place, int length, int token, double share)
    {
        IndexShard shard = references[place.Reference].Shards[place.Shard];
        // A match of nothing before a document stands at its separator.
        long document = shard.DocumentOf(place.Position);
        var (start, end) = shard.Bounds(document);
        long matchStart = Math.Clamp(place.Position, start, end), matchEnd = Math.Clamp(place.Position + length, start, end);
        long from = Math.Max(start, matchStart - limits.Before), behind = Math.Min(end, matchEnd + 1), to = Math.Min(end, behind + limits.After);
        return new EvidenceQuote(
            MatchSource.Corpus,
            new QuotedDocument(place.Reference, place.Shard, document, DocumentName.Of(shard.MetadataOf(document)) ?? $"document {document}"),
            matchEnd - start,
            Read(shard, document, from - start, matchStart - from),
            Read(shard, document, matchStart - start, matchEnd - matchStart),
            token,
            Read(shard, document, behind - start, to - behind),
            share,
            length);
    }

    private static int[] Read(IndexShard shard, long document, long start, long count)
    {
        int[] tokens = new int[count];
        shard.ReadDocument(document, start, tokens);
        return tokens;
    }

    private readonly record struct Place(int Reference, int Shard, long Position);
}
