using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Similarity;
using Gim.Tests.Kernels.Devices;
using Gim.Tests.Similarity;

namespace Gim.Tests.Match;

public sealed class FuzzyMatchTests
{
    private const int Vocabulary = 41;

    /// <summary>Of weights from 0 to 1: a cosine's rounding of some 1e-6 counts 1/T = 10 times.</summary>
    private const double Enough = 5e-5;

    public static TheoryData<PositionKind, EmbeddingMode, SimilarityFunction> Models => new()
    {
        { PositionKind.Relative, EmbeddingMode.Windowed, SimilarityFunction.Cosine },
        { PositionKind.Relative, EmbeddingMode.Windowed, SimilarityFunction.Jsd },
        { PositionKind.Learned, EmbeddingMode.Windowed, SimilarityFunction.Cosine },
        { PositionKind.Sinusoidal, EmbeddingMode.Windowed, SimilarityFunction.L2 },
        { PositionKind.Relative, EmbeddingMode.Streaming, SimilarityFunction.Cosine },
        { PositionKind.Bias, EmbeddingMode.Streaming, SimilarityFunction.Cosine },
    };

    /// <summary>
    /// A streaming model embeds positions with what the stretch has before them: only a stretch's first context is the one
    /// that stands alone, for later ones <see cref="StreamingWeights"/> is the definition.
    /// </summary>
    [Theory, MemberData(nameof(Models))]
    public void Contexts_of_a_stretch_are_weighed_as_each_by_itself(PositionKind positions, EmbeddingMode mode, SimilarityFunction similarity)
    {
        WithModel(positions, mode, similarity, network =>
        {
            var random = new Random(42);
            foreach (var (stretches, context, each) in ((int, int, int)[])[(1, 2, 1), (1, 2, 5), (2, 5, 3), (3, 8, 4), (2, 9, 9), (1, 40, 12), (4, 23, 2)])
            {
                using var fuzzy = new FuzzyMatch(network);
                int length = context + each - 1, earlier = context - 1;
                int[] tokens = Tokens(random, stretches * length);
                float[] weights = new float[stretches * each * earlier];
                fuzzy.Weigh(tokens, stretches, context, each, weights);
                for (int s = 0; s < stretches; s++)
                {
                    int[] stretch = tokens[(s * length)..((s + 1) * length)];
                    for (int i = 0; i < each; i++)
                    {
                        float[] expected = mode == EmbeddingMode.Streaming && i > 0
                            ? StreamingWeights(network, stretch, i, context, fuzzy.Temperature)
                            : Alone(fuzzy, stretch[i..(i + context)]);
                        AssertNear(expected, weights.AsSpan((s * each + i) * earlier, earlier).ToArray());
                    }
                }
            }
        });
    }

    [Theory, MemberData(nameof(Models))]
    public void A_prediction_can_be_added_up_again_from_its_evidence(PositionKind positions, EmbeddingMode mode, SimilarityFunction similarity)
    {
        WithModel(positions, mode, similarity, network =>
        {
            var random = new Random(42);
            using var fuzzy = new FuzzyMatch(network);
            var predictor = new FuzzyInductionPredictor("fuzzy", fuzzy, Vocabulary);
            var match = new MatchResult();
            foreach (int length in (int[])[0, 1, 2, 3, 8, 9, 60])
            {
                int[] context = Tokens(random, length);
                NextTokens prediction = predictor.Predict(context, match);
                WeighedEvidence[] votes = [.. Evidence.BySimilarity(match, context)];
                Assert.Equal(Math.Max(0, length - 1), votes.Length);
                Assert.Equal(votes.Count(vote => vote.Weight > 0), prediction.Count);
                double[] sums = new double[Vocabulary];
                double total = 0;
                foreach (WeighedEvidence vote in votes)
                {
                    Assert.Equal(context[vote.Position], vote.NextToken);
                    // A cosine rounded up passes 1 by a little.
                    Assert.InRange(vote.Weight, 0, 1 + Enough);
                    sums[vote.NextToken] += vote.Weight;
                    total += vote.Weight;
                }
                for (int token = 0; token < Vocabulary; token++)
                    Assert.Equal(total == 0 ? 1.0 / Vocabulary : sums[token] / total, prediction.ProbabilityOf(token));
                Assert.Equal(MatchSource.Similarity, prediction.Source);
                Assert.Equal(0, prediction.EffectiveN);
                Assert.Equal(length < 2, prediction.IsFlat);
                WeighedEvidence[] strongest = [.. Evidence.Strongest(match, context, 3)];
                Assert.Equal(votes.Select(vote => vote.Weight).OrderDescending().Take(3), strongest.Select(vote => vote.Weight));
            }
        });
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        WithModel(PositionKind.Bias, EmbeddingMode.Streaming, SimilarityFunction.Cosine, network =>
        {
            using var fuzzy = new FuzzyMatch(network);
            Assert.Throws<ArgumentOutOfRangeException>(() => fuzzy.Weigh([1], 1, 1, 1, []));
            Assert.Throws<ArgumentOutOfRangeException>(() => fuzzy.Weigh([1, 2], 1, 2, 0, new float[1]));
            Assert.Contains("there are 7 tokens where 2 stretches of 4 have 8", Assert.Throws<ArgumentException>(() => fuzzy.Weigh(new int[7], 2, 3, 2, new float[8])).Message, StringComparison.Ordinal);
            Assert.Contains("room for 7 weights", Assert.Throws<ArgumentException>(() => fuzzy.Weigh(new int[8], 2, 3, 2, new float[7])).Message, StringComparison.Ordinal);
            fuzzy.Weigh([], 0, 3, 2, []);
        });
    }

    [Fact]
    public void Weights_of_nothing_but_zero_predict_nothing()
    {
        var match = new MatchResult();
        FuzzyMatch.Fill([0, 0], match);
        NextTokens prediction = NextTokens.FromWeights(match, [4, 5, 6], Vocabulary);
        Assert.True(prediction.IsFlat);
        Assert.Equal(0, prediction.Count);

        FuzzyMatch.Fill([0, 0.5f], match);
        prediction = NextTokens.FromWeights(match, [4, 5, 6], Vocabulary);
        Assert.Equal((1, 6, 1.0, 0.0), (prediction.Count, prediction.Best, prediction.ProbabilityOf(6), prediction.ProbabilityOf(5)));
    }

    [Fact]
    public void Temperature_and_window_are_the_models_unless_given()
    {
        WithModel(PositionKind.Relative, EmbeddingMode.Windowed, SimilarityFunction.Cosine, network =>
        {
            using var own = new FuzzyMatch(network);
            using var given = new FuzzyMatch(network, temperature: 0.2, window: 3);
            Assert.Equal((0.1, 8), (own.Temperature, own.Window));
            Assert.Equal((0.2, 3), (given.Temperature, given.Window));
            // exp(-x / 2T) = sqrt(exp(-x / T)).
            using var warm = new FuzzyMatch(network, temperature: 0.2);
            int[] context = Tokens(new Random(42), 30);
            AssertNear([.. Alone(own, context).Select(MathF.Sqrt)], Alone(warm, context));
            // A window of 3 sees three tokens: what stands before them changes nothing.
            Assert.Equal(Alone(given, [1, 2, 3, 4, 5, 6, 7])[^1], Alone(given, [9, 9, 9, 4, 5, 6, 7])[^1], Enough);
        });
    }

    private static void WithModel(PositionKind positions, EmbeddingMode mode, SimilarityFunction similarity, Action<SimilarityNetwork> check)
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(
                RandomModel.Make(RandomModel.Small(positions, mode, Vocabulary, similarity: similarity)), device, "random");
            check(network);
        }
    }

    private static float[] Alone(FuzzyMatch fuzzy, int[] context)
    {
        var match = new MatchResult();
        fuzzy.Find(context, match);
        Assert.Equal(Enumerable.Range(1, context.Length - 1), match.InContext);
        return [.. match.Weights];
    }

    /// <summary>exp((cos - 1) / T) of embeddings from one pass over the stretch.</summary>
    private static float[] StreamingWeights(SimilarityNetwork network, int[] stretch, int first, int context, double temperature)
    {
        int columns = network.Configuration.OutputColumns;
        using DeviceBuffer<float> rows = network.Device.AllocateFloats(stretch.Length * columns);
        network.EmbedAll(stretch, 1, stretch.Length, rows);
        float[] all = rows.ToArray();
        float[] weights = new float[context - 1];
        for (int j = 0; j < weights.Length; j++)
        {
            double cosine = 0;
            for (int c = 0; c < columns; c++)
                cosine += (double)all[(first + j) * columns + c] * all[(first + context - 1) * columns + c];
            weights[j] = (float)Math.Exp((cosine - 1) / temperature);
        }
        return weights;
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs((double)expected[i] - actual[i]) <= Enough, $"weight {i}: {actual[i]} where {expected[i]} was expected");
    }

    private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
}
