using Gim.Fmri;
using Gim.Fmri.Ridge;
using Gim.Kernels.Devices;
using Gim.Tests.Kernels.Devices;
using Xunit.Abstractions;

namespace Gim.Tests.Fmri.Ridge;

public class RidgeRegressionTests(ITestOutputHelper output)
{
    /// <summary>Rows, features, targets: both forms, one feature, one target, around the products' blocks of 768 and 1536 rows.</summary>
    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 40, 1, 1 }, { 60, 7, 5 }, { 61, 60, 3 }, { 60, 61, 3 }, { 30, 90, 4 }, { 300, 33, 17 }, { 1600, 9, 5 }, { 9, 3, 2 }, { 9, 30, 2 }, { 3, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Is_the_closed_form_on_folds_of_stories(int rows, int features, int targets)
    {
        int third = rows / 3;
        RequireReference(rows, features, targets, RowFolds.OfStories(FmriCases.Stories(third, third, rows - 2 * third), rows), intercept: false);
        RequireReference(rows, features, targets, RowFolds.OfStories(FmriCases.Stories(third, third, rows - 2 * third), rows), intercept: true);
    }

    [Theory]
    [InlineData(60, 7, 5)]
    [InlineData(60, 80, 5)]
    public void Is_the_closed_form_on_draws_of_chunks(int rows, int features, int targets)
    {
        RequireReference(rows, features, targets, RowFolds.OfChunks(rows, 1, draws: 4, chunks: 3, length: 7), intercept: false);
        RequireReference(rows, features, targets, RowFolds.OfChunks(rows, 1, draws: 4, chunks: 3, length: 7), intercept: true);
    }

    private void RequireReference(int rows, int features, int targets, RowFolds folds, bool intercept)
    {
        Matrix x = FmriCases.Normal(rows, features), y = FmriCases.Responses(x, targets);
        if (intercept)
        {
            // Far from zero, so that centring shows.
            for (int i = 0; i < x.Values.Length; i++)
                x.Values[i] += 2;
            for (int i = 0; i < y.Values.Length; i++)
                y.Values[i] -= 3;
        }
        var settings = new RidgeSettings { Penalties = [0.5, 10, 200], Intercept = intercept };
        double[][] means = RidgeReference.FoldCorrelations(x, y, folds, settings);
        using Device device = DeviceCatalog.Open("cpu", 1);
        RidgeModel model = new RidgeRegression(device, 1, settings).Fit(x, new MatrixTargets(y), folds);
        int[] all = [.. Enumerable.Range(0, rows)];
        double largest = 0;
        for (int target = 0; target < targets; target++)
        {
            int chosen = settings.Penalties.ToList().IndexOf(model.Penalties[target]);
            // Products of size 1 in float32: r is right to about 1e-6. A choice may differ where two penalties are as close.
            Assert.Equal(means[chosen][target], model.FoldCorrelations[target], 5e-6);
            Assert.True(means.Max(mean => mean[target]) - means[chosen][target] <= 5e-6, $"target {target} chose {model.Penalties[target]}");
            (double[] weights, double[] intercepts) = RidgeReference.Fit(x, y, all, model.Penalties[target], intercept);
            double size = weights.Max(Math.Abs);
            for (int i = 0; i < features; i++)
                largest = Math.Max(largest, Math.Abs(weights[i * targets + target] - model.Weights[i, target]) / size);
            Assert.Equal(intercepts[target], model.Intercepts[target], 1e-5 * (1 + Math.Abs(intercepts[target])));
        }
        // Sums in float32 lose with the square of how far the columns are from zero, as they are only for the intercept.
        Assert.True(largest <= (intercept ? 3e-5 : 3e-6), $"a weight is off by {largest:G3} of the largest one");
        output.WriteLine($"weights are off by {largest:G3} of the largest one");
    }

    [Theory]
    [InlineData(60, 12)]
    [InlineData(40, 70)]
    public void Out_of_fold_predictions_are_those_of_the_other_rows_fit(int rows, int features)
    {
        Matrix x = FmriCases.Normal(rows, features), y = FmriCases.Responses(x, 4);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(10, 20, rows - 30), rows);
        foreach (bool intercept in (bool[])[false, true])
        {
            var settings = new RidgeSettings { Penalties = [1, 30], Intercept = intercept };
            using Device device = DeviceCatalog.Open("cpu", 1);
            double[] penalties = [1, 30, 30, 1];
            Matrix predicted = new RidgeRegression(device, 1, settings).PredictOutOfFold(x, new MatrixTargets(y), folds, penalties);
            for (int fold = 0; fold < folds.Count; fold++)
            {
                int[] held = folds.HeldOut(fold).ToArray();
                for (int target = 0; target < 4; target++)
                {
                    (double[] weights, double[] intercepts) = RidgeReference.Fit(x, y, folds.Training(fold), penalties[target], intercept);
                    double[] expected = RidgeReference.Predict(x, held, weights, intercepts);
                    for (int i = 0; i < held.Length; i++)
                        Assert.Equal(expected[i * 4 + target], predicted[held[i], target], 2e-5);
                }
            }
        }
    }

    [Fact]
    public void Every_way_to_compute_it_gives_the_same()
    {
        Matrix x = FmriCases.Normal(200, 20), y = FmriCases.Responses(x, 150);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(50, 70, 30, 50), 200);
        using Device device = DeviceCatalog.Open("cpu", 2);
        RidgeSettings settings = new() { Penalties = [1, 10, 100] };
        var products = new RowProducts(device, 2);
        foreach (bool intercept in (bool[])[false, true])
        {
            var primal = new PrimalForm(x, folds, products, new PrimalOptions(intercept, [], KeepSums: true, SingleGram: false, 2), default);
            var frugal = new PrimalForm(x, folds, products, new PrimalOptions(intercept, [], KeepSums: false, SingleGram: true, 2), default);
            var kernel = new KernelForm(x, folds, products, intercept, [], 2, default);
            var block = new TargetBlock(new MatrixTargets(y), 100, 50);
            (double[][] Sums, Matrix Weights)[] results =
            [
                .. from form in (RidgeForm[])[primal, frugal, kernel] from eigen in (bool[])[true, false] from together in (int[])[4, 1]
                   select Compute(form, eigen, together),
            ];
            (double[][] Sums, Matrix Weights) Compute(RidgeForm form, bool eigen, int together)
            {
                double[][] sums = [.. settings.Penalties.Select(_ => new double[50])];
                BlockProducts here = form.Products(block, 0, together, default);
                for (int fold = 0; fold < 4; fold++)
                {
                    if (fold > 0 && together == 1) here = form.Products(block, fold, 1, default);
                    FoldScores.Add(device, form.Prepare(fold, eigen, default), here, folds.HeldOut(fold), settings.Penalties, sums, default);
                }
                double[] penalties = [.. Enumerable.Range(0, 50).Select(i => settings.Penalties[i % 3])];
                return (sums, FoldScores.Solve(form.Prepare(RidgeForm.All, eigen, default), here, penalties, default).Weights);
            }
            foreach ((double[][] sums, Matrix weights) in results)
            {
                for (int i = 0; i < sums.Length; i++)
                {
                    for (int target = 0; target < 50; target++)
                        Assert.Equal(results[0].Sums[i][target], sums[i][target], 2e-5);
                }
                for (int i = 0; i < weights.Values.Length; i++)
                    Assert.Equal(results[0].Weights.Values[i], weights.Values[i], 1e-5f);
            }
        }
    }

    [Theory]
    [InlineData(700, 40)]
    [InlineData(150, 300)]
    public void Is_the_same_to_the_last_bit_on_any_number_of_threads(int rows, int features)
    {
        Matrix x = FmriCases.Normal(rows, features), y = FmriCases.Responses(x, 90);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(50, 30, 40, rows - 120), rows);
        var settings = new RidgeSettings { Penalties = [1, 30, 1000] };
        (RidgeModel Model, Matrix Predicted)[] results = [.. ((int[])[1, 2, 7]).Select(threads =>
        {
            using Device device = DeviceCatalog.Open("cpu", threads);
            var ridge = new RidgeRegression(device, threads, settings);
            RidgeModel model = ridge.Fit(x, new MatrixTargets(y), folds);
            return (model, ridge.PredictOutOfFold(x, new MatrixTargets(y), folds, model.Penalties));
        })];
        foreach ((RidgeModel model, Matrix predicted) in results)
        {
            Assert.Equal(results[0].Model.Weights.Values, model.Weights.Values);
            Assert.Equal(results[0].Model.Penalties, model.Penalties);
            Assert.Equal(results[0].Model.FoldCorrelations, model.FoldCorrelations);
            Assert.Equal(results[0].Predicted.Values, predicted.Values);
        }
    }

    [Fact]
    public void Targets_go_in_blocks_where_memory_is_short()
    {
        const int Rows = 300, Features = 40, Targets = 700;
        Matrix x = FmriCases.Normal(Rows, Features), y = FmriCases.Responses(x, Targets);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(100, 50, 80, 70), Rows);
        using Device device = DeviceCatalog.Open("cpu", 1);
        var settings = new RidgeSettings { Penalties = [1, 100] };
        var ridge = new RidgeRegression(device, 1, settings);
        RidgeModel expected = ridge.Fit(x, new MatrixTargets(y), folds);
        foreach (long memory in (long[])[800_000, 1_200_000, 2_400_000])
        {
            RidgePlan plan = RidgePlan.Make(Rows, Features, Targets, folds, 2, memory);
            Assert.InRange(plan.TargetsTogether, 64, Targets - 1);
            List<int> firsts = [];
            RidgeSettings small = settings with { MemoryBytes = memory };
            RidgeModel actual = new RidgeRegression(device, 1, small).Fit(x, new MatrixTargets(y), folds);
            new RidgeRegression(device, 1, small).Fit(x, new MatrixTargets(y), folds, block => firsts.Add(block.FirstTarget));
            Assert.Equal(Enumerable.Range(0, firsts.Count).Select(i => i * plan.TargetsTogether), firsts);
            output.WriteLine($"{memory:N0} bytes: {firsts.Count} blocks of {plan.TargetsTogether}, {plan.FoldsTogether} folds at once");
            Assert.Equal(expected.Penalties, actual.Penalties);
            for (int i = 0; i < expected.Weights.Values.Length; i++)
                Assert.Equal(expected.Weights.Values[i], actual.Weights.Values[i], 1e-6f);
            Matrix outOfFold = ridge.PredictOutOfFold(x, new MatrixTargets(y), folds, expected.Penalties);
            Matrix inBlocks = new RidgeRegression(device, 1, small).PredictOutOfFold(x, new MatrixTargets(y), folds, expected.Penalties);
            for (int i = 0; i < outOfFold.Values.Length; i++)
                Assert.Equal(outOfFold.Values[i], inBlocks.Values[i], 1e-5f);
        }
        string message = Assert.Throws<InputException>(() => new RidgeRegression(device, 1, settings with { MemoryBytes = 100_000 }).Fit(x, new MatrixTargets(y), folds)).Message;
        Assert.StartsWith("ridge regression of 300 rows, 40 features and 700 targets takes at least 0.0 GB where 0.0 GB are allowed", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_go_in_groups_where_memory_is_short()
    {
        const int Rows = 400, Features = 90, Targets = 100;
        Matrix x = FmriCases.Normal(Rows, Features), y = FmriCases.Responses(x, Targets);
        using Device device = DeviceCatalog.Open("cpu", 1);
        var settings = new RidgeSettings { Penalties = [1, 100] };
        foreach (RowFolds folds in (RowFolds[])[RowFolds.OfChunks(Rows, 1, draws: 9, chunks: 3, length: 20), RowFolds.OfStories(FmriCases.Stories(100, 50, 80, 70, 40, 60), Rows, 6)])
        {
            RidgeModel expected = new RidgeRegression(device, 1, settings).Fit(x, new MatrixTargets(y), folds);
            RidgePlan plan = RidgePlan.Make(Rows, Features, Targets, folds, 2, 2_600_000);
            Assert.InRange(plan.FoldsTogether, 2, folds.Count - 1);
            output.WriteLine($"{plan.FoldsTogether} of {folds.Count} folds at once, {plan.TargetsTogether} targets");
            RidgeModel actual = new RidgeRegression(device, 1, settings with { MemoryBytes = 2_600_000 }).Fit(x, new MatrixTargets(y), folds);
            Assert.Equal(expected.Penalties, actual.Penalties);
            for (int target = 0; target < Targets; target++)
                Assert.Equal(expected.FoldCorrelations[target], actual.FoldCorrelations[target], 5e-6);
            for (int i = 0; i < expected.Weights.Values.Length; i++)
                Assert.Equal(expected.Weights.Values[i], actual.Weights.Values[i], 1e-6f);
        }
    }

    [DeviceTheory(DeviceKind.OpenCl)]
    [InlineData(600, 50)]
    [InlineData(60, 100)]
    public void Another_device_gives_the_same(int rows, int features)
    {
        Matrix x = FmriCases.Normal(rows, features), y = FmriCases.Responses(x, 30);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(20, 20, rows - 40), rows);
        var settings = new RidgeSettings { Penalties = [100] };
        using Device device = DeviceCatalog.Open("cpu", 1);
        RidgeModel expected = new RidgeRegression(device, 1, settings).Fit(x, new MatrixTargets(y), folds);
        Device other = TestDevices.Get("opencl");
        RidgeModel actual;
        // Operations are for one thread at a time, and other classes use the same device.
        lock (other)
            actual = new RidgeRegression(other, 1, settings).Fit(x, new MatrixTargets(y), folds);
        for (int i = 0; i < expected.Weights.Values.Length; i++)
            Assert.Equal(expected.Weights.Values[i], actual.Weights.Values[i], 1e-6f);
        for (int target = 0; target < 30; target++)
            Assert.Equal(expected.FoldCorrelations[target], actual.FoldCorrelations[target], 5e-6);
    }

    [Fact]
    public void Constant_targets_and_features_count_for_nothing()
    {
        Matrix x = FmriCases.Normal(60, 4), y = FmriCases.Responses(x, 3);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(20, 20, 20), 60);
        for (int row = 0; row < 60; row++)
        {
            y[row, 0] = 0.1f;
            // Constant on the rows that each fold holds out, but not on all.
            for (int i = 0; i < 4; i++)
                x[row, i] = row / 20 * 0.3f - 0.2f + i;
        }
        using Device device = DeviceCatalog.Open("cpu", 1);
        RidgeModel model = new RidgeRegression(device, 1, new RidgeSettings { Penalties = [1, 100, 10] }).Fit(x, new MatrixTargets(y), folds);
        Assert.All(model.FoldCorrelations, r => Assert.Equal(0, r));
        Assert.All(model.Penalties, penalty => Assert.Equal(100, penalty));
    }

    [Fact]
    public void A_single_penalty_needs_no_folds_and_no_targets_give_an_empty_model()
    {
        Matrix x = FmriCases.Normal(10, 3), y = FmriCases.Responses(x, 2);
        var none = new RowFolds(10, []);
        using Device device = DeviceCatalog.Open("cpu", 1);
        RidgeModel model = new RidgeRegression(device, 1, new RidgeSettings { Penalties = [5] }).Fit(x, new MatrixTargets(y), none);
        (double[] weights, _) = RidgeReference.Fit(x, y, [.. Enumerable.Range(0, 10)], 5, false);
        Assert.True(FmriCases.Difference(weights, model.Weights.Values) < 1e-6);
        Assert.Equal([0, 0], model.FoldCorrelations);
        Assert.StartsWith("there are 2 penalties and no folds", Assert.Throws<ArgumentException>(() => new RidgeRegression(device, 1, new RidgeSettings { Penalties = [5, 6] }).Fit(x, new MatrixTargets(y), none)).Message, StringComparison.Ordinal);
        RidgeModel empty = new RidgeRegression(device, 1, new RidgeSettings()).Fit(x, new MatrixTargets(new Matrix(10, 0)), RowFolds.OfStories(FmriCases.Stories(5, 5), 10));
        Assert.Equal((3, 0), (empty.Weights.Rows, empty.Weights.Columns));
    }

    [Fact]
    public void One_row_is_fitted()
    {
        var x = new Matrix(1, 2, [3, 4]);
        using Device device = DeviceCatalog.Open("cpu", 1);
        RidgeModel model = new RidgeRegression(device, 1, new RidgeSettings { Penalties = [25] }).Fit(x, new MatrixTargets(new Matrix(1, 1, [10])), new RowFolds(1, []));
        // x / (|x|^2 + 25) y
        Assert.Equal([0.6f, 0.8f], model.Weights.Values);
        Assert.Equal(5f, model.Predict(device, x)[0, 0], 1e-6f);
    }

    [Fact]
    public void Refusals_name_the_value_and_its_place()
    {
        Matrix x = FmriCases.Normal(10, 3), y = FmriCases.Responses(x, 4);
        RowFolds folds = RowFolds.OfStories(FmriCases.Stories(5, 5), 10);
        using Device device = DeviceCatalog.Open("cpu", 1);
        var ridge = new RidgeRegression(device, 1, new RidgeSettings());
        y[7, 2] = float.NaN;
        Assert.Equal(
            "target 2 is NaN in row 7, where a finite number was expected: repair it or leave the column out",
            Assert.Throws<InputException>(() => ridge.Fit(x, new MatrixTargets(y), folds)).Message);
        y[7, 2] = 0;
        x[3, 1] = float.NegativeInfinity;
        Assert.StartsWith("feature 1 is -", Assert.Throws<InputException>(() => ridge.Fit(x, new MatrixTargets(y), folds)).Message, StringComparison.Ordinal);
        x[3, 1] = 1e30f;
        y[3, 1] = 1e30f;
        Assert.StartsWith("products of features and responses leave the range of float32", Assert.Throws<InputException>(() => ridge.Fit(x, new MatrixTargets(y), folds)).Message, StringComparison.Ordinal);
        Assert.StartsWith("there are 10 rows of features, 10 of targets and 9 in folds", Assert.Throws<ArgumentException>(() => ridge.Fit(x, new MatrixTargets(y), RowFolds.OfStories(FmriCases.Stories(4, 5), 9))).Message, StringComparison.Ordinal);
        foreach (double penalty in (double[])[0, -1, double.NaN, double.PositiveInfinity])
            Assert.Throws<ArgumentException>(() => new RidgeRegression(device, 1, new RidgeSettings { Penalties = [1, penalty] }).Fit(x, new MatrixTargets(y), folds));
    }

    [Fact]
    public void The_published_penalties_are_squares()
    {
        IReadOnlyList<double> penalties = new RidgeSettings().Penalties;
        double[] alphas = RidgeSettings.Logarithmic(1, 3, 10);
        Assert.Equal(10, penalties.Count);
        for (int i = 0; i < 10; i++)
            Assert.Equal(alphas[i] * alphas[i], penalties[i], 1e-9 * penalties[i]);
    }
}
