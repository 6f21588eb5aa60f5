using Gim.Match;
using Gim.Predict;

namespace Gim.Tests.Predict;

public sealed class GimRuleTests
{
    [Fact]
    public void Every_small_combination_is_the_rule_written_out()
    {
        for (int corpus = 0; corpus <= 12; corpus++)
        {
            for (int context = 0; context <= 12; context++)
            {
                for (int threshold = 0; threshold <= 14; threshold++)
                {
                    MatchSource expected;
                    if ((corpus >= threshold || context >= threshold) && corpus + context > 0)
                    {
                        if (context >= corpus) expected = MatchSource.Context;
                        else expected = MatchSource.Corpus;
                    }
                    else
                    {
                        expected = MatchSource.Similarity;
                    }
                    Assert.Equal(expected, GimRule.Choose(corpus, context, threshold));
                }
            }
        }
    }
}
