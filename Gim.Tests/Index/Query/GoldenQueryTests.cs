using Gim.Index;
using Gim.Index.Query;

namespace Gim.Tests.Index.Query;

/// <summary>
/// The original engine's answers on the corpus of <see cref="GoldenIndexTests"/>, and ours where they differ on purpose.
/// </summary>
public sealed class GoldenQueryTests : IDisposable
{
    private const int Separator = 65535;

    private readonly ShardedCorpus corpus = new([[5, 6, 7, 8], [5, 6, 9], [256, 5, 6, 7, 8, 2], [1, 5, 6, 7]], 2);

    private CorpusIndex Index => corpus.Index;

    public void Dispose() => corpus.Dispose();

    [Theory]
    [InlineData(new[] { 5, 6 }, 7, 4, 3)]
    [InlineData(new[] { 77 }, 7, 0, 0)]
    [InlineData(new[] { 6, 7 }, Separator, 3, 0)]
    // The original says 0 of 3 and 1 of 2: it does not count a document's end as end of text here.
    [InlineData(new[] { 6, 7 }, 2, 3, 1)]
    [InlineData(new[] { 8 }, 2, 2, 2)]
    [InlineData(new int[0], 5, 21, 4)]
    [InlineData(new int[0], 2, 21, 5)]
    public void Probabilities(int[] prompt, int token, long promptCount, long continuationCount)
        => Assert.Equal(new TokenProbability(promptCount, continuationCount), NextTokenQueries.Probability(Index, prompt, token));

    [Theory]
    [InlineData(new[] { 99, 5, 6 }, 2)]
    [InlineData(new[] { 99 }, 0)]
    [InlineData(new int[0], 0)]
    [InlineData(new[] { 5, 6, 7 }, 3)]
    [InlineData(new[] { 5, 6, 7, 8, 2 }, 5)]
    [InlineData(new[] { 1, 256, 5, 6, 7, 8, 2 }, 6)]
    public void Longest_suffixes(int[] prompt, int expected)
        => Assert.Equal(expected, NextTokenQueries.LongestSuffix(Index, prompt));

    [Fact]
    public void The_infinity_gram_is_the_distribution_behind_the_longest_suffix()
    {
        Assert.Equal((2, new TokenProbability(4, 0)), NextTokenQueries.InfinityGramProbability(Index, [99, 5, 6], 8));
        var (length, distribution) = NextTokenQueries.InfinityGram(Index, [99, 5, 6]);
        Assert.Equal(2, length);
        TokenCounts counts = distribution.Counts;
        Assert.Equal((int[])[7, 9], counts.Tokens.ToArray());
        Assert.Equal((long[])[3, 1], counts.Counts.ToArray());
        var (none, unigram) = NextTokenQueries.InfinityGram(Index, [99]);
        Assert.Equal(0, none);
        TokenCounts unigrams = unigram.Counts;
        Assert.Equal((int[])[1, 2, 5, 6, 7, 8, 9, 256], unigrams.Tokens.ToArray());
        Assert.Equal((long[])[1, 5, 4, 4, 3, 2, 1, 1], unigrams.Counts.ToArray());
    }

    [Fact]
    public void The_sampled_unigrams_by_hand()
    {
        // 21 ranks, at most 6 looks: steps of 4. The ranks are halved into 10 and 11. Looked at are ranks 2, 6 and 9 and
        // ranks 12, 16 and 19: end of text (4), 5 (4), 6 (2), 7 (4), 9 (4), a separator (3).
        NextTokenDistribution sampled = NextTokenQueries.Distribution(Index, [], 6);
        Assert.Equal((21L, true), (sampled.PromptCount, sampled.Approximate));
        Assert.Equal((int[])[2, 5, 6, 7, 9], sampled.Counts.Tokens.ToArray());
        Assert.Equal((long[])[7, 4, 2, 4, 4], sampled.Counts.Counts.ToArray());
        Assert.Equal(21, sampled.Counts.Total);
    }

    [Fact]
    public void Documents_by_rank_and_pointer()
    {
        var reader = new DocumentReader(Index);
        MatchDocument byRank = reader.AtRank(0, 5, 1, 4);
        Assert.Equal((0L, 4L, 0, 2), (byRank.Number, byRank.Length, byRank.NeedleOffset, byRank.Tokens.Length));
        Assert.Equal([5, 6], byRank.Tokens);
        Assert.EndsWith("\n", byRank.Metadata, StringComparison.Ordinal);

        IndexPlace place = reader.PlaceAt(0, 26);
        Assert.Equal(13, place.Position);
        foreach (var (most, tokens, offset) in ((int, int[], int)[])[(1, [7], 0), (2, [6, 7], 1), (3, [6, 7, 8], 1), (5, [5, 6, 7, 8, 2], 2), (100, [256, 5, 6, 7, 8, 2], 3)])
        {
            MatchDocument document = reader.AtPlace(place, 1, most);
            Assert.Equal(tokens, document.Tokens);
            Assert.Equal((2L, offset, 1), (document.Number, document.NeedleOffset, document.NeedleLength));
        }
        MatchDocument around = reader.AroundPlace(new IndexPlace(0, 12), 2, 1);
        Assert.Equal([5, 6, 7, 8], around.Tokens);
        Assert.Equal((1, 2, true, true), (around.NeedleOffset, around.NeedleLength, around.CutBefore, around.CutAfter));
    }

    [Theory]
    [InlineData(new[] { 256, 5, 6, 9 }, 3)]
    [InlineData(new[] { 5, 6, 9, 1 }, 3)]
    [InlineData(new[] { 5, 6, 7, 0 }, 3)]
    [InlineData(new[] { Separator, 5, 7 }, 2)]
    // The original says 0: the text would stand before all of the index.
    [InlineData(new[] { 256, 0 }, 1)]
    public void Longest_prefixes(int[] text, int expected)
        => Assert.Equal(expected, PrefixQueries.LongestPrefix(Index, text));

    [Fact]
    public void Attribution()
    {
        var spans = SpanAttribution.Run(Index, new[] { 5, 6, 7, 8, 99, 1, 5, 6 }, new AttributionOptions { MinLength = 1, MaxCount = 10 });
        Assert.Equal([(0, 4, 2L), (5, 8, 1L)], spans.Select(span => (span.Start, span.End, span.Count)));
        Assert.Equal([-7.6137, -6.3610], spans.Select(span => Math.Round(span.UnigramLogProbability, 4)));
    }
}
