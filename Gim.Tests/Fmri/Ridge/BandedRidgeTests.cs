using Gim.Fmri;
using Gim.Fmri.Ridge;
using Gim.Kernels.Devices;

namespace Gim.Tests.Fmri.Ridge;

public class BandedRidgeTests
{
    [Theory]
    [InlineData(90, 12)]
    [InlineData(40, 60)]
    public void Is_the_best_of_plain_regressions_on_scaled_features(int rows, int features)
    {
        Matrix x = FmriCases.Normal(rows, features), y = FmriCases.Responses(x, 6);
        int[] groups = [.. Enumerable.Range(0, features).Select(i => i % 3)];
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(rows / 3, rows / 3, rows - rows / 3 * 2), rows);
        foreach (bool intercept in (bool[])[false, true])
        {
            var settings = new RidgeSettings { Penalties = [0.3, 10], Intercept = intercept };
            var search = new BandedSettings { Candidates = 5, Seed = 3 };
            using Device device = DeviceCatalog.Open("cpu", 1);
            BandedModel banded = new BandedRidge(device, 1, settings, search).Fit(x, groups, new MatrixTargets(y), folds);
            double[][] mixtures = GroupMixtures.Draw(3, search);
            var best = new double[6];
            best.AsSpan().Fill(-2);
            foreach (double[] mixture in mixtures)
            {
                var scaled = new Matrix(rows, features, [.. x.Values.Select((value, i) => value * (float)Math.Sqrt(mixture[groups[i % features]]))]);
                double[][] means = RidgeReference.FoldCorrelations(scaled, y, folds, settings);
                for (int target = 0; target < 6; target++)
                    best[target] = Math.Max(best[target], means.Max(mean => mean[target]));
            }
            for (int target = 0; target < 6; target++)
            {
                Assert.Equal(best[target], banded.Model.FoldCorrelations[target], 1e-5);
                double[] mixture = mixtures.Single(one => Math.Abs(one[0] * banded.Penalties[0][target] - banded.Model.Penalties[target]) < 1e-9 * banded.Model.Penalties[target]);
                // As one regression of scaled features, whose weights are scaled back.
                var scaled = new Matrix(rows, features, [.. x.Values.Select((value, i) => value * (float)Math.Sqrt(mixture[groups[i % features]]))]);
                (double[] weights, double[] intercepts) = RidgeReference.Fit(scaled, y, [.. Enumerable.Range(0, rows)], banded.Model.Penalties[target], intercept);
                for (int i = 0; i < features; i++)
                    Assert.Equal(weights[i * 6 + target] * Math.Sqrt(mixture[groups[i]]), banded.Model.Weights[i, target], 1e-5);
                Assert.Equal(intercepts[target], banded.Model.Intercepts[target], 1e-5);
            }
        }
    }

    [Fact]
    public void Useless_groups_are_penalized_more_and_r_is_not_worse_than_with_one_penalty()
    {
        Matrix x = FmriCases.Normal(240, 60), y = FmriCases.Normal(240, 3, seed: 9);
        for (int row = 0; row < 240; row++)
        {
            for (int target = 0; target < 3; target++)
                y[row, target] += x[row, target] * 2;
        }
        int[] groups = [.. Enumerable.Range(0, 60).Select(i => i < 4 ? 0 : 1)];
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(80, 80, 80), 240);
        var settings = new RidgeSettings { Penalties = [1, 10, 100, 1000] };
        using Device device = DeviceCatalog.Open("cpu", 1);
        BandedModel banded = new BandedRidge(device, 1, settings, new BandedSettings { Candidates = 30 }).Fit(x, groups, new MatrixTargets(y), folds);
        RidgeModel plain = new RidgeRegression(device, 1, settings).Fit(x, new MatrixTargets(y), folds);
        for (int target = 0; target < 3; target++)
        {
            Assert.True(banded.Penalties[1][target] > 5 * banded.Penalties[0][target]);
            Assert.True(banded.Model.FoldCorrelations[target] > plain.FoldCorrelations[target] + 0.005);
        }
    }

    [Fact]
    public void Mixtures_add_up_to_one_repeat_with_the_seed_and_have_the_right_mean()
    {
        var search = new BandedSettings { Candidates = 2001 };
        double[][] mixtures = GroupMixtures.Draw(4, search);
        Assert.Equal([0.25, 0.25, 0.25, 0.25], mixtures[0]);
        Assert.All(mixtures, mixture => Assert.Equal(1, mixture.Sum(), 1e-12));
        Assert.Equal(mixtures.SelectMany(mixture => mixture), GroupMixtures.Draw(4, search).SelectMany(mixture => mixture));
        Assert.NotEqual(mixtures[1], GroupMixtures.Draw(4, search with { Seed = 2 })[1]);
        // Dirichlet: mean 1/4; variance (1/4)(3/4) / (4 a + 1) with a = 0.1 and 1 in turn. Means of 1000, so within 5 deviations.
        foreach ((int first, double concentration) in ((int, double)[])[(1, 0.1), (2, 1)])
        {
            double[] shares = [.. Enumerable.Range(0, 1000).Select(i => mixtures[first + 2 * i][1])];
            double variance = 0.1875 / (4 * concentration + 1);
            Assert.Equal(0.25, shares.Average(), 5 * Math.Sqrt(variance / 1000));
            Assert.Equal(variance, shares.Average(share => (share - 0.25) * (share - 0.25)), 0.2 * variance);
        }
    }

    [Fact]
    public void Groups_that_make_no_sense_are_refused()
    {
        Matrix x = FmriCases.Normal(10, 3), y = FmriCases.Responses(x, 1);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(5, 5), 10);
        using Device device = DeviceCatalog.Open("cpu", 1);
        var banded = new BandedRidge(device, 1, new RidgeSettings(), new BandedSettings());
        string Refusal(int[] groups) => Assert.Throws<ArgumentException>(() => banded.Fit(x, groups, new MatrixTargets(y), folds)).Message;
        Assert.StartsWith("there are groups of 2 features where there are 3", Refusal([0, 1]), StringComparison.Ordinal);
        Assert.StartsWith("group 3 is none of 0 to 2", Refusal([0, 1, 3]), StringComparison.Ordinal);
        Assert.StartsWith("group 1 has no feature", Refusal([0, 0, 2]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_memory_that_all_mixtures_need_counts()
    {
        Matrix x = FmriCases.Normal(200, 80), y = FmriCases.Responses(x, 1);
        RowFolds folds = RowFolds.OfChunks(200, 1, draws: 40, chunks: 2, length: 10);
        using Device device = DeviceCatalog.Open("cpu", 1);
        // Sums of 40 folds take 2 MB.
        var settings = new RidgeSettings { Penalties = [1, 10], MemoryBytes = 1_500_000 };
        new RidgeRegression(device, 1, settings).Fit(x, new MatrixTargets(y), folds);
        var banded = new BandedRidge(device, 1, settings, new BandedSettings { Candidates = 2 });
        Assert.Throws<InputException>(() => banded.Fit(x, new int[80], new MatrixTargets(y), folds));
    }
}
