using Gim.Index;

namespace Gim.Tests.Index;

/// <summary>infini-gram's other layouts, and several folders as one index: every answer is that of the documents.</summary>
public sealed class LayoutTests
{
    private const int Alphabet = 6, EndOfText = 9;

    private static readonly string[] Kinds = ["tokenized", "table", "offset", "metadata", "metaoff", "unigram"];

    [Theory]
    [InlineData(TokenWidth.U8, false)]
    [InlineData(TokenWidth.U16, false)]
    [InlineData(TokenWidth.U32, false)]
    [InlineData(TokenWidth.U8, true)]
    [InlineData(TokenWidth.U16, true)]
    [InlineData(TokenWidth.U32, true)]
    public void A_bare_folder_of_any_layout_answers_as_its_documents_do(TokenWidth width, bool reversed)
    {
        var random = new Random(42);
        for (int round = 0; round < 12; round++)
        {
            using var folder = new TemporaryFolder();
            TestCorpus corpus = Corpus(random);
            WriteBare(corpus, folder.Path, width, reversed, sixth: round % 2 == 0);
            using CorpusIndex index = CorpusIndex.Open(folder.Path, width, EndOfText, reversed);
            AssertAnswers(random, [corpus], index);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_folders_are_one_index(bool reversed)
    {
        var random = new Random(42);
        for (int round = 0; round < 10; round++)
        {
            using var folder = new TemporaryFolder();
            TestCorpus[] corpora = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Corpus(random))];
            string[] folders = [.. corpora.Select((_, i) => folder[$"part{i}"])];
            for (int i = 0; i < corpora.Length; i++)
                WriteBare(corpora[i], folders[i], TokenWidth.U16, reversed, sixth: i != 1);
            Assert.Equal(folders, IndexFolders.Match(folder["part*"]));
            using CorpusIndex index = CorpusIndex.Open(IndexFolders.Match(folder["part*"]), TokenWidth.U16, EndOfText, reversed);
            AssertAnswers(random, corpora, index);
        }
    }

    [Fact]
    public void Folders_of_one_index_must_share_their_end_of_text()
    {
        using var folder = new TemporaryFolder();
        new TestCorpus([[1, 2]], 3).Build(folder["a"]).Dispose();
        new TestCorpus([[1, 2]], 4).Build(folder["b"]).Dispose();
        InputException problem = Assert.Throws<InputException>(() => CorpusIndex.Open([folder["a"], folder["b"]]));
        Assert.Contains("end-of-text token is 4", problem.Message, StringComparison.Ordinal);
        problem = Assert.Throws<InputException>(() => CorpusIndex.Open(folder["a"], reversed: true));
        Assert.Contains("reversed", problem.Message, StringComparison.Ordinal);
        problem = Assert.Throws<InputException>(() => IndexFolders.Match(folder["c*"]));
        Assert.Contains("no folder matches", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_told_apart_by_name_whatever_the_path()
    {
        using var folder = new TemporaryFolder();
        string place = folder["stable/unigram.0/offset"];
        TestCorpus corpus = Corpus(new Random(42));
        corpus.Build(place).Dispose();
        File.WriteAllText(Path.Combine(place, "table.of.contents"), "not a table");
        File.WriteAllText(Path.Combine(place, "tokenized.0.tmp"), "not tokens");
        using CorpusIndex index = CorpusIndex.Open(place);
        AssertAnswers(new Random(1), [corpus], index);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Pointers_may_be_wider_than_they_need(int bytes)
    {
        using var folder = new TemporaryFolder();
        TestCorpus corpus = new([[1, 2, 3, 1, 2], [], [2, 3]], EndOfText);
        corpus.Build(folder.Path).Dispose();
        byte[] narrow = File.ReadAllBytes(folder["table.0"]);
        byte[] wide = new byte[narrow.Length * bytes];
        for (int i = 0; i < narrow.Length; i++)
            wide[i * bytes] = narrow[i];
        File.WriteAllBytes(folder["table.0"], wide);
        using CorpusIndex index = CorpusIndex.Open(folder.Path);
        AssertAnswers(new Random(42), [corpus], index);
    }

    [Theory]
    [InlineData("1 2\n2 2\n65535 1\n", null)]
    [InlineData("1 2\n2 2\n65535 1", null)]
    [InlineData("0\n2\n2\n1\n", null)]
    [InlineData("0\r\n2\r\n3\r\n", null)]
    [InlineData("1 2\n2 2\n", "add up to 4")]
    [InlineData("1 2\n2 2\n65535 7\n", "line 3")]
    [InlineData("1 2\n2 -2\n65535 5\n", "line 2")]
    [InlineData("1 2\n2 2x\n65535 1\n", "line 2")]
    [InlineData("a 2\n2 2\n65535 1\n", "line 1")]
    [InlineData("1 99999999999999999999999\n", "line 1")]
    [InlineData("", "add up to 0")]
    public void Token_counts_must_add_up(string unigram, string? problem)
    {
        using var folder = new TemporaryFolder();
        new TestCorpus([[1, 2, 1, 2]], EndOfText).Build(folder.Path).Dispose();
        File.WriteAllText(folder["unigram.0"], unigram);
        if (problem is null)
        {
            CorpusIndex.Open(folder.Path).Dispose();
            return;
        }
        InputException thrown = Assert.Throws<InputException>(() => CorpusIndex.Open(folder.Path));
        Assert.Contains("unigram.0", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }

    private static TestCorpus Corpus(Random random)
        => new(TestCorpus.Random(random, Alphabet, 6, 30).Documents, EndOfText);

    /// <summary>Files as the original engine keeps them, without gim.json; in the sixth layout without numbers.</summary>
    private static void WriteBare(TestCorpus corpus, string folder, TokenWidth width, bool reversed, bool sixth)
    {
        int[][] stored = reversed ? [.. corpus.Documents.Select(document => document.Reverse().ToArray())] : corpus.Documents;
        new TestCorpus(stored, EndOfText).Build(folder, width, 100).Dispose();
        File.Delete(Path.Combine(folder, "gim.json"));
        if (!sixth)
            return;
        foreach (string kind in Kinds)
            File.Move(Path.Combine(folder, $"{kind}.0"), Path.Combine(folder, kind));
    }

    private static void AssertAnswers(Random random, TestCorpus[] corpora, CorpusIndex index)
    {
        int[][] documents = [.. corpora.SelectMany(corpus => corpus.Documents)];
        var whole = new TestCorpus(documents, EndOfText);
        Assert.Equal((documents.Length, documents.Sum(document => document.Length + 1)), (index.Documents, index.Tokens));
        AssertDocuments(documents, index);
        var counts = new TokenCounts();
        for (int query = 0; query < 60; query++)
        {
            int[] tokens = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(Alphabet))];
            if (query % 2 == 0 && documents[random.Next(documents.Length)] is { Length: > 0 } document)
            {
                int start = random.Next(document.Length);
                tokens = document[start..random.Next(start, document.Length + 1)];
            }
            Assert.Equal(whole.Count(tokens), index.Count(tokens));
            counts.Clear();
            index.NextTokens(tokens, counts);
            var expected = whole.NextTokens(tokens);
            Assert.Equal(expected.Keys, counts.Tokens.ToArray());
            Assert.Equal(expected.Values, counts.Counts.ToArray());
            if (tokens.Length > 0)
                AssertPlaces(tokens, index);
        }
    }

    private static void AssertPlaces(int[] tokens, CorpusIndex index)
    {
        var seen = new HashSet<(int, long)>();
        foreach (RankRange range in index.Find(tokens))
        {
            IndexShard shard = index.Shards[range.Shard];
            for (long rank = range.Low; rank < range.High; rank++)
            {
                long place = shard.PlaceOf(rank, tokens.Length);
                Assert.True(seen.Add((range.Shard, place)));
                Assert.Equal(tokens, Enumerable.Range(0, tokens.Length).Select(i => shard.TokenAt(place + i)));
                IndexDocument document = shard.DocumentByRank(rank, 1);
                Assert.Equal(shard.Reversed ? tokens[^1] : tokens[0], Assert.Single(document.Tokens));
            }
        }
    }

    private static void AssertDocuments(int[][] documents, CorpusIndex index)
    {
        int number = 0;
        foreach (IndexShard shard in index.Shards)
        {
            for (long d = 0; d < shard.DocumentCount; d++, number++)
            {
                var (start, end) = shard.Bounds(d);
                Assert.Equal(documents[number].Length, end - start);
                int[] read = new int[end - start];
                shard.ReadDocument(d, 0, read);
                Assert.Equal(documents[number], read);
                for (long i = start - 1; i < end; i++)
                    Assert.Equal(i < start ? shard.Width.Separator() : read[i - start], shard.TokenAt(i));
                if (read.Length < 3)
                    continue;
                IndexDocument around = shard.DocumentByPosition(start + 2, 3);
                Assert.Equal(read[1..Math.Min(4, read.Length)], around.Tokens);
                Assert.Equal((d, 1L, 1), (around.Document, around.Start, around.Needle));
            }
        }
        Assert.Equal(documents.Length, number);
    }
}
