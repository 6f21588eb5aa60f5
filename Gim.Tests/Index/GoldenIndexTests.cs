using System.Buffers.Binary;
using Gim.Index;

namespace Gim.Tests.Index;

/// <summary>A corpus of 21 tokens whose files and answers are known from the original infini-gram engine.</summary>
public sealed class GoldenIndexTests : IDisposable
{
    private const int Separator = 65535;

    private static readonly int[][] Documents = [[5, 6, 7, 8], [5, 6, 9], [256, 5, 6, 7, 8, 2], [1, 5, 6, 7]];

    private readonly TemporaryFolder folder = new();
    private readonly CorpusIndex index;

    public GoldenIndexTests() => index = new TestCorpus(Documents, 2).Build(folder.Path);

    public void Dispose()
    {
        index.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_files_are_the_original_builders()
    {
        byte[] tokens = File.ReadAllBytes(folder["tokenized.0"]);
        Assert.Equal(42, tokens.Length);
        int[] expected = [.. Documents.SelectMany(document => document.Prepend(Separator))];
        Assert.Equal(expected, Enumerable.Range(0, 21).Select(i => (int)BinaryPrimitives.ReadUInt16LittleEndian(tokens.AsSpan(2 * i))));

        byte[] table = File.ReadAllBytes(folder["table.0"]);
        int[] order = [10, 17, 15, 18, 11, 1, 6, 19, 12, 2, 7, 20, 13, 3, 14, 4, 8, 9, 16, 0, 5];
        Assert.Equal(order, table.Select(pointer => pointer / 2));

        byte[] offsets = File.ReadAllBytes(folder["offset.0"]);
        Assert.Equal([0UL, 10, 18, 32], Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(offsets.AsSpan(8 * i))));
        Assert.Equal(4, File.ReadAllLines(folder["metadata.0"]).Length);
        Assert.Equal(8 * 4, new FileInfo(folder["metaoff.0"]).Length);
        Assert.Equal(["1 1", "2 1", "5 4", "6 4", "7 3", "8 2", "9 1", "256 1", "65535 4"], File.ReadAllLines(folder["unigram.0"]));
    }

    [Fact]
    public void Find_gives_the_ranks()
    {
        Assert.Equal([new RankRange(0, 3, 7)], index.Find([5, 6]));
        Assert.Equal([new RankRange(0, 0, 21)], index.Find([]));
        Assert.Equal([new RankRange(0, 17, 17)], index.Find([77]));
        Assert.Equal(4, index.Count([Separator]));
        Assert.Equal(0, index.Count([70000]));
    }

    [Theory]
    [InlineData(new[] { 5, 6 }, new[] { 7, 3, 9, 1 })]
    [InlineData(new[] { 6, 7 }, new[] { 2, 1, 8, 2 })]
    [InlineData(new[] { 8 }, new[] { 2, 2 })]
    [InlineData(new int[0], new[] { 1, 1, 2, 5, 5, 4, 6, 4, 7, 3, 8, 2, 9, 1, 256, 1 })]
    [InlineData(new[] { Separator }, new[] { 1, 1, 5, 2, 256, 1 })]
    [InlineData(new[] { 77 }, new int[0])]
    public void Next_tokens_are_counted_with_document_ends_as_end_of_text(int[] query, int[] expected)
    {
        var counts = new TokenCounts();
        index.NextTokens(query, counts);
        var pairs = new List<int>();
        for (int i = 0; i < counts.Length; i++)
            pairs.AddRange([counts.Tokens[i], (int)counts.Counts[i]]);
        Assert.Equal(expected, pairs);
        Assert.Equal(index.Count(query), counts.Total);
    }

    [Fact]
    public void A_document_is_cut_around_the_place_asked_for()
    {
        IndexShard shard = index.Shards[0];
        IndexDocument byRank = shard.DocumentByRank(5, 4);
        Assert.Equal((0L, 4L, 0), (byRank.Document, byRank.Length, byRank.Needle));
        Assert.Equal([5, 6], byRank.Tokens);
        Assert.EndsWith("\n", byRank.Metadata, StringComparison.Ordinal);
        Assert.Contains("\"linenum\": 0", byRank.Metadata, StringComparison.Ordinal);

        Assert.Equal([7], shard.DocumentByPosition(13, 1).Tokens);
        Assert.Equal([6, 7], shard.DocumentByPosition(13, 2).Tokens);
        Assert.Equal([6, 7, 8], shard.DocumentByPosition(13, 3).Tokens);
        IndexDocument five = shard.DocumentByPosition(13, 5);
        Assert.Equal([5, 6, 7, 8, 2], five.Tokens);
        Assert.Equal((2, 1L), (five.Needle, five.Start));
        IndexDocument whole = shard.DocumentByPosition(13, 100);
        Assert.Equal(Documents[2], whole.Tokens);
        Assert.Equal((2L, 3), (whole.Document, whole.Needle));
    }

    [Fact]
    public void A_place_on_a_separator_means_the_document_behind_it()
    {
        IndexDocument document = index.Shards[0].DocumentByPosition(9, 4);
        Assert.Equal((2L, 0), (document.Document, document.Needle));
        Assert.Equal([256, 5], document.Tokens);
    }
}
