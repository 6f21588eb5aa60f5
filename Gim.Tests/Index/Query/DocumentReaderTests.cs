using Gim.Index;
using Gim.Index.Query;

namespace Gim.Tests.Index.Query;

/// <summary>Documents by number, pointer and rank, and places drawn from a query's.</summary>
public class DocumentReaderTests
{
    [Fact]
    public void Every_number_leads_to_its_document()
    {
        foreach (var (name, corpus, _) in ShardedCorpus.All(seed: 11, random: 8))
        {
            var reader = new DocumentReader(corpus.Index);
            for (int number = 0; number < corpus.Documents.Length; number++)
            {
                int[] tokens = corpus.Documents[number];
                MatchDocument whole = reader.AtNumber(number, 1000);
                Assert.True(tokens.SequenceEqual(whole.Tokens), $"{name}: document {number}");
                Assert.Equal((number, tokens.Length, 0, 0, false), ((int)whole.Number, (int)whole.Length, whole.NeedleOffset, whole.NeedleLength, whole.CutAfter));
                Assert.Contains($"\"linenum\": {whole.Document},", whole.Metadata, StringComparison.Ordinal);
                MatchDocument cut = reader.AtNumber(number, 2);
                Assert.Equal(tokens.Take(2), cut.Tokens);
                Assert.Equal(tokens.Length > 2, cut.CutAfter);
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => reader.AtNumber(corpus.Documents.Length, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => reader.AtNumber(-1, 1));
        }
    }

    [Fact]
    public void Every_place_has_its_context_and_no_more()
    {
        foreach (var (name, corpus, _) in ShardedCorpus.All(seed: 12, random: 4))
        {
            var reader = new DocumentReader(corpus.Index);
            foreach (int s in Enumerable.Range(0, corpus.Index.Shards.Count))
            {
                IndexShard shard = corpus.Index.Shards[s];
                for (long position = 0; position < shard.TokenCount; position++)
                {
                    bool separator = shard.TokenAt(position) == shard.Width.Separator();
                    foreach (var (needle, context) in ((int, int)[])[(0, 0), (1, 0), (2, 1), (3, 5), (1, 1000)])
                    {
                        MatchDocument found = reader.AroundPlace(new IndexPlace(s, position), needle, context);
                        int[] document = corpus.Documents[found.Number];
                        var (start, end) = shard.Bounds(found.Document);
                        int at = (int)Math.Max(0, position - start);
                        Assert.Equal(separator ? position + 1 : position, found.Place.Position);
                        Assert.Equal(document[Math.Max(0, at - context)..Math.Min(document.Length, at + needle + context)], found.Tokens);
                        Assert.Equal(at, found.Start + found.NeedleOffset);
                        Assert.Equal(Math.Min(needle, document.Length - at), found.NeedleLength);
                        Assert.True(found.Length == end - start, name);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_pointer_must_be_that_of_a_token()
    {
        using var corpus = new ShardedCorpus([[1, 2], [3]], 9);
        var reader = new DocumentReader(corpus.Index);
        Assert.Equal(new IndexPlace(0, 4), reader.PlaceAt(0, 8));
        foreach (long pointer in (long[])[-2, 1, 10, long.MaxValue - 1])
            Assert.Throws<ArgumentOutOfRangeException>(() => reader.PlaceAt(0, pointer));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.PlaceAt(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.AtRank(0, 5, 1, 10));
    }

    [Fact]
    public void Sampled_places_are_different_and_hold_the_query()
    {
        var random = new Random(42);
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 13, random: 8))
        {
            for (int query = 0; query < 20; query++)
            {
                int[] tokens = corpus.RandomQuery(random, alphabet);
                long count = corpus.Plain.Count(tokens);
                foreach (int max in (int[])[0, 1, 3, 1000])
                {
                    var places = PlaceSample.Of(corpus.Index, tokens, max, seed: query);
                    Assert.True(Math.Min(max, count) == places.Count, name);
                    Assert.Equal(places, places.Distinct().Order());
                    Assert.Equal(places, PlaceSample.Of(corpus.Index, tokens, max, seed: query));
                    foreach (IndexPlace place in places)
                    {
                        IndexShard shard = corpus.Index.Shards[place.Shard];
                        for (int i = 0; i < tokens.Length; i++)
                            Assert.Equal(tokens[i], shard.TokenAt(place.Position + i));
                    }
                }
            }
        }
    }

    [Fact]
    public void Every_number_is_drawn_as_often_as_any_other()
    {
        int[] drawn = new int[10];
        const int Rounds = 20_000;
        for (int seed = 0; seed < Rounds; seed++)
        {
            long[] numbers = PlaceSample.Draw(10, 3, seed);
            Assert.Equal(3, numbers.Distinct().Count());
            foreach (long number in numbers)
                drawn[number]++;
        }
        // Five standard deviations of so many draws with a chance of 3 in 10.
        double spread = 5 * Math.Sqrt(Rounds * 0.3 * 0.7);
        Assert.All(drawn, count => Assert.InRange(count, Rounds * 0.3 - spread, Rounds * 0.3 + spread));
    }
}
