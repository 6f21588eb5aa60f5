using Gim.Index;
using Gim.Index.Query;

namespace Gim.Tests.Index.Query;

/// <summary>AND/OR queries against looking at every pair of occurrences.</summary>
public class CnfSearchTests
{
    private static readonly int[][] Golden = [[5, 6, 7, 8], [5, 6, 9], [256, 5, 6, 7, 8, 2], [1, 5, 6, 7]];

    [Theory]
    [InlineData(7, 8, 2)]
    [InlineData(5, 7, 3)]
    [InlineData(9, 5, 1)]
    [InlineData(8, 1, 0)]
    [InlineData(256, 2, 1)]
    public void Hits_in_short_documents_are_all_counted(int one, int other, long expected)
    {
        using var corpus = new ShardedCorpus(Golden, 2);
        CnfResult result = CnfSearch.Run(corpus.Index, new CnfQuery([[[one]], [[other]]]), new CnfOptions());
        Assert.Equal((expected, expected, false), (result.Count, result.Documents, result.Approximate));
        Assert.Equal(expected, result.Hits.Count);
    }

    [Fact]
    public void Both_ways_give_what_looking_at_every_pair_gives()
    {
        var random = new Random(42);
        long hits = 0;
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 5, random: 8))
        {
            for (int query = 0; query < 15; query++)
            {
                CnfQuery cnf = RandomCnf(random, corpus, alphabet);
                foreach (int distance in (int[])[0, 1, 3, 100, CnfSearch.LargestDistance])
                {
                    var options = new CnfOptions { MaxDistance = distance, MaxHits = 1000 };
                    Expected expected = Plain(corpus, cnf, distance);
                    foreach (bool byLists in (bool[])[true, false])
                    {
                        CnfResult result = CnfSearch.Run(corpus.Index, cnf, options, byLists);
                        string place = $"{name}: {Text(cnf)} within {distance}, by lists: {byLists}";
                        Assert.True(expected.Hits.Count == result.Count, $"{place}: {result.Count} hits, {expected.Hits.Count} expected");
                        Assert.True(expected.Documents == result.Documents, place);
                        Assert.True(expected.Anchor == result.Anchor, place);
                        Assert.Equal(expected.Hits, Places(corpus, result));
                        Assert.All(result.Hits, hit => AssertNear(corpus, cnf, hit, distance));
                        hits += result.Count;
                    }
                }
            }
        }
        Assert.True(hits > 3000, $"only {hits} hits");
    }

    [Fact]
    public void Few_hits_are_kept_the_same_way_by_both_ways_and_differ_with_the_seed()
    {
        int[] document = [.. Enumerable.Range(0, 300).Select(i => i % 7)];
        using var corpus = new ShardedCorpus([document, document[..90], document], 9, shards: 2);
        var cnf = new CnfQuery([[[1], [2, 3]], [[4]]]);
        var options = new CnfOptions { MaxHits = 5, MaxDistance = 4 };
        CnfHit[] some = [.. CnfSearch.Run(corpus.Index, cnf, options, byLists: true).Hits];
        Assert.Equal(5, some.Length);
        Assert.Equal(some.Select(hit => hit.Place), CnfSearch.Run(corpus.Index, cnf, options, byLists: false).Hits.Select(hit => hit.Place));
        Assert.Equal(some.Select(hit => hit.Place), some.Select(hit => hit.Place).Order());
        Assert.NotEqual(some.Select(hit => hit.Place), CnfSearch.Run(corpus.Index, cnf, options with { Seed = 2 }).Hits.Select(hit => hit.Place));
        Assert.Empty(CnfSearch.Run(corpus.Index, cnf, options with { MaxHits = 0 }).Hits);
    }

    [Fact]
    public void Samples_are_right_in_the_mean()
    {
        var random = new Random(7);
        int[][] documents = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 30).Select(_ => random.Next(8)).ToArray())];
        using var corpus = new ShardedCorpus(documents, 9, shards: 3);
        var cnf = new CnfQuery([[[1], [2, 3]], [[4, 5]], [[6]]]);
        var options = new CnfOptions { MaxDistance = 5 };
        CnfResult exact = CnfSearch.Run(corpus.Index, cnf, options);
        foreach (bool byLists in (bool[])[true, false])
        {
            double sum = 0;
            const int Rounds = 400, Size = 40;
            for (int seed = 0; seed < Rounds; seed++)
            {
                CnfResult sampled = CnfSearch.Run(corpus.Index, cnf, options with { MaxClauseFrequency = Size, Seed = seed, MaxHits = 1000 }, byLists);
                Assert.True(sampled.Approximate);
                Assert.InRange(sampled.Documents, 0, exact.Documents);
                Assert.Equal(sampled.Count, (long)Math.Round(sampled.Hits.Count * ((double)sampled.Occurrences[sampled.Anchor] / Size)));
                sum += sampled.Count;
            }
            // Four standard errors of a share p of draws of Size, of Rounds.
            double anchors = exact.Occurrences[exact.Anchor], p = exact.Count / anchors;
            double error = 4 * anchors * Math.Sqrt(p * (1 - p) / Size / Rounds);
            Assert.InRange(sum / Rounds, exact.Count - error, exact.Count + error);
            Assert.True(error < exact.Count / 10.0);
        }
        Assert.Equal(exact.Count, CnfSearch.Run(corpus.Index, cnf, options with { MaxClauseFrequency = exact.Occurrences.Min() }).Count);
    }

    [Fact]
    public void A_clause_alone_counts_the_places_at_which_its_ngrams_start()
    {
        using var corpus = new ShardedCorpus(Golden, 2);
        Assert.Equal(7, CnfSearch.Run(corpus.Index, new CnfQuery([[[5, 6], [7], [5, 6]]]), new CnfOptions()).Count);
        // The same start, two n-grams: one place, in whatever order.
        Assert.Equal(4, CnfSearch.Run(corpus.Index, new CnfQuery([[[5], [5, 6]]]), new CnfOptions()).Count);
        Assert.Equal(4, CnfSearch.Run(corpus.Index, new CnfQuery([[[5, 6], [5, 6, 7], [5]]]), new CnfOptions()).Count);
    }

    [Fact]
    public void Queries_that_mean_nothing_are_refused()
    {
        using var corpus = new ShardedCorpus(Golden, 2);
        Assert.Throws<InputException>(() => new CnfQuery([]));
        Assert.Throws<InputException>(() => new CnfQuery([[]]));
        Assert.Throws<InputException>(() => new CnfQuery([[[1], []]]));
        Assert.Throws<InputException>(() => CnfSearch.Run(corpus.Index, new CnfQuery([[[1, 65535]]]), new CnfOptions()));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => CnfSearch.Run(corpus.Index, new CnfQuery([[[5]], [[6]]]), new CnfOptions(), stop.Token));
    }

    private sealed record Expected(int Anchor, long Documents, List<(long Document, long Start, int Length)> Hits);

    private static Expected Plain(ShardedCorpus corpus, CnfQuery cnf, int distance)
    {
        (long Document, int Start, int Length)[][] places = [.. cnf.Clauses.Select(clause => (from d in Enumerable.Range(0, corpus.Documents.Length)
            from start in Enumerable.Range(0, corpus.Documents[d].Length)
            let ngram = clause.Where(one => corpus.Documents[d].AsSpan(start).StartsWith(one)).MinBy(one => one.Length)
            where ngram is not null
            select ((long)d, start, ngram.Length)).ToArray())];
        int anchor = Array.FindIndex(places, clause => clause.Length == places.Min(other => other.Length));
        var hits = places[anchor].Where(place => places.Where((_, clause) => clause != anchor).All(clause =>
                clause.Any(other => other.Document == place.Document && Math.Abs(other.Start - place.Start) <= distance)))
            .Select(hit => (hit.Document, (long)hit.Start, hit.Length)).Order().ToList();
        return new Expected(anchor, hits.Select(hit => hit.Document).Distinct().Count(), hits);
    }

    private static IEnumerable<(long Document, long Start, int Length)> Places(ShardedCorpus corpus, CnfResult result)
    {
        var reader = new DocumentReader(corpus.Index);
        return result.Hits.Select(hit =>
        {
            IndexShard shard = corpus.Index.Shards[hit.Place.Shard];
            long document = shard.DocumentOf(hit.Place.Position);
            return (reader.NumberOf(hit.Place.Shard, document), hit.Place.Position - shard.Bounds(document).Start, hit.Clauses[result.Anchor].Length);
        }).Order();
    }

    private static void AssertNear(ShardedCorpus corpus, CnfQuery cnf, CnfHit hit, int distance)
    {
        IndexShard shard = corpus.Index.Shards[hit.Place.Shard];
        long document = shard.DocumentOf(hit.Place.Position);
        for (int clause = 0; clause < cnf.Clauses.Count; clause++)
        {
            var (position, length) = hit.Clauses[clause];
            Assert.InRange(Math.Abs(position - hit.Place.Position), 0, distance);
            Assert.Equal(document, shard.DocumentOf(position));
            int[] tokens = new int[length];
            shard.ReadDocument(document, position - shard.Bounds(document).Start, tokens);
            Assert.Contains(cnf.Clauses[clause], ngram => ngram.AsSpan().SequenceEqual(tokens));
        }
    }

    private static CnfQuery RandomCnf(Random random, ShardedCorpus corpus, int alphabet)
    {
        int[] Ngram()
        {
            int[] query = corpus.RandomQuery(random, alphabet, 3);
            return query.Length > 0 ? query : [random.Next(alphabet)];
        }

        return new CnfQuery([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (int[][])[.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Ngram())])]);
    }

    private static string Text(CnfQuery cnf)
        => string.Join(" AND ", cnf.Clauses.Select(clause => string.Join(" OR ", clause.Select(ngram => string.Join(' ', ngram)))));
}
