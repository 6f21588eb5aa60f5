using Gim.Evaluate;
using Gim.Explain;
using Gim.Index;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Tests.Index;
using Gim.Tests.Similarity;

namespace Gim.Tests.Explain;

public sealed class TextExplainerTests : IDisposable
{
    private const int Vocabulary = 9, Context = 20;

    private readonly TemporaryFolder folder = new();
    private readonly CorpusIndex reference;
    private readonly Device device = DeviceCatalog.Open("cpu", 1);
    private readonly SimilarityNetwork network;
    private readonly FuzzyMatch fuzzy;
    private readonly TestText text;

    public TextExplainerTests()
    {
        var random = new Random(42);
        TestCorpus corpus = new(TestCorpus.Random(random, Vocabulary, 12, 60).Documents, Vocabulary - 1);
        corpus.Build(folder["index"], vocabularySize: Vocabulary).Dispose();
        reference = CorpusIndex.Open(folder["index"]);
        network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary)), device, "the test's model");
        fuzzy = new FuzzyMatch(network);
        text = TestText.From([[.. Enumerable.Range(0, 200).Select(_ => random.Next(Vocabulary - 1))]]);
    }

    public void Dispose()
    {
        reference.Dispose();
        fuzzy.Dispose();
        network.Dispose();
        device.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Explanations_are_the_evaluations_predictions_at_any_number_of_threads(int threads)
    {
        const int count = 50;
        var gim = new GimPredictor("gim", new CorpusMatch([reference], 500), fuzzy, 3, Vocabulary);
        ExampleSet examples = ExampleSet.Draw(text, Context, count, count, false, count, 1);
        ReadOnlyMemory<float>[] weights = new FuzzyBatch(text, examples, fuzzy, Context).Weigh(0, count, CancellationToken.None);
        var limits = new QuoteLimits(Quotes: 2);
        Explanation[] explanations = Explain(gim, limits).Explain(examples[0].Position, count, (_, explanation) => explanation, threads, new NoProgress(), CancellationToken.None);
        var match = new MatchResult();
        for (int i = 0; i < count; i++)
        {
            ReadOnlyMemory<int> context = text.Tokens.Slice((int)examples[i].Position - Context, Context);
            Explanation expected = new Explainer(gim, [reference], fuzzy).Explain(context, weights[i].Span, limits, match);
            Assert.Equal(context.ToArray(), explanations[i].Context.ToArray());
            Assert.Equal(expected.Prediction.Tokens.ToArray(), explanations[i].Prediction.Tokens.ToArray());
            Assert.Equal(expected.Prediction.Probabilities.ToArray(), explanations[i].Prediction.Probabilities.ToArray());
            Assert.Equal(expected.Answers, explanations[i].Answers);
            Assert.Equal(expected.Quotes.Select(quote => (quote.Position, quote.Share)), explanations[i].Quotes.Select(quote => (quote.Position, quote.Share)));
        }
        Assert.True(explanations.Select(explanation => explanation.Source).Distinct().Count() > 1);
    }

    [Fact]
    public void A_model_without_the_fuzzy_head_and_a_context_of_one_token_need_no_weights()
    {
        var exact = new ExactInductionPredictor("induction-exact", Vocabulary);
        Explanation[] explanations = Explain(exact, new QuoteLimits()).Explain(Context, 5, (_, explanation) => explanation, 2, new NoProgress(), CancellationToken.None);
        Assert.All(explanations, explanation => Assert.Equal(MatchSource.Context, explanation.Source));
        var gim = new GimPredictor("gim", new CorpusMatch([reference], 500), fuzzy, 3, Vocabulary);
        var single = new TextExplainer(text, gim, new Explainer(gim, [reference], fuzzy), fuzzy, 1, new QuoteLimits());
        Assert.Equal([1, 1], single.Explain(1, 2, (_, explanation) => explanation.Context.Length, 1, new NoProgress(), CancellationToken.None));
    }

    [Fact]
    public void It_stops_when_told()
    {
        var exact = new ExactInductionPredictor("induction-exact", Vocabulary);
        Assert.ThrowsAny<OperationCanceledException>(() => Explain(exact, new QuoteLimits()).Explain(Context, 5, (i, _) => i, 2, new NoProgress(), new CancellationToken(canceled: true)));
    }

    private TextExplainer Explain(INextTokenPredictor predictor, QuoteLimits limits)
        => new(text, predictor, new Explainer(predictor, [reference], fuzzy), fuzzy, Context, limits);

    private sealed class NoProgress : IJobProgress
    {
        public void Advance(long amount) { }

        public void Dispose() { }
    }
}
