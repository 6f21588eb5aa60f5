using Gim.Evaluate;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Tests.Similarity;
using Gim.Train;
using Gim.Train.Data;

namespace Gim.Tests.Train;

public sealed class CalibrationTests
{
    private const int Vocabulary = 12, Context = 48, Each = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_search_finds_the_figures_of_the_head_itself(int threads)
    {
        using Device device = DeviceCatalog.Open("cpu", 1);
        using SimilarityNetwork network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, Vocabulary)), device, "the test's model");
        ValidationText text = Text();
        VoteSettings[] settings = [new(10, 0, 0), new(4, 0, 0), new(10, 0.5, 0), new(25, 0.25, 3), new(10, 0, 1)];
        using var search = new VoteSearch(network, Context, Vocabulary, threads);
        IReadOnlyList<VoteRow> rows = search.Run(text, settings, SilentLog.Instance.Start("", 0, ""), CancellationToken.None);
        Assert.Equal(settings, rows.Select(row => row.Settings));
        foreach (VoteRow row in rows)
        {
            using var fuzzy = new FuzzyMatch(network, 1 / row.Settings.InverseTemperature, null, row.Settings.MatchBonus, row.Settings.Recency);
            int right = 0, answerable = 0;
            double loss = 0;
            new LanguageModelEvaluation(text.Text, text.Examples, [new FuzzyInductionPredictor("fuzzy", fuzzy, Vocabulary)], Context, fuzzy).Run(0, 1, scores =>
            {
                foreach (PredictionScore score in scores)
                {
                    right += score.Recall1 ? 1 : 0;
                    if (score.TokenProb <= 0) continue;
                    answerable++;
                    loss -= Math.Log(score.TokenProb);
                }
            }, SilentLog.Instance.Start("", 0, ""), CancellationToken.None);
            Assert.Equal((double)right / text.Examples.Count, row.Recall1, 1e-9);
            Assert.Equal(loss / answerable, row.Loss, 1e-4);
        }
    }

    [Fact]
    public void The_best_settings_are_those_with_the_best_mean_then_the_lowest_loss()
    {
        var a = new VoteSettings(10, 0, 0);
        var b = new VoteSettings(20, 0, 0);
        Assert.Equal(b, Calibration.Best([new("x", a, 2, 0.5), new("x", b, 2, 0.4), new("y", a, 2, 0.1), new("y", b, 2, 0.3)]));
        Assert.Equal(a, Calibration.Best([new("x", a, 1, 0.5), new("x", b, 2, 0.5)]));
    }

    private static ValidationText Text()
    {
        var random = new SeededRandom(42);
        TestText text = TestText.From([[.. Enumerable.Range(0, 400).Select(_ => (int)random.Below(Vocabulary))]]);
        return new ValidationText("text", text, ExampleSet.Draw(text, Context, Each, Each, true, 20 * Each, 42));
    }
}
