using Gim.Fmri;
using Gim.Fmri.Scores;
using Gim.Kernels.Devices;

namespace Gim.Tests.Fmri.Scores;

public class ScoreTests
{
    [Fact]
    public void Correlations_are_those_of_the_columns()
    {
        using Device device = DeviceCatalog.Open("cpu", 1);
        var predicted = new Matrix(4, 3, [1, 1, 0, 2, 1, 1, 3, 1, 0, 4, 1, 1]);
        var measured = new Matrix(4, 3, [2, 5, 1, 4, 6, 0, 6, 7, 1, 8, 8, 0]);
        float[] r = TestCorrelations.Of(device, predicted, measured);
        Assert.Equal(1, r[0], 1e-6f);
        Assert.Equal(0, r[1]);
        Assert.Equal(-1, r[2], 1e-6f);
        measured[2, 1] = float.NaN;
        Assert.Equal("target 1 is NaN in row 2, where a finite number was expected: repair it or leave the column out", Assert.Throws<InputException>(() => TestCorrelations.Of(device, predicted, measured)).Message);
        Assert.StartsWith("the prediction of target 1 is NaN", Assert.Throws<InputException>(() => TestCorrelations.Of(device, measured, predicted)).Message, StringComparison.Ordinal);
        Assert.StartsWith("predictions are [3, 1] where responses are [4, 3]", Assert.Throws<ArgumentException>(() => TestCorrelations.Of(device, new Matrix(3, 1), measured)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Summaries_are_means_over_all_the_top_tenth_and_the_first_twenty()
    {
        // 0.00, 0.01 ... 0.29 and their negatives from -0.01 to -0.10, shuffled by taking turns.
        float[] r = [.. Enumerable.Range(0, 30).Select(i => i * 0.01f), .. Enumerable.Range(1, 10).Select(i => i * -0.01f)];
        ScoreSummary summary = ScoreSummary.Of(r);
        Assert.Equal(40, summary.Targets);
        Assert.Equal((4.35 - 0.55) / 40, summary.Mean, 1e-7);
        Assert.Equal((0.26 + 0.27 + 0.28 + 0.29) / 4, summary.MeanTop10, 1e-7);
        Assert.Equal(0.095, summary.MeanFirst20, 1e-7);
        Assert.Equal(29 / 40.0, summary.ShareAboveZero);
        Assert.Equal(0.5, ScoreSummary.Of([0.5f, 0.25f]).MeanTop10);
        Assert.Equal(new ScoreSummary(0, 0, 0, 0, 0), ScoreSummary.Of([]));
    }

    [Fact]
    public void The_noise_ceiling_is_what_the_signal_itself_would_score()
    {
        const int Rows = 4000, Repeats = 4;
        Matrix signal = FmriCases.Normal(Rows, 3, seed: 1), mean = new(Rows, 3);
        float[] noise = [0.5f, 2, 0];
        Matrix[] repeats = [.. Enumerable.Range(0, Repeats).Select(n => FmriCases.Normal(Rows, 3, seed: 10 + n))];
        foreach (Matrix repeat in repeats)
        {
            for (int i = 0; i < repeat.Values.Length; i++)
            {
                repeat.Values[i] = signal.Values[i] + noise[i % 3] * repeat.Values[i];
                mean.Values[i] += repeat.Values[i] / Repeats;
            }
        }
        float[] ceilings = NoiseCeiling.Of(repeats);
        using Device device = DeviceCatalog.Open("cpu", 1);
        float[] best = TestCorrelations.Of(device, signal, mean);
        for (int target = 0; target < 3; target++)
        {
            // Var(signal) = 1, Var(mean of noise) = noise^2 / 4; both sides from 4000 rows.
            Assert.Equal(1 / Math.Sqrt(1 + noise[target] * noise[target] / Repeats), ceilings[target], 0.05);
            Assert.Equal(best[target], ceilings[target], 0.05);
        }
        Assert.Equal(1, ceilings[2], 1e-6f);
        float[] normalized = NoiseCeiling.Normalize([0.3f, 0.3f, 0.3f], [0.6f, 0.2f, 1]);
        Assert.Equal([0.5f, float.NaN, 0.3f], normalized);
    }

    [Fact]
    public void Repeats_that_share_nothing_have_no_ceiling_and_wrong_ones_are_refused()
    {
        var up = new Matrix(3, 2, [1, 5, 2, 5, 3, 5]);
        var down = new Matrix(3, 2, [3, 5, 2, 5, 1, 5]);
        Assert.Equal([0, 0], NoiseCeiling.Of([up, down]));
        Assert.Contains("needs two repeats", Assert.Throws<InputException>(() => NoiseCeiling.Of([up])).Message, StringComparison.Ordinal);
        Assert.Contains("repeat 1 is [2, 2] where the first one is [3, 2]", Assert.Throws<InputException>(() => NoiseCeiling.Of([up, new Matrix(2, 2)])).Message, StringComparison.Ordinal);
        down[1, 1] = float.NaN;
        Assert.Equal([0, float.NaN], NoiseCeiling.Of([up, down]));
    }

    [Fact]
    public void False_discovery_rates_are_those_of_the_definition()
    {
        // From Benjamini and Hochberg 1995, section 3.2: 15 p-values, of which four are discoveries at 0.05.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];
        int[] order = [3, 14, 0, 7, 9, 2, 11, 5, 1, 13, 8, 4, 6, 12, 10];
        double[] shuffled = [.. order.Select(i => p[i])];
        double[] adjusted = FalseDiscovery.Adjust(shuffled);
        Assert.Equal(4, FalseDiscovery.Count(adjusted, 0.05));
        for (int i = 0; i < 15; i++)
        {
            double expected = Enumerable.Range(order[i], 15 - order[i]).Min(j => Math.Min(1, p[j] * 15 / (j + 1)));
            Assert.Equal(expected, adjusted[i], 1e-15);
        }
        Assert.Equal([0.03, 0.03, 0.03], FalseDiscovery.Adjust([0.03, 0.03, 0.03]));
        Assert.Empty(FalseDiscovery.Adjust([]));
        Assert.Equal([1], FalseDiscovery.Adjust([1]));
        foreach (double bad in (double[])[-0.1, 1.1, double.NaN])
            Assert.StartsWith("p-value 1 is ", Assert.Throws<ArgumentException>(() => FalseDiscovery.Adjust([0.5, bad])).Message, StringComparison.Ordinal);
    }
}
