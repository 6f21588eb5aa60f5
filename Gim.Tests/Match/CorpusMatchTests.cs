using Gim.Index;
using Gim.Match;
using Gim.Predict;
using Gim.Tests.Index;

namespace Gim.Tests.Match;

public class CorpusMatchTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    [InlineData(5, 3)]
    [InlineData(300, 2)]
    public void The_search_is_the_definition_and_looking_everywhere(int alphabet, int corpora)
    {
        var random = new Random(42);
        for (int round = 0; round < 10; round++)
        {
            using var folder = new TemporaryFolder();
            TestCorpus[] texts = [.. Enumerable.Range(0, corpora).Select(_ => TestCorpus.Random(random, alphabet, 6, 80))];
            CorpusIndex[] indexes = [.. texts.Select((text, i) => text.Build(folder[$"c{i}"], i == 1 ? TokenWidth.U32 : TokenWidth.U16, alphabet + 1))];
            var matcher = new CorpusMatch(indexes, 40);
            MatchResult expected = new(), actual = new();
            for (int query = 0; query < 60; query++)
            {
                int[] context = RandomContext(random, texts, alphabet);
                matcher.Reference(context, expected);
                matcher.Find(context, actual);
                AssertSame(expected, actual);
                AssertLookedUp(texts, context, actual);
            }
            foreach (CorpusIndex index in indexes)
                index.Dispose();
        }
    }

    [Theory]
    [InlineData(2, 1, 500)]
    [InlineData(3, 3, 500)]
    [InlineData(5, 2, 6)]
    [InlineData(50, 2, 3)]
    [InlineData(5, 2, 1)]
    [InlineData(5, 2, 0)]
    public void Contexts_that_grow_by_a_token_are_matched_from_the_one_before(int alphabet, int corpora, int maxContext)
    {
        var random = new Random(42);
        for (int round = 0; round < 6; round++)
        {
            using var folder = new TemporaryFolder();
            TestCorpus[] texts = [.. Enumerable.Range(0, corpora).Select(_ => TestCorpus.Random(random, alphabet, 6, 80))];
            CorpusIndex[] indexes = [.. texts.Select((text, i) => text.Build(folder[$"c{i}"], i == 1 ? TokenWidth.U32 : TokenWidth.U16, alphabet + 1))];
            CorpusMatch matcher = new(indexes, maxContext), other = new(indexes, maxContext);
            MatchResult expected = new(), actual = new();
            int[] text = [.. Enumerable.Range(0, 8).SelectMany(_ => RandomContext(random, texts, alphabet).TakeLast(40))];
            for (int end = 0; end <= text.Length; end++)
            {
                // Mostly a token on; sometimes a window that moves, a leap, the same again, or another matcher in between.
                ReadOnlySpan<int> context = text.AsSpan((random.Next(3) == 0 ? Math.Max(0, end - random.Next(1, 9)) : 0)..end);
                if (random.Next(20) == 0)
                    other.Find(context, actual);
                matcher.Reference(context, expected);
                matcher.Find(context, actual);
                AssertSame(expected, actual);
                if (random.Next(15) != 0)
                    continue;
                matcher.Find(context, actual);
                AssertSame(expected, actual);
                end += random.Next(3);
            }
            foreach (CorpusIndex index in indexes)
                index.Dispose();
        }
    }

    [Fact]
    public void What_follows_frequent_tokens_is_the_same_again()
    {
        var random = new Random(42);
        using var folder = new TemporaryFolder();
        // Two tokens stand at thousands of places.
        TestCorpus text = new([.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 4000).Select(_ => random.Next(3) == 0 ? random.Next(500) : random.Next(2)).ToArray())], 500);
        using CorpusIndex index = text.Build(folder.Path);
        var matcher = new CorpusMatch([index], 2);
        MatchResult expected = new(), actual = new();
        foreach (int[] context in (int[][])[[0], [1], [0, 1], [1, 0], [0], [1], [0, 1], [1, 0], [1, 1], [1, 1], [7, 0], [7, 0]])
        {
            matcher.Reference(context, expected);
            var looked = text.NextTokens(context);
            for (int again = 0; again < 2; again++)
            {
                matcher.Find(context, actual);
                AssertSame(expected, actual);
                Assert.Equal(looked.Keys, actual.Next.Tokens.ToArray());
                Assert.Equal(looked.Values, actual.Next.Counts.ToArray());
                Assert.Equal(text.Count(context), actual.Next.Total);
            }
        }
    }

    private static void AssertSame(MatchResult expected, MatchResult actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(expected.InCorpus, actual.InCorpus);
        Assert.Equal(expected.Next.Tokens.ToArray(), actual.Next.Tokens.ToArray());
        Assert.Equal(expected.Next.Counts.ToArray(), actual.Next.Counts.ToArray());
    }

    [Fact]
    public void A_prediction_can_be_counted_again_from_its_evidence()
    {
        var random = new Random(42);
        using var folder = new TemporaryFolder();
        TestCorpus[] texts = [.. Enumerable.Range(0, 2).Select(_ => TestCorpus.Random(random, 4, 6, 60))];
        CorpusIndex[] indexes = [.. texts.Select((text, i) => text.Build(folder[$"c{i}"]))];
        INextTokenPredictor[] predictors =
            [new CorpusPredictor("corpus", new CorpusMatch(indexes, 500), 60000), new ExactInductionPredictor("exact", 60000)];
        var match = new MatchResult();
        for (int query = 0; query < 200; query++)
        {
            int[] context = RandomContext(random, texts, 4);
            foreach (INextTokenPredictor predictor in predictors)
            {
                NextTokens prediction = predictor.Predict(context, match);
                int[] next = predictor.Name == "corpus"
                    ? [.. Evidence.InCorpus(match, indexes).Select(place => place.NextToken)]
                    : [.. Evidence.InContext(match, context).Select(place => place.NextToken)];
                Assert.Equal(prediction.Count, next.Length);
                foreach (var group in next.GroupBy(token => token))
                    Assert.Equal((double)group.Count() / next.Length, prediction.ProbabilityOf(group.Key));
                Assert.Equal(next.Distinct().Count(), prediction.Tokens.Length);
            }
        }
        foreach (CorpusIndex index in indexes)
            index.Dispose();
    }

    [Fact]
    public void Only_the_last_tokens_of_the_context_are_looked_up()
    {
        using var folder = new TemporaryFolder();
        using CorpusIndex index = new TestCorpus([[1, 2, 3, 4, 5]], 9).Build(folder.Path);
        var match = new MatchResult();
        new CorpusMatch([index], 2).Find([1, 2, 3], match);
        Assert.Equal(2, match.Length);
        new CorpusMatch([index], 500).Find([1, 2, 3], match);
        Assert.Equal(3, match.Length);
    }

    [Fact]
    public void A_token_that_the_vocabulary_has_not_is_refused()
    {
        using var folder = new TemporaryFolder();
        using CorpusIndex index = new TestCorpus([[1, 500]], 9).Build(folder.Path);
        var predictor = new CorpusPredictor("corpus", new CorpusMatch([index], 500), 100);
        InputException problem = Assert.Throws<InputException>(() => predictor.Predict([1], new MatchResult()));
        Assert.Contains("token id 500", problem.Message, StringComparison.Ordinal);
    }

    private static void AssertLookedUp(TestCorpus[] texts, int[] context, MatchResult actual)
    {
        int[] cut = context[^Math.Min(40, context.Length)..];
        int length = cut.Length;
        while (length > 0 && texts.Sum(text => text.Count(cut.AsSpan(cut.Length - length))) == 0)
            length--;
        Assert.Equal(length, actual.Length);
        var counts = new SortedDictionary<int, long>();
        foreach (TestCorpus text in texts)
        {
            foreach (var (token, count) in text.NextTokens(cut.AsSpan(cut.Length - length)))
                counts[token] = counts.GetValueOrDefault(token) + count;
        }
        Assert.Equal(counts.Keys, actual.Next.Tokens.ToArray());
        Assert.Equal(counts.Values, actual.Next.Counts.ToArray());
    }

    /// <summary>Random tokens that end in a piece of one of the corpora.</summary>
    private static int[] RandomContext(Random random, TestCorpus[] texts, int alphabet)
    {
        int[][] documents = texts[random.Next(texts.Length)].Documents;
        int[] document = documents[random.Next(documents.Length)];
        int start = random.Next(document.Length + 1);
        int end = random.Next(start, document.Length + 1);
        return [.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(alphabet + 1)), .. document[start..end]];
    }
}
