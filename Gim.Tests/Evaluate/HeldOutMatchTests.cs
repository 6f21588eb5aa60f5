using Gim.Evaluate;
using Gim.Index;
using Gim.Match;
using Gim.Tests.Index;

namespace Gim.Tests.Evaluate;

public sealed class HeldOutMatchTests
{
    private const int MaxContext = 30;

    /// <summary>Against an index built without the document.</summary>
    [Theory]
    [InlineData(1, 1, 60)]
    [InlineData(2, 1, 60)]
    [InlineData(3, 2, 40)]
    [InlineData(5, 3, 80)]
    [InlineData(200, 2, 80)]
    public void A_document_is_as_if_it_were_not_there(int alphabet, int corpora, int maxLength)
    {
        var random = new Random(42);
        MatchResult expected = new(), actual = new();
        for (int round = 0; round < 12; round++)
        {
            using var folder = new TemporaryFolder();
            TestCorpus[] texts = [.. Enumerable.Range(0, corpora).Select(_ => TestCorpus.Random(random, alphabet, 6, maxLength))];
            CorpusIndex[] whole = [.. texts.Select((text, i) => Build(text, folder[$"whole{i}"], i))];
            int held = random.Next(corpora), number = random.Next(texts[held].Documents.Length);
            int[] document = texts[held].Documents[number];
            TestCorpus rest = new([.. texts[held].Documents.Where((_, i) => i != number)], alphabet);
            using CorpusIndex? without = rest.Documents.Length == 0 ? null : Build(rest, folder["without"], held);
            CorpusIndex[] others = [.. whole.Index().Where(one => one.Index != held || without is not null).Select(one => one.Index == held ? without! : one.Item)];
            var (start, end) = whole[held].Shards[0].Bounds(number);
            var own = new HeldOutDocument(held, 0, start, end);
            Assert.Equal(document.Length, own.Length);

            var definition = new CorpusMatch(others, MaxContext);
            var matcher = new HeldOutMatch(whole, MaxContext);
            for (int at = 0; at <= document.Length; at++)
            {
                definition.Reference(document.AsSpan(0, at), expected);
                matcher.Find(document.AsSpan(0, at), own, actual);
                Assert.Equal(expected.Length, actual.Length);
                if (expected.Length > 0)
                {
                    Assert.Equal(expected.Next.Tokens.ToArray(), actual.Next.Tokens.ToArray());
                    Assert.Equal(expected.Next.Counts.ToArray(), actual.Next.Counts.ToArray());
                    Assert.Equal(expected.Next.Total, actual.Next.Total);
                }
                else
                {
                    Assert.Equal(0, actual.Next.Length);
                }
            }
            foreach (CorpusIndex index in whole)
                index.Dispose();
        }
    }

    /// <summary>Where a document has fewer tokens than there are places in all, its own are found by reading it.</summary>
    [Fact]
    public void A_short_document_among_many_places()
    {
        using var folder = new TemporaryFolder();
        int[] own = [1, 2, 1, 2, 3];
        int[][] documents = [.. Enumerable.Repeat<int[]>([1, 2, 4, 1, 2], 20), own, [3, 3]];
        using CorpusIndex index = new TestCorpus(documents, 9).Build(folder.Path);
        var (start, end) = index.Shards[0].Bounds(20);
        var match = new MatchResult();
        new HeldOutMatch([index], MaxContext).Find([1, 2], new HeldOutDocument(0, 0, start, end), match);
        Assert.Equal(2, match.Length);
        Assert.Equal([4, 9], match.Next.Tokens.ToArray());
        Assert.Equal([20, 20], match.Next.Counts.ToArray());
    }

    private static CorpusIndex Build(TestCorpus text, string folder, int number) => text.Build(folder, number == 1 ? TokenWidth.U32 : TokenWidth.U16, text.EndOfText + 1);
}
