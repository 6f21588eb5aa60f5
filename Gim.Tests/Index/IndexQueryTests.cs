using Gim.Index;
using Gim.Index.Build;

namespace Gim.Tests.Index;

/// <summary>Random corpora against looking everywhere.</summary>
public class IndexQueryTests
{
    [Theory]
    [InlineData(TokenWidth.U8, 3)]
    [InlineData(TokenWidth.U8, 200)]
    [InlineData(TokenWidth.U16, 1)]
    [InlineData(TokenWidth.U16, 4)]
    [InlineData(TokenWidth.U16, 1000)]
    [InlineData(TokenWidth.U32, 5)]
    [InlineData(TokenWidth.U32, 100_000)]
    public void Counts_and_next_tokens_are_those_of_looking_everywhere(TokenWidth width, int alphabet)
    {
        var random = new Random(42);
        var counts = new TokenCounts();
        for (int round = 0; round < 15; round++)
        {
            using var folder = new TemporaryFolder();
            TestCorpus corpus = TestCorpus.Random(random, alphabet, 8, 60);
            using CorpusIndex index = corpus.Build(folder.Path, width, alphabet + 1);
            for (int query = 0; query < 100; query++)
            {
                int[] tokens = RandomQuery(random, corpus, alphabet);
                Assert.Equal(corpus.Count(tokens), index.Count(tokens));
                counts.Clear();
                index.NextTokens(tokens, counts);
                Assert.Equal(corpus.NextTokens(tokens), Pairs(counts));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(400)]
    public void Runs_of_next_tokens_short_and_long_are_counted_whole(int alphabet)
    {
        // Runs around the size of a block that is read at once, and far over it.
        var random = new Random(42);
        foreach (int length in (int[])[31, 32, 33, 64, 65, 1000, 20_000])
        {
            using var folder = new TemporaryFolder();
            // The third power makes low tokens frequent, as in text.
            int[] document = [.. Enumerable.Range(0, length).Select(_ => (int)(alphabet * Math.Pow(random.NextDouble(), 3)))];
            var corpus = new TestCorpus([document, document[..(length / 2)]], alphabet);
            using CorpusIndex index = corpus.Build(folder.Path, TokenWidth.U16, alphabet + 1);
            var counts = new TokenCounts();
            foreach (int[] query in (int[][])[[], [0], [0, 0], [alphabet / 2], [document[^1]]])
            {
                counts.Clear();
                index.NextTokens(query, counts);
                Assert.Equal(corpus.NextTokens(query), Pairs(counts));
            }
        }
    }

    [Fact]
    public void Ranks_follow_the_bytes_of_the_tokens_not_their_numbers()
    {
        // 0x0100 is stored as 00 01 and stands before 0x0001, stored as 01 00.
        using var folder = new TemporaryFolder();
        using CorpusIndex index = new TestCorpus([[0x0001, 0x0100]], 2).Build(folder.Path);
        Assert.True(index.Find([0x0100])[0].Low < index.Find([0x0001])[0].Low);
    }

    [Fact]
    public void Every_rank_leads_to_its_document()
    {
        var random = new Random(42);
        using var folder = new TemporaryFolder();
        TestCorpus corpus = TestCorpus.Random(random, 5, 30, 12);
        using CorpusIndex index = corpus.Build(folder.Path);
        IndexShard shard = index.Shards[0];
        for (long rank = 0; rank < shard.TokenCount; rank++)
        {
            IndexDocument found = shard.DocumentByRank(rank, 1000);
            Assert.Equal(corpus.Documents[found.Document], found.Tokens);
            Assert.Contains($"\"linenum\": {found.Document}", found.Metadata, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_corpus_of_one_empty_document_answers()
    {
        using var folder = new TemporaryFolder();
        using CorpusIndex index = new TestCorpus([[]], 2).Build(folder.Path);
        var counts = new TokenCounts();
        index.NextTokens([], counts);
        Assert.Equal(new SortedDictionary<int, long> { [2] = 1 }, Pairs(counts));
        Assert.Equal(0, index.Count([5]));
        Assert.Equal((0, 0), (index.Shards[0].DocumentByRank(0, 10).Length, index.Shards[0].DocumentByRank(0, 10).Needle));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(42, 1)]
    [InlineData(256, 1)]
    [InlineData(257, 2)]
    [InlineData(32_728, 2)]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 3)]
    [InlineData(1L << 24, 3)]
    [InlineData((1L << 24) + 1, 4)]
    [InlineData(1_000_000_000_000, 5)]
    public void Pointers_are_as_wide_as_the_original_builder_makes_them(long tokenBytes, int expected)
        => Assert.Equal(expected, IndexWriter.PointerWidth(tokenBytes));

    [Fact]
    public void Pointers_of_every_width_are_read()
    {
        var random = new Random(42);
        foreach (int length in (int[])[100, 5_000, 40_000])
        {
            using var folder = new TemporaryFolder();
            int[] document = new int[length];
            for (int i = 0; i < length; i++)
                document[i] = random.Next(50);
            var corpus = new TestCorpus([document], 50);
            using CorpusIndex index = corpus.Build(folder.Path);
            for (int query = 0; query < 20; query++)
            {
                int[] tokens = RandomQuery(random, corpus, 50);
                Assert.Equal(corpus.Count(tokens), index.Count(tokens));
            }
        }
    }

    [Fact]
    public void Concurrent_readers_agree()
    {
        using var folder = new TemporaryFolder();
        TestCorpus corpus = TestCorpus.Random(new Random(42), 6, 20, 200);
        using CorpusIndex index = corpus.Build(folder.Path);
        Parallel.For(0, 8, reader =>
        {
            var random = new Random(reader);
            for (int query = 0; query < 300; query++)
            {
                int[] tokens = RandomQuery(random, corpus, 6);
                Assert.Equal(corpus.Count(tokens), index.Count(tokens));
            }
        });
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_not_written()
    {
        using var folder = new TemporaryFolder();
        using var writer = new IndexWriter(folder.Path, TokenWidth.U16, 100);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Append([5, 100], "{}"));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Append([-1], "{}"));
    }

    /// <summary>Mostly pieces of the corpus, so that queries of every length occur; else random tokens.</summary>
    private static int[] RandomQuery(Random random, TestCorpus corpus, int alphabet)
    {
        int[] document = corpus.Documents[random.Next(corpus.Documents.Length)];
        if (random.Next(3) == 0 || document.Length == 0)
            return [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(alphabet))];
        int start = random.Next(document.Length);
        return document[start..(start + random.Next(0, Math.Min(6, document.Length - start) + 1))];
    }

    private static SortedDictionary<int, long> Pairs(TokenCounts counts)
    {
        var pairs = new SortedDictionary<int, long>();
        for (int i = 0; i < counts.Length; i++)
            pairs.Add(counts.Tokens[i], counts.Counts[i]);
        return pairs;
    }
}
