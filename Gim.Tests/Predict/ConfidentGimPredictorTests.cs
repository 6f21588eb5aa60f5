using Gim.Evaluate;
using Gim.Index;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;
using Gim.Tests.Index;
using Gim.Tests.Similarity;

namespace Gim.Tests.Predict;

public sealed class ConfidentGimPredictorTests
{
    private const int Vocabulary = 9;

    [Fact]
    public void The_likeliest_source_answers_and_its_places_are_the_evidence()
    {
        using var folder = new TemporaryFolder();
        TestCorpus text = TestCorpus.Random(new Random(42), Vocabulary - 1, 6, 80);
        using CorpusIndex index = text.Build(folder.Path, TokenWidth.U16, Vocabulary);
        using Device device = DeviceCatalog.Open("cpu", 1);
        using SimilarityNetwork network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary)), device, "the test's model");
        using var fuzzy = new FuzzyMatch(network);
        var corpus = new CorpusMatch([index], 500);
        var random = new SeededRandom(43);
        var table = new ConfidenceTable();
        for (int i = 0; i < 2000; i++)
        {
            var kind = new AnswerKind((MatchSource)random.Below(3), (int)random.Below(13), (int)random.Below(10), (int)random.Below(4), (int)random.Below(3));
            table.Add(kind, (int)random.Below(2), 1);
        }
        var gim = new ConfidentGimPredictor("gim", corpus, fuzzy, table, Vocabulary);
        var match = new MatchResult();
        var answered = new HashSet<MatchSource>();
        for (int query = 0; query < 300; query++)
        {
            int[] context = [.. Enumerable.Range(0, 1 + (int)random.Below(40)).Select(_ => (int)random.Below(Vocabulary - 1))];
            NextTokens[] parts =
            [
                new CorpusPredictor("corpus", corpus, Vocabulary).Predict(context, match), new ExactInductionPredictor("exact", Vocabulary).Predict(context, match),
                new FuzzyInductionPredictor("fuzzy", fuzzy, Vocabulary).Predict(context, match),
            ];
            var (first, second, third) = AnswerKind.Of(parts[0], parts[1], parts[2]);
            // A match of no tokens is none, and so is a context without an earlier position.
            Assert.Equal((parts[0].EffectiveN > 0, parts[1].EffectiveN > 0, context.Length > 1), (first is not null, second is not null, third is not null));
            NextTokens answer = gim.Predict(context, match);
            Assert.Equal(table.Choose(first, second, third), answer.Source);
            answered.Add(answer.Source);
            double best = new[] { first, second, third }.Max(kind => kind is { } known ? table.Of(known) : 0);
            Assert.True(answer.Source == MatchSource.Similarity && third is null || best == table.Of(new[] { first, second, third }[(int)answer.Source]!.Value));
            NextTokens expected = parts[(int)answer.Source], again = answer.Source == MatchSource.Similarity
                ? NextTokens.FromWeights(match, context, Vocabulary)
                : NextTokens.FromCounts(match, Vocabulary);
            foreach (NextTokens one in (NextTokens[])[answer, again])
            {
                Assert.Equal(expected.Tokens.ToArray(), one.Tokens.ToArray());
                Assert.Equal(expected.Probabilities.ToArray(), one.Probabilities.ToArray());
            }
        }
        Assert.Equal(3, answered.Count);
    }
}
