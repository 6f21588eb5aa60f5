using Gim.Evaluate;
using Gim.Explain;
using Gim.Index;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;
using Gim.Tests.Index;
using Gim.Tests.Similarity;

namespace Gim.Tests.Explain;

/// <summary>Evidence is truthful: what is quoted stands there, and all of it together is the prediction.</summary>
public sealed class ExplainerTests : IDisposable
{
    private const int Vocabulary = 9, EachSource = 1000;

    private static readonly QuoteLimits Limits = new(Quotes: 3, Before: 4, After: 3, Alike: 5);

    private readonly TemporaryFolder folder = new();
    private readonly TestCorpus[] texts;
    private readonly CorpusIndex[] references;
    private readonly Device device = DeviceCatalog.Open("cpu", 1);
    private readonly SimilarityNetwork network;
    private readonly FuzzyMatch fuzzy;

    public ExplainerTests()
    {
        var random = new Random(42);
        // The end of text is a token of the documents as well; the second reference is reversed.
        texts = [.. Enumerable.Range(0, 2).Select(_ => new TestCorpus(TestCorpus.Random(random, Vocabulary, 12, 60).Documents, Vocabulary - 1))];
        texts[0].Build(folder["first"], vocabularySize: Vocabulary).Dispose();
        new TestCorpus([.. texts[1].Documents.Select(document => document.Reverse().ToArray())], Vocabulary - 1).Build(folder["second"], TokenWidth.U32, Vocabulary).Dispose();
        File.Delete(folder["second/gim.json"]);
        references = [CorpusIndex.Open(folder["first"]), CorpusIndex.Open(folder["second"], TokenWidth.U32, Vocabulary - 1, reversed: true)];
        network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary)), device, "the test's model");
        fuzzy = new FuzzyMatch(network);
    }

    public void Dispose()
    {
        foreach (CorpusIndex index in references)
            index.Dispose();
        fuzzy.Dispose();
        network.Dispose();
        device.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_thousand_predictions_of_each_source_are_their_evidence(bool confident)
    {
        var corpus = new CorpusMatch(references, 500);
        IGimPredictor gim = confident
            ? new ConfidentGimPredictor("gim", corpus, fuzzy, RandomConfidence(), Vocabulary)
            : new GimPredictor("gim", corpus, fuzzy, 4, Vocabulary);
        var explainer = new Explainer(gim, references, fuzzy);
        var random = new Random(7);
        var match = new MatchResult();
        var seen = new Dictionary<MatchSource, int>();
        for (int round = 0; round < 100_000 && (seen.Count < 3 || seen.Values.Min() < EachSource); round++)
        {
            int[] context = Context(random);
            Explanation explanation = explainer.Explain(context, Limits, match);
            int before = seen.GetValueOrDefault(explanation.Source);
            seen[explanation.Source] = before + 1;
            if (before >= EachSource)
                continue;
            AssertPrediction(explanation, match, context);
            AssertAnswers(explanation, confident);
            foreach (EvidenceQuote quote in explanation.Quotes)
                AssertQuote(quote, explanation, context);
        }
        Assert.Equal(3, seen.Count);
        Assert.All(seen.Values, count => Assert.True(count >= EachSource, $"{count} predictions"));
    }

    [Fact]
    public void Quotes_are_shared_by_probability_and_never_more_than_there_are()
    {
        var match = new MatchResult();
        var predictor = new CorpusPredictor("corpus", new CorpusMatch(references, 500), Vocabulary);
        var random = new Random(9);
        for (int round = 0; round < 200; round++)
        {
            int[] context = Context(random);
            NextTokens prediction = predictor.Predict(context, match);
            for (int wanted = 0; wanted < 12; wanted++)
            {
                Explanation explanation = new Explainer(predictor, references, null).Explain(context, Limits with { Quotes = wanted }, match);
                Assert.True(explanation.Quotes.Count <= wanted);
                Assert.Equal(explanation.Places, explanation.Quotes.Count + explanation.NotShown);
                Assert.True(explanation.NotShown >= 0);
                if (wanted > 0)
                    Assert.Equal(prediction.Best, explanation.Quotes[0].NextToken);
                Assert.Equal(explanation.Quotes.Count, explanation.Quotes.Select(quote => (quote.Document, quote.Position)).Distinct().Count());
            }
        }
    }

    private static ConfidenceTable RandomConfidence()
    {
        var random = new SeededRandom(43);
        var table = new ConfidenceTable();
        for (int i = 0; i < 2000; i++)
        {
            var kind = new AnswerKind((MatchSource)random.Below(3), (int)random.Below(13), (int)random.Below(10), (int)random.Below(4), (int)random.Below(3));
            table.Add(kind, (int)random.Below(2), 1);
        }
        return table;
    }

    /// <summary>Random tokens that often end in a piece of a reference, or repeat their own.</summary>
    private int[] Context(Random random)
    {
        int[] own = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(Vocabulary))];
        int[][] documents = texts[random.Next(2)].Documents;
        int[] document = documents[random.Next(documents.Length)];
        int start = random.Next(document.Length + 1);
        return random.Next(3) switch
        {
            0 => own,
            1 => [.. own, .. own.Take(random.Next(own.Length + 1))],
            _ => [.. own, .. document[start..random.Next(start, document.Length + 1)]],
        };
    }

    private void AssertPrediction(Explanation explanation, MatchResult match, int[] context)
    {
        var weights = new SortedDictionary<int, double>();
        void Add(int token, double weight) => weights[token] = weights.GetValueOrDefault(token) + weight;
        switch (explanation.Source)
        {
            case MatchSource.Corpus:
                foreach (CorpusEvidence place in Evidence.InCorpus(match, references))
                    Add(place.NextToken, 1);
                break;
            case MatchSource.Context:
                foreach (ContextEvidence place in Evidence.InContext(match, context))
                    Add(place.NextToken, 1);
                break;
            default:
                foreach (WeighedEvidence place in Evidence.BySimilarity(match, context))
                    Add(place.NextToken, place.Weight);
                break;
        }
        double total = weights.Values.Sum();
        Assert.Equal(weights.Keys, explanation.Prediction.Tokens.ToArray());
        foreach (var (token, weight) in weights)
            Assert.Equal(weight / total, explanation.Prediction.ProbabilityOf(token), 1e-6);
    }

    private static void AssertAnswers(Explanation explanation, bool confident)
    {
        Assert.Equal([MatchSource.Corpus, MatchSource.Context, MatchSource.Similarity], explanation.Answers.Select(answer => answer.Source));
        SourceAnswer own = explanation.Answers.Single(answer => answer.Source == explanation.Source);
        Assert.Equal((explanation.Prediction.EffectiveN, explanation.Prediction.Count), (own.EffectiveN, own.Places));
        if (own.Token is { } token)
            Assert.Equal((explanation.Prediction.Best, explanation.Prediction.ProbabilityOf(token)), (token, own.Probability));
        if (confident && own.Token is not null)
            Assert.Equal(explanation.Answers.Max(answer => answer.Confidence), own.Confidence);
        Assert.Equal(confident ? null : 4, explanation.Threshold);
    }

    private void AssertQuote(EvidenceQuote quote, Explanation explanation, int[] context)
    {
        Assert.Equal(explanation.Source, quote.Source);
        Assert.True(quote.Before.Count <= Limits.Before && quote.After.Count <= Limits.After);
        int length = explanation.Prediction.EffectiveN;
        if (quote.Document is { } document)
        {
            int[] whole = texts[document.Reference].Documents[document.Number];
            int position = (int)quote.Position, start = position - length;
            Assert.Equal(context[^length..], quote.Match);
            Assert.Equal(context[^length..], whole[start..position]);
            Assert.Equal(position < whole.Length ? whole[position] : Vocabulary - 1, quote.NextToken);
            Assert.Equal(whole[Math.Max(0, start - Limits.Before)..start], quote.Before);
            Assert.Equal(whole.Skip(position + 1).Take(Limits.After), quote.After);
            Assert.Equal($"test:{document.Number + 1}", document.Name);
            Assert.Equal(1.0 / explanation.Places, quote.Share);
            return;
        }
        int at = (int)quote.Position;
        Assert.Equal(context[at], quote.NextToken);
        Assert.Equal(context[(at - quote.Match.Count)..at], quote.Match);
        Assert.Equal(context[Math.Max(0, at - quote.Match.Count - Limits.Before)..(at - quote.Match.Count)], quote.Before);
        Assert.Equal(context.Skip(at + 1).Take(Limits.After), quote.After);
        Assert.Equal(context[(at - quote.EqualTokens)..at], context[^quote.EqualTokens..]);
        Assert.True(quote.EqualTokens == at || context[at - 1 - quote.EqualTokens] != context[^(quote.EqualTokens + 1)]);
        if (quote.Source == MatchSource.Context)
        {
            Assert.Equal((length, length), (quote.Match.Count, quote.EqualTokens));
            Assert.Equal(1.0 / explanation.Places, quote.Share);
        }
        Assert.InRange(quote.Share, 0, 1);
    }
}
