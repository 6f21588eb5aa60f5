using Gim.Progress;
using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

public class TokenSampleTests
{
    [Fact]
    public void Shares_go_by_weight_and_what_a_short_source_leaves_goes_to_the_others()
    {
        Assert.Equal([30, 10, 0], Shares(40, (100, 3), (100, 1), (100, 0)));
        Assert.Equal([5, 26, 8], Shares(40, (5, 3), (100, 3), (100, 1)));
        Assert.Equal([5, 7, 2], Shares(1000, (5, 0.1), (7, 1e300), (2, 1e308)));
        Assert.Equal([0, 0], Shares(0, (5, 1), (7, 1)));
        Assert.Equal([0, 7], Shares(9, (0, 1), (7, 1)));
        Assert.Empty(Shares(9));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_that_is_none_is_refused(double weight)
        => Assert.Contains("where a finite number of at least 0 was expected", Assert.Throws<ArgumentException>(() => Shares(9, (5, weight))).Message, StringComparison.Ordinal);

    [Fact]
    public void Whole_sources_are_read_in_one_piece_each()
    {
        int[] read = Read([new(new ListedTokens(1, 2, 3), 1), new(new ListedTokens(), 1), new(new ListedTokens(4), 1)], 10, 100, gap: 2);
        Assert.Equal([1, 2, 3, -1, -1, 4, -1, -1], read);
    }

    [Fact]
    public void A_share_is_stretches_at_even_distances_without_overlap()
    {
        int count = 10 * TokenSample.Stretch + 17, share = 3 * TokenSample.Stretch - 5;
        int[] read = Read([new(new ListedTokens([.. Enumerable.Range(0, count)]), 1)], count, share, gap: 1);
        Assert.Equal(share + 3, read.Length);
        Assert.Equal(share, read.Count(token => token >= 0));
        int last = -1, stretches = 0;
        for (int i = 0; i < read.Length; i++)
        {
            if (read[i] < 0)
            {
                stretches++;
                continue;
            }
            Assert.True(read[i] > last);
            if (i > 0 && read[i - 1] >= 0)
                Assert.Equal(last + 1, read[i]);
            last = read[i];
        }
        Assert.Equal(3, stretches);
        Assert.InRange(count - last, TokenSample.Stretch, 2 * TokenSample.Stretch);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_token_outside_the_vocabulary_is_named(int token)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Read([new(new ListedTokens(0, 4, token), 1)], 5, 100, gap: 1));
        Assert.Equal($"token 2 of a source is {token}, where a number from 0 to 4 was expected", refusal.Message);
    }

    private static long[] Shares(long tokens, params (int Count, double Weight)[] sources)
        => TokenSample.Shares([.. sources.Select(source => new WeightedTokens(new ListedTokens(new int[source.Count]), source.Weight))], tokens);

    private static int[] Read(WeightedTokens[] sources, int vocabulary, long tokens, int gap)
        => TokenSample.Read(sources, vocabulary, tokens, gap, SilentLog.Instance, default);
}
