using Gim.Match;
using Gim.Predict;

namespace Gim.Tests.Predict;

public class NextTokensTests
{
    private const int Vocabulary = 12;

    [Fact]
    public void Ranks_are_those_of_the_whole_vocabulary_in_order()
    {
        var random = new Random(42);
        for (int round = 0; round < 300; round++)
        {
            var match = new MatchResult();
            for (int i = random.Next(0, 8); i > 0; i--)
                match.Next.Add(random.Next(Vocabulary), random.Next(1, 4));
            match.Next.Merge();
            NextTokens prediction = NextTokens.FromCounts(match, Vocabulary);

            double[] dense = new double[Vocabulary];
            for (int token = 0; token < Vocabulary; token++)
                dense[token] = prediction.ProbabilityOf(token);
            Assert.Equal(1, dense.Sum(), 12);
            int[] order = [.. Enumerable.Range(0, Vocabulary).OrderByDescending(token => dense[token]).ThenBy(token => token)];
            Assert.Equal(order[0], prediction.Best);
            for (int rank = 0; rank < Vocabulary; rank++)
                Assert.Equal(rank, prediction.RankOf(order[rank]));
            for (int token = 0; token < Vocabulary; token++)
                Assert.Equal(dense[token] == dense.Max(), prediction.SharesMaximum(token));
            Assert.Equal(dense.Distinct().Count() == 1, prediction.IsFlat);
            Assert.Equal(dense.Count(p => p > 0) == 1, prediction.IsSparse);
        }
    }

    [Fact]
    public void All_tokens_equally_often_is_flat()
    {
        var match = new MatchResult();
        for (int token = 0; token < Vocabulary; token++)
            match.Next.Add(token, 3);
        Assert.True(NextTokens.FromCounts(match, Vocabulary).IsFlat);
    }
}
