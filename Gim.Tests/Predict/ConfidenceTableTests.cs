using Gim.Evaluate;
using Gim.Match;
using Gim.Predict;

namespace Gim.Tests.Predict;

public sealed class ConfidenceTableTests
{
    [Fact]
    public void An_empty_table_knows_nothing_and_prefers_exact_induction_then_the_corpus()
    {
        var table = new ConfidenceTable();
        AnswerKind corpus = new(MatchSource.Corpus, 3, 2, 1, 0), context = new(MatchSource.Context, 3, 2, 1, 0), fuzzy = new(MatchSource.Similarity, 3, 0, 0, 0);
        Assert.Equal(table.Of(corpus), table.Of(fuzzy));
        Assert.Equal(MatchSource.Context, table.Choose(corpus, context, fuzzy));
        Assert.Equal(MatchSource.Corpus, table.Choose(corpus, null, fuzzy));
        Assert.Equal(MatchSource.Similarity, table.Choose(null, null, fuzzy));
        // Without any answer there is still how often each token occurs.
        Assert.Equal(MatchSource.Corpus, table.Choose(null, null, null));
    }

    [Fact]
    public void A_probability_that_was_never_seen_leans_on_the_least_likely_one_that_was()
    {
        var table = new ConfidenceTable();
        AnswerKind seen = new(MatchSource.Similarity, 4, 0, 0, 0);
        table.Add(seen, 1, 200);
        Assert.InRange(table.Of(seen with { Probability = 1 }), 0, 0.02);
        Assert.Equal(0.2, table.Of(seen with { Probability = 7 }), 1e-12);
        Assert.Equal(0.2, table.Of(seen with { Source = MatchSource.Corpus, Probability = 1 }), 1e-12);
    }

    [Fact]
    public void A_share_of_few_votes_counts_for_less_than_one_of_many()
    {
        AnswerKind Fuzzy(int[] context, int votes)
        {
            var match = new MatchResult();
            float[] weights = [.. Enumerable.Repeat(1f, context.Length - 1)];
            FuzzyMatch.Fill(weights, match);
            NextTokens similarity = NextTokens.FromWeights(match, context, 20);
            var nothing = new MatchResult();
            ExactMatch.Find([1], nothing);
            NextTokens none = NextTokens.FromCounts(nothing, 20);
            return AnswerKind.Of(none, none, similarity, votes).Similarity!.Value;
        }

        int[] few = [1, 7, 7, 7, 8], many = [1, .. Enumerable.Repeat(7, 768), .. Enumerable.Repeat(8, 256)];
        // Three of four votes: as such 0.75; of 1,024 votes, the others being as many in proportion, a fraction of a hundredth.
        Assert.Equal(11, Fuzzy(few, 0).Probability);
        Assert.Equal(0, Fuzzy(few, 1024).Probability);
        Assert.Equal(11, Fuzzy(many, 1024).Probability);
        Assert.Equal(0, Fuzzy([1, 7], 1024).Probability);
    }

    [Fact]
    public void Shares_are_those_of_the_definition_and_the_likeliest_answers()
    {
        var random = new SeededRandom(42);
        var table = new ConfidenceTable();
        var all = new List<(AnswerKind Kind, bool Right)>();
        for (int i = 0; i < 3000; i++)
        {
            var kind = new AnswerKind((MatchSource)random.Below(3), (int)random.Below(13), (int)random.Below(10), (int)random.Below(4), (int)random.Below(3));
            bool right = random.Below(13) < kind.Probability;
            all.Add((kind, right));
            table.Add(kind, right ? 1 : 0, 1);
        }
        Assert.Equal(3000, table.Count);
        ConfidenceTable again = ConfidenceTable.Parse(table.ToText());
        Assert.Equal(table.ToText(), again.ToText());
        for (int i = 0; i < 200; i++)
        {
            var kind = new AnswerKind((MatchSource)random.Below(3), (int)random.Below(13), (int)random.Below(10), (int)random.Below(4), (int)random.Below(3));
            double share = 0.2;
            foreach (Func<AnswerKind, bool> like in (Func<AnswerKind, bool>[])[
                one => one.Probability == kind.Probability,
                one => one.Probability == kind.Probability && one.EffectiveN == kind.EffectiveN,
                one => one.Probability == kind.Probability && one.EffectiveN == kind.EffectiveN && one.Places == kind.Places,
                one => one == kind])
            {
                var same = all.Where(one => one.Kind.Source == kind.Source && like(one.Kind)).ToArray();
                share = (same.Count(one => one.Right) + 5 * share) / (same.Length + 5);
            }
            Assert.Equal(share, table.Of(kind), 1e-12);
            Assert.Equal(share, again.Of(kind), 1e-12);
        }
        AnswerKind sure = new(MatchSource.Similarity, 12, 0, 0, 0), doubtful = new(MatchSource.Context, 1, 1, 0, 0);
        Assert.Equal(MatchSource.Similarity, table.Choose(null, doubtful, sure));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1:2")]
    [InlineData("1:3/2")]
    [InlineData("-1:0/1")]
    [InlineData("4680:0/1")]
    [InlineData("0:0/2147483647 1:0/1")]
    public void Damaged_text_is_refused(string text) => Assert.Throws<FormatException>(() => ConfidenceTable.Parse(text));

    [Fact]
    public void Counts_out_of_range_are_refused()
    {
        var table = new ConfidenceTable();
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Add(default, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Add(default, -1, 1));
    }
}
