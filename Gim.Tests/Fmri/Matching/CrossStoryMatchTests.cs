using Gim.Fmri;
using Gim.Fmri.Matching;
using Gim.Kernels.Devices;
using Gim.Tests.Kernels.Devices;
using Xunit.Abstractions;

namespace Gim.Tests.Fmri.Matching;

public class CrossStoryMatchTests(ITestOutputHelper output)
{
    /// <summary>Memory rows, matched rows, key and value columns, temperature: around the tiles of 512 and 1024, and both ways to keep weights in range.</summary>
    public static TheoryData<int, int, int, int, double> Shapes() => new()
    {
        { 1, 1, 1, 1, 0.1 }, { 7, 5, 3, 2, 0.1 }, { 60, 60, 20, 10, 0.1 }, { 60, 60, 20, 10, 0.01 }, { 60, 60, 20, 10, 10 },
        { 1023, 40, 8, 3, 0.1 }, { 1025, 511, 5, 2, 0.05 }, { 1100, 513, 5, 2, 0.049 }, { 2100, 30, 16, 33, 0.02 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Is_every_weight_by_its_formula(int memoryRows, int rows, int columns, int valueColumns, double temperature)
    {
        using Device device = DeviceCatalog.Open("cpu", 1);
        RequireReference(device, memoryRows, rows, columns, valueColumns, temperature);
    }

    [DeviceTheory(DeviceKind.OpenCl)]
    [InlineData(300, 100, 20, 10, 0.1)]
    [InlineData(300, 100, 20, 10, 0.01)]
    public void Another_device_gives_the_same(int memoryRows, int rows, int columns, int valueColumns, double temperature)
    {
        Device device = TestDevices.Get("opencl");
        // Operations are for one thread at a time, and other classes use the same device.
        lock (device)
            RequireReference(device, memoryRows, rows, columns, valueColumns, temperature);
    }

    private void RequireReference(Device device, int memoryRows, int rows, int columns, int valueColumns, double temperature)
    {
        Matrix memoryKeys = FmriCases.Normal(memoryRows, columns, 1), keys = FmriCases.Normal(rows, columns, 2), values = FmriCases.Normal(memoryRows, valueColumns, 3);
        int[] memoryFolds = [.. Enumerable.Range(0, memoryRows).Select(i => i / 7 % 3)], folds = [.. Enumerable.Range(0, rows).Select(i => i / 5 % 5 - 1)];
        int[] standIns = [.. Enumerable.Range(0, rows).Select(i => i / 3 % 4 - 1)], stories = [.. Enumerable.Range(0, memoryRows).Select(i => i / 4 % 9)];
        RequireReference(device, memoryKeys, values, memoryFolds, keys, folds, null, null, temperature);
        RequireReference(device, memoryKeys, values, memoryFolds, keys, folds, standIns, null, temperature);
        RequireReference(device, memoryKeys, values, memoryFolds, keys, folds, standIns, stories, temperature);
    }

    private void RequireReference(
        Device device, Matrix memoryKeys, Matrix values, int[] memoryFolds, Matrix keys, int[] folds, int[]? standIns, int[]? stories, double temperature)
    {
        int rows = keys.Rows;
        double[,] weights = MatchReference.CrossStory(memoryKeys, memoryFolds, keys, folds, temperature, standIns, stories);
        double[][] expected = MatchReference.Values(weights, values);
        MatchedValues matched = CrossStoryMatch.Run(
            device, new MatchMemory(memoryKeys, values, memoryFolds, stories ?? []), keys, folds, new CrossStoryRule { Temperature = temperature, Strongest = 4 }, standIns ?? []);
        // Cosines in float32, divided by the temperature; sums of up to 2100 weights.
        double allowed = 3e-6 + 6e-7 / temperature, largest = 0;
        for (int row = 0; row < rows; row++)
        {
            largest = Math.Max(largest, FmriCases.Difference(expected[row], matched.Values.Row(row)));
            InStoryMatchTests.RequireStrongest(weights, matched.Strongest, row, 4, allowed);
        }
        output.WriteLine($"values are off by {largest:G3}");
        Assert.True(largest <= allowed, $"a value is off by {largest:G3} where {allowed:G3} is allowed");
    }

    [Fact]
    public void Is_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        Matrix keys = FmriCases.Normal(1500, 30), values = FmriCases.Normal(1500, 11, 5);
        int[] folds = [.. Enumerable.Range(0, 1500).Select(i => i / 100 % 5)];
        foreach (double temperature in (double[])[0.1, 0.02])
        {
            MatchedValues[] results = [.. ((int[])[1, 2, 7]).Select(threads =>
            {
                using Device device = DeviceCatalog.Open("cpu", threads);
                return CrossStoryMatch.Run(device, new MatchMemory(keys, values, folds), keys, folds, new CrossStoryRule { Temperature = temperature, Strongest = 2 });
            })];
            foreach (MatchedValues result in results)
            {
                Assert.Equal(results[0].Values.Values, result.Values.Values);
                for (int row = 0; row < 1500; row++)
                    Assert.Equal(results[0].Strongest.Rows(row).ToArray(), result.Strongest.Rows(row).ToArray());
            }
        }
    }

    [Fact]
    public void A_row_never_sees_its_own_fold()
    {
        // Each fold's keys are all alike, so its own rows would be nearest by far.
        Matrix keys = new(30, 3), values = new(30, 3);
        int[] folds = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        for (int row = 0; row < 30; row++)
            keys[row, folds[row]] = values[row, folds[row]] = 1;
        using Device device = DeviceCatalog.Open("cpu", 1);
        var memory = new MatchMemory(keys, values, folds);
        MatchedValues matched = CrossStoryMatch.Run(device, memory, keys, folds, new CrossStoryRule { Strongest = 30 });
        for (int row = 0; row < 30; row++)
        {
            for (int column = 0; column < 3; column++)
                Assert.Equal(column == folds[row] ? 0 : 0.5f, matched.Values[row, column], 1e-6f);
            Assert.Equal(Enumerable.Range(0, 30).Where(s => folds[s] != folds[row]), matched.Strongest.Rows(row).ToArray());
        }
        int[] none = [.. Enumerable.Repeat(CrossStoryMatch.NoFold, 30)];
        MatchedValues seeing = CrossStoryMatch.Run(device, memory, keys, none, new CrossStoryRule());
        Assert.Equal(1 / (1 + 2 * Math.Exp(-10)), seeing.Values[4, folds[4]], 1e-6);
    }

    [Fact]
    public void Nothing_to_see_gives_nothing()
    {
        using Device device = DeviceCatalog.Open("cpu", 1);
        Matrix keys = FmriCases.Normal(6, 2), values = FmriCases.Normal(6, 2);
        MatchedValues matched = CrossStoryMatch.Run(device, new MatchMemory(keys, values, new int[6]), keys, new int[6], new CrossStoryRule { Strongest = 2 });
        Assert.All(matched.Values.Values, value => Assert.Equal(0, value));
        Assert.True(matched.Strongest.Rows(3).IsEmpty);
        var empty = new MatchMemory(new Matrix(0, 2), new Matrix(0, 2), []);
        Assert.Equal(0, CrossStoryMatch.Run(device, empty, keys, new int[6], new CrossStoryRule()).Values[0, 0]);
        Assert.Equal(0, CrossStoryMatch.Run(device, empty, new Matrix(0, 2), [], new CrossStoryRule()).Values.Rows);
        // A key of zeros is equally far from all: the mean.
        matched = CrossStoryMatch.Run(device, new MatchMemory(keys, values, new int[6]), new Matrix(1, 2), [1], new CrossStoryRule());
        Assert.Equal(Enumerable.Range(0, 6).Average(row => values[row, 1]), matched.Values[0, 1], 1e-6f);
    }

    [Fact]
    public void At_low_temperatures_the_nearest_takes_all_even_if_it_is_far()
    {
        using Device device = DeviceCatalog.Open("cpu", 1);
        // Cosines with the query: -1, -0.8, 0 away; exp((cos - 1) / T) of each is 0 in float32.
        var keys = new Matrix(2, 2, [-1, 0, -0.8f, 0.6f]);
        MatchedValues matched = CrossStoryMatch.Run(
            device, new MatchMemory(keys, new Matrix(2, 1, [3, 5]), [0, 0]), new Matrix(1, 2, [1, 0]), [1], new CrossStoryRule { Temperature = 0.001, Strongest = 1 });
        Assert.Equal(5, matched.Values[0, 0], 1e-5f);
        Assert.Equal(1, matched.Strongest.Rows(0)[0]);
        Assert.Equal(1, matched.Strongest.Weights(0)[0], 1e-6f);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        using Device device = DeviceCatalog.Open("cpu", 1);
        Matrix keys = FmriCases.Normal(6, 2), values = FmriCases.Normal(6, 2);
        var memory = new MatchMemory(keys, values, new int[6]);
        string Refusal(Matrix queries, int[] folds, CrossStoryRule rule) => Assert.Throws<ArgumentException>(() => CrossStoryMatch.Run(device, memory, queries, folds, rule)).Message;
        Assert.StartsWith("there are folds of 5 rows and keys of 6", Refusal(keys, new int[5], new()), StringComparison.Ordinal);
        Assert.StartsWith("keys have 3 columns where the memory's have 2", Refusal(FmriCases.Normal(6, 3), new int[6], new()), StringComparison.Ordinal);
        Assert.StartsWith("the temperature is NaN", Refusal(keys, new int[6], new() { Temperature = double.NaN }), StringComparison.Ordinal);
        Assert.StartsWith("the strongest -1 matches", Refusal(keys, new int[6], new() { Strongest = -1 }), StringComparison.Ordinal);
        Assert.StartsWith("the memory has keys of 6 rows, values of 6 and folds of 5", Assert.Throws<ArgumentException>(() => new MatchMemory(keys, values, new int[5])).Message, StringComparison.Ordinal);
        values[5, 0] = float.NaN;
        Assert.StartsWith("value column 0 is NaN in row 5", Assert.Throws<InputException>(() => new MatchMemory(keys, values, new int[6])).Message, StringComparison.Ordinal);
    }
}
