using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Similarity;
using Gim.Tests.Similarity;

namespace Gim.Tests.Match;

public sealed class VoteBonusTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0, 2)]
    [InlineData(0.3, 1)]
    [InlineData(4, 20)]
    public void Weights_grow_with_the_match_and_shrink_with_the_distance(double match, double recency)
    {
        var random = new SeededRandom(42);
        var bonus = new VoteBonus(match, recency);
        foreach (int length in (int[])[1, 2, 3, 9, 10, 40, 1500])
        {
            int[] context = [.. Enumerable.Range(0, length).Select(_ => (int)random.Below(2))];
            float[] weights = [.. Enumerable.Range(0, length - 1).Select(j => 0.25f + 0.5f * j / length)], found = [.. weights];
            bonus.Apply(context, found);
            for (int j = 0; j < weights.Length; j++)
            {
                int same = 0;
                while (same < 8 && same <= j && context[j - same] == context[length - 1 - same])
                    same++;
                double expected = weights[j] * Math.Exp(match * same - recency * (length - 1 - j) / 1024.0);
                Assert.Equal(expected, found[j], 1e-5 * expected);
            }
        }
    }

    [Fact]
    public void A_head_with_a_bonus_says_the_same_in_one_call_many_at_once_and_growing()
    {
        SimilarityConfiguration configuration = RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, 20) with { MatchBonus = 0.7, Recency = 3 };
        using Device device = DeviceCatalog.Open("cpu", 1);
        using SimilarityNetwork network = SimilarityNetwork.Load(RandomModel.Make(configuration), device, "the test's model");
        using var fuzzy = new FuzzyMatch(network);
        using var plain = new FuzzyMatch(network, matchBonus: 0, recency: 0);
        using var growing = new GrowingContext(network, 40);
        Assert.Equal((0.7, 3.0), (fuzzy.MatchBonus, fuzzy.Recency));
        var random = new SeededRandom(43);
        int[] tokens = [.. Enumerable.Range(0, 40).Select(_ => (int)random.Below(20))];
        var match = new MatchResult();
        plain.Find(tokens, match);
        float[] expected = [.. match.Weights];
        new VoteBonus(0.7, 3).Apply(tokens, expected);
        fuzzy.Find(tokens, match);
        Assert.Equal(expected, match.Weights);
        growing.Append(tokens);
        growing.Find(match);
        for (int j = 0; j < expected.Length; j++)
            Assert.Equal(expected[j], match.Weights[j], 1e-5 * Math.Abs(expected[j]));
    }

    [Fact]
    public void What_a_file_says_is_read_again_and_checked()
    {
        SimilarityConfiguration configuration = RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, 20) with
        {
            MatchBonus = 0.25,
            Recency = 0.5,
            Threshold = 3,
            Domains = new Dictionary<string, DomainCalibration> { ["a \"kind\""] = new(0.05, 0.125, 2, 4), ["b"] = new(0.1, 0, 0, null) },
        };
        SimilarityConfiguration read = SimilarityConfiguration.Read(configuration.ToMetadata(), "file");
        Assert.Equal((0.25, 0.5, 3), (read.MatchBonus, read.Recency, read.Threshold));
        Assert.Equal(configuration.Domains.OrderBy(pair => pair.Key), read.Domains.OrderBy(pair => pair.Key));
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[
            ("gim_match_bonus", "-1"), ("gim_match_bonus", "5"), ("gim_recency", "NaN"), ("gim_recency", "21"), ("gim_domains", "[]"), ("gim_domains", "{"),
            ("gim_domains", """{"a":{"temperature":0.05}}"""), ("gim_domains", """{"a":{"temperature":0,"matchBonus":0,"recency":0}}"""), ("gim_domains", """{"a":1}""")])
        {
            var metadata = new Dictionary<string, string>(configuration.ToMetadata()) { [key] = value };
            InputException refused = Assert.Throws<InputException>(() => SimilarityConfiguration.Read(metadata, "file"));
            Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        }
    }
}
