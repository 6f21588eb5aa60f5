using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Tests.Similarity;

namespace Gim.Tests.Match;

/// <summary>Models whose outputs are very large or small: a cosine does not depend on that, and what cannot be computed is said.</summary>
public class FuzzyScaleTests
{
    private const int Vocabulary = 97;

    private static readonly int[] Context = [5, 9, 5, 3, 9, 5, 3, 1, 0, 9, 5, 3, 9];

    [Theory]
    [InlineData(1e-25f)]
    [InlineData(1e15f)]
    [InlineData(1e19f)]
    [InlineData(1e30f)]
    public void The_scale_of_the_outputs_does_not_matter(float scale)
    {
        float[] expected = Weights(1), actual = Weights(scale);
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 2e-5 * pair.First, $"{pair.Second:R} is not {pair.First:R}"));
    }

    [Fact]
    public void Outputs_beyond_all_numbers_are_refused()
        => Assert.Contains("not finite", Assert.Throws<InputException>(() => Weights(2e38f)).Message, StringComparison.Ordinal);

    private static float[] Weights(float scale)
    {
        WeightFile plain = RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary));
        var scaled = new WeightFile(
            plain.Tensors.Select(tensor => tensor.Name == "lm_head.weight" ? new WeightTensor(tensor.Name, tensor.Shape, [.. tensor.Values.Select(value => value * scale)]) : tensor),
            plain.Metadata);
        using Device device = DeviceCatalog.Open("cpu", threads: 1);
        using SimilarityNetwork network = SimilarityNetwork.Load(scaled, device, "scaled");
        using var fuzzy = new FuzzyMatch(network);
        var match = new MatchResult();
        fuzzy.Find(Context, match);
        return [.. match.Weights];
    }
}
