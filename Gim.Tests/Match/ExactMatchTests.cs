using Gim.Match;
using Gim.Predict;

namespace Gim.Tests.Match;

public class ExactMatchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(50)]
    public void The_vectorised_match_is_the_definition(int alphabet)
    {
        var random = new Random(42);
        MatchResult expected = new(), actual = new();
        for (int round = 0; round < 300; round++)
        {
            int[] context = new int[round < 40 ? round : random.Next(0, 300)];
            for (int i = 0; i < context.Length; i++)
                context[i] = random.Next(alphabet);
            AssertSame(context, expected, actual);
        }
    }

    [Fact]
    public void Planted_repeats_of_every_length_are_found()
    {
        var random = new Random(42);
        MatchResult expected = new(), actual = new();
        for (int length = 1; length < 80; length++)
        {
            int[] repeat = Enumerable.Range(1000, length).ToArray();
            int[] noise = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(10))];
            int[] context = [.. repeat, 7, .. noise, .. repeat, 8, .. noise, .. repeat];
            AssertSame(context, expected, actual);
            Assert.True(actual.Length >= length);
        }
    }

    [Fact]
    public void The_place_right_before_the_last_token_counts()
    {
        var match = new MatchResult();
        ExactMatch.Find([3, 9, 9], match);
        Assert.Equal(1, match.Length);
        Assert.Equal([9], match.Next.Tokens.ToArray());
        Assert.Equal([2], match.InContext);
    }

    [Fact]
    public void Without_an_earlier_place_nothing_is_predicted()
    {
        foreach (int[] context in (int[][])[[], [5], [1, 2, 3]])
        {
            var match = new MatchResult();
            NextTokens prediction = new ExactInductionPredictor("exact", 10).Predict(context, match);
            Assert.Equal(0, match.Length);
            Assert.True(prediction.IsFlat);
            Assert.Equal(0.1, prediction.ProbabilityOf(4));
        }
    }

    private static void AssertSame(int[] context, MatchResult expected, MatchResult actual)
    {
        ExactMatch.Reference(context, expected);
        ExactMatch.Find(context, actual);
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(expected.InContext, actual.InContext);
        Assert.Equal(expected.Next.Tokens.ToArray(), actual.Next.Tokens.ToArray());
        Assert.Equal(expected.Next.Counts.ToArray(), actual.Next.Counts.ToArray());
    }
}
