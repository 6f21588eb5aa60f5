using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Similarity;
using Gim.Tests.Kernels.Devices;
using Gim.Tests.Similarity;

namespace Gim.Tests.Evaluate;

public sealed class FuzzyBatchTests
{
    private const int Vocabulary = 23, Context = 12;

    /// <summary>As of <see cref="Match.FuzzyMatchTests"/>.</summary>
    private const double Enough = 5e-5;

    /// <summary>600 successive targets are more than one pass takes, and are cut.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 100)]
    [InlineData(256, 0)]
    [InlineData(257, 0)]
    [InlineData(600, 0)]
    [InlineData(600, 1300)]
    public void Batches_hold_every_example_once_with_its_own_weights(int consecutive, int wanted)
    {
        var random = new Random(42);
        TestText text = TestText.From(Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 700).Select(_ => random.Next(Vocabulary)).ToArray()));
        ExampleSet examples = ExampleSet.Draw(text, Context, Math.Max(consecutive, 50), consecutive, false, wanted, 1);
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(
                RandomModel.Make(RandomModel.Small(PositionKind.Relative, EmbeddingMode.Windowed, Vocabulary)), device, "random");
            using var fuzzy = new FuzzyMatch(network);
            var batch = new FuzzyBatch(text, examples, fuzzy, Context);
            var match = new MatchResult();
            for (int start = 0; start < examples.Count;)
            {
                var (first, end) = batch.Around(start);
                Assert.Equal(start, first);
                Assert.InRange(end - first, 1, Math.Max(256, fuzzy.StretchesTogether(Context) + 2));
                Assert.All(Enumerable.Range(first, end - first), number => Assert.Equal((first, end), batch.Around(number)));
                ReadOnlyMemory<float>[] weights = batch.Weigh(first, end, CancellationToken.None);
                Assert.Equal(end - first, weights.Length);
                for (int i = first; i < end; i++)
                {
                    fuzzy.Find(text.Tokens.Span.Slice((int)examples[i].Position - Context, Context), match);
                    Assert.Equal(Context - 1, weights[i - first].Length);
                    for (int j = 0; j < Context - 1; j++)
                        Assert.Equal(match.Weights[j], weights[i - first].Span[j], Enough);
                }
                start = end;
            }
        }
    }
}
