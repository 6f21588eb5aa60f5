using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Text;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Index.Build;

/// <summary>Shards, small corpora, and what a build refuses.</summary>
public sealed class IndexBuilderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TokenWidth.U8, 30, true)]
    [InlineData(TokenWidth.U8, 5000, false)]
    [InlineData(TokenWidth.U16, 7, true)]
    [InlineData(TokenWidth.U16, 30, true)]
    [InlineData(TokenWidth.U32, 8, true)]
    public void Many_shards_answer_as_one(TokenWidth width, int shardTokens, bool many)
    {
        var build = new BuildCase(width, shardTokens);
        IndexManifest manifest = build.Build(folder.Path);
        using CorpusIndex index = CorpusIndex.Open(folder.Path);
        Assert.Equal(many, index.Shards.Count > 1);
        Assert.Equal(index.Shards.Count, manifest.Shards);
        TestCorpus corpus = build.Corpus;
        Assert.Equal(corpus.Documents.Length, index.Documents);
        Assert.Equal(corpus.Documents.Sum(document => document.Length + 1L), index.Tokens);

        // Reading order over the shards, each as full as can be.
        int next = 0;
        for (int s = 0; s < index.Shards.Count; s++)
        {
            IndexShard shard = index.Shards[s];
            Assert.InRange(shard.TokenCount, 1, shardTokens);
            if (s > 0)
                Assert.True(index.Shards[s - 1].TokenCount + corpus.Documents[next].Length + 1 > shardTokens);
            for (long at = 0, document = 0; document < shard.DocumentCount; document++)
            {
                int[] tokens = corpus.Documents[next++];
                for (int i = 0; i < tokens.Length; i++)
                    Assert.Equal(tokens[i], shard.TokenAt(at + 1 + i));
                at += tokens.Length + 1;
            }
        }

        var random = new Random(42);
        var counts = new TokenCounts();
        for (int query = 0; query < 300; query++)
        {
            int[] document = corpus.Documents[random.Next(corpus.Documents.Length)];
            int start = random.Next(document.Length + 1);
            int[] tokens = document[start..Math.Min(document.Length, start + random.Next(4))];
            Assert.Equal(corpus.Count(tokens), index.Count(tokens));
            counts.Clear();
            index.NextTokens(tokens, counts);
            var pairs = new SortedDictionary<int, long>();
            for (int i = 0; i < counts.Length; i++)
                pairs.Add(counts.Tokens[i], counts.Counts[i]);
            Assert.Equal(corpus.NextTokens(tokens), pairs);
        }
    }

    [Fact]
    public void Names_of_many_shards_are_in_the_order_of_their_numbers()
    {
        IndexManifest manifest = new BuildCase(TokenWidth.U16, 7).Build(folder.Path);
        Assert.True(manifest.Shards > 10);
        Assert.True(File.Exists(folder["tokenized.00"]));
        Assert.False(File.Exists(folder["tokenized.0"]));
        string[] names = [.. manifest.Files.Keys.Where(name => name.StartsWith("table.", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Range(0, manifest.Shards).Select(shard => $"table.{shard:D2}"), names);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var build = new BuildCase(TokenWidth.U16, 12);
        build.Build(folder.Path);
        using var other = new TemporaryFolder();
        build.Build(other.Path, build.Settings with { Threads = 4 });
        BuildCase.AssertSame(BuildCase.Files(folder.Path), other.Path);
    }

    [Theory]
    [InlineData(TokenWidth.U8, 5000)]
    [InlineData(TokenWidth.U16, 30)]
    [InlineData(TokenWidth.U16, 7)]
    [InlineData(TokenWidth.U32, 5000)]
    public void Positions_of_64_bits_give_the_same_files(TokenWidth width, int shardTokens)
    {
        var build = new BuildCase(width, shardTokens);
        build.Build(folder.Path);
        using var other = new TemporaryFolder();
        build.Build(other.Path, build.Settings with { WidePositions = true });
        BuildCase.AssertSame(BuildCase.Files(folder.Path), other.Path);
    }

    [Fact]
    public void A_document_that_fits_no_shard_is_refused_with_the_memory_it_needs()
    {
        var build = new BuildCase(TokenWidth.U16, 4);
        InputException problem = Assert.Throws<InputException>(() => build.Build(folder.Path));
        Assert.Contains("a shard of the index only 4: with \"memory\" of 0.", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\"path\": \"source ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_is_too_small_is_noticed_before_sorting_and_room_made_is_enough()
    {
        var build = new BuildCase(TokenWidth.U16, 12);
        InputException problem = Assert.Throws<InputException>(() => build.Build(folder.Path, build.Settings with { FreeBytes = _ => 10 }));
        Assert.Contains("MB free", problem.Message, StringComparison.Ordinal);
        var log = new BuildLog();
        build.Build(folder.Path, log: log);
        Assert.Contains("going on", Assert.Single(log.Said), StringComparison.Ordinal);
        using var whole = new TemporaryFolder();
        build.Build(whole.Path);
        BuildCase.AssertSame(BuildCase.Files(whole.Path), folder.Path);
    }

    [Fact]
    public void The_free_space_of_a_disk_is_known()
    {
        Assert.InRange(BuildFolder.FreeBytes(folder.Path) ?? 1, 1, long.MaxValue);
        Assert.Null(BuildFolder.FreeBytes(folder["no folder"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Documents_without_tokens_make_an_index(int count)
    {
        IDocumentSource source = new ListedSource("empty", "", [.. Enumerable.Repeat("", count)]);
        IndexManifest manifest = IndexBuilder.Build([source], new ByteTokenizer(), folder.Path, new IndexBuildSettings(), SilentLog.Instance, CancellationToken.None);
        Assert.Equal((count, count), (manifest.Documents, manifest.Tokens));
        using CorpusIndex index = CorpusIndex.Open(folder.Path);
        Assert.Equal(0, index.Count([65]));
        Assert.Equal(count, index.Count([255]));
        var counts = new TokenCounts();
        index.NextTokens([], counts);
        Assert.Equal((1, count), (counts.Length, counts.Counts[0]));
        Assert.Equal([$"255 {count}"], File.ReadAllLines(folder["unigram.0"]));
    }

    [Fact]
    public void One_token_makes_an_index()
    {
        IDocumentSource source = new ListedSource("one", "", ["A"]);
        IndexBuilder.Build([source], new ByteTokenizer(), folder.Path, new IndexBuildSettings(), SilentLog.Instance, CancellationToken.None);
        using CorpusIndex index = CorpusIndex.Open(folder.Path);
        Assert.Equal((2, 1), (index.Tokens, index.Count([65])));
        Assert.Equal([255, 65], File.ReadAllBytes(folder["tokenized.0"]).Select(value => (int)value));
        Assert.Equal([1, 0], File.ReadAllBytes(folder["table.0"]).Select(value => (int)value));
    }

    [Fact]
    public void No_document_is_refused_and_leaves_nothing()
    {
        IDocumentSource[] sources = [new ListedSource("none", "", ["skip"]), new ListedSource("nothing", "", [])];
        InputException problem = Assert.Throws<InputException>(
            () => IndexBuilder.Build(sources, new ByteTokenizer(), folder.Path, new BuildCase(TokenWidth.U8, 9).Settings, SilentLog.Instance, CancellationToken.None));
        Assert.Contains("none, nothing gave no document", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_writer_without_a_journal_leaves_nothing_of_what_is_not_finished()
    {
        using (var writer = new IndexWriter(folder.Path, TokenWidth.U16, 100))
        {
            writer.Append([5, 6], "{}");
            writer.Save();
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_cache_goes_on_with_what_was_left_and_gives_it_again()
    {
        var build = new BuildCase(TokenWidth.U16, 12);
        var cache = new IndexCache(folder.Path);
        IndexBuildSettings killed = build.Settings with { OnStep = what => { if (what == BuildStep.TableWritten) throw new KilledException(); } };
        Assert.Throws<KilledException>(() => cache.Open(build.Sources, build.Tokenizer, killed, SilentLog.Instance, CancellationToken.None));

        var log = new BuildLog();
        using (CorpusIndex index = cache.Open(build.Sources, build.Tokenizer, build.Settings, log, CancellationToken.None))
            Assert.True(index.Shards.Count > 1);
        Assert.StartsWith("going on with an unfinished build", log.Said[0], StringComparison.Ordinal);
        Assert.StartsWith("index built", log.Said[1], StringComparison.Ordinal);
        using (cache.Open(build.Sources, build.Tokenizer, 1, log, CancellationToken.None)) { }
        Assert.StartsWith("index reused", log.Said[2], StringComparison.Ordinal);
    }
}
