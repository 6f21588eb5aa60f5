using Gim.Fmri;
using Gim.Fmri.Scores;

namespace Gim.Tests.Fmri.Scores;

public class PairedBootstrapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    public void Is_the_reference_on_any_number_of_threads(int targets)
    {
        Matrix measured = FmriCases.Normal(48, targets, 1);
        Matrix[] predictions = [FmriCases.Normal(48, targets, 2), FmriCases.Normal(48, targets, 3)];
        for (int i = 0; i < measured.Values.Length; i++)
            measured.Values[i] += predictions[1].Values[i] + 10;
        RowRange[] units = RowRange.Blocks(FmriCases.Stories(25, 23), 10);
        double[][] expected = PairedBootstrapReference.Means(measured, predictions, units, 20, 5);
        foreach (int threads in (int[])[1, 2, 7])
        {
            PairedBootstrap actual = PairedBootstrap.Draw(measured, predictions, units, 20, 5, threads);
            for (int set = 0; set < 2; set++)
            {
                Assert.Equal(expected[0][set], actual.Means[set], 1e-12);
                for (int sample = 0; sample < 20; sample++)
                    Assert.Equal(expected[sample + 1][set], actual.Sample(sample)[set], 1e-12);
            }
        }
    }

    [Fact]
    public void Two_units_give_three_outcomes_as_often_as_chance_has_it()
    {
        // r is 1 on the first unit, -1 on the second, and something between on both.
        var measured = new Matrix(4, 1, [0, 1, 0, 1]);
        var predicted = new Matrix(4, 1, [0, 1, 1, -2]);
        PairedBootstrap drawn = PairedBootstrap.Draw(measured, [predicted], [new(0, 2), new(2, 2)], 4000, 11);
        double both = drawn.Means[0];
        int ones = 0, minus = 0, mixed = 0;
        for (int i = 0; i < 4000; i++)
        {
            double r = drawn.Sample(i)[0];
            if (Math.Abs(r - 1) < 1e-9) ones++;
            else if (Math.Abs(r + 1) < 1e-9) minus++;
            else if (Math.Abs(r - both) < 1e-9) mixed++;
        }
        Assert.Equal(4000, ones + minus + mixed);
        // 1/4, 1/4, 1/2: within 4 deviations of 4000 draws.
        Assert.Equal(1000, ones, 110.0);
        Assert.Equal(1000, minus, 110.0);
        Interval interval = drawn.Of(means => means[0]);
        Assert.Equal(new Interval(both, -1, 1), interval with { Low = Math.Round(interval.Low, 9), High = Math.Round(interval.High, 9) });
    }

    [Fact]
    public void Intervals_hold_the_true_difference_about_as_often_as_they_claim()
    {
        // Two predictions with independent noise of the same size: the true difference is 0.
        const int Rounds = 200, Rows = 200;
        int held = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Matrix signal = FmriCases.Normal(Rows, 1, 3 * round + 1000);
            Matrix[] predictions = [FmriCases.Normal(Rows, 1, 3 * round + 1001), FmriCases.Normal(Rows, 1, 3 * round + 1002)];
            foreach (Matrix predicted in predictions)
            {
                for (int i = 0; i < Rows; i++)
                    predicted.Values[i] += signal.Values[i];
            }
            Interval interval = PairedBootstrap.Draw(signal, predictions, RowRange.Blocks([new("a", 0, Rows)], 5), 200, round).Difference(0, 1, 0.9);
            Assert.True(interval.Low <= interval.High);
            if (interval.Low <= 0 && interval.High >= 0) held++;
        }
        // 90 % of 200 rounds, within 4 deviations, and one for what 40 units are too few.
        Assert.InRange(held / (double)Rounds, 0.79, 0.985);
    }

    [Fact]
    public void A_set_does_not_differ_from_itself_and_an_offset_changes_nothing()
    {
        Matrix measured = FmriCases.Normal(40, 5, 1), predicted = FmriCases.Normal(40, 5, 2), moved = FmriCases.Normal(40, 5, 2);
        for (int i = 0; i < moved.Values.Length; i++)
            moved.Values[i] += 4;
        PairedBootstrap drawn = PairedBootstrap.Draw(measured, [predicted, predicted, moved], RowRange.Whole(FmriCases.Stories(10, 0, 20, 10)), 50, 1);
        Assert.Equal(new Interval(0, 0, 0), drawn.Difference(0, 1));
        Assert.Equal(0, drawn.Difference(0, 2).High, 1e-6);
    }

    [Fact]
    public void Constant_sides_score_0()
    {
        Matrix measured = FmriCases.Normal(20, 1, 1), constant = new(20, 1);
        constant.Values.AsSpan().Fill(0.1f);
        // Constant on the second half only: samples without the first half have nothing to correlate.
        var half = new Matrix(20, 1, [.. measured.Values[..10], .. Enumerable.Repeat(0.3f, 10)]);
        PairedBootstrap drawn = PairedBootstrap.Draw(measured, [constant, half], [new(0, 10), new(10, 10)], 40, 1);
        Assert.Equal(0, drawn.Means[0]);
        Assert.Contains(Enumerable.Range(0, 40), i => drawn.Sample(i)[1] == 0);
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(0, drawn.Sample(i)[0]));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Matrix measured = FmriCases.Normal(4, 1);
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Draw(measured, [FmriCases.Normal(4, 2)], [new(0, 4)]));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Draw(measured, [measured], [new(0, 3)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedBootstrap.Draw(measured, [measured], [new(0, 4)], samples: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedBootstrap.Draw(measured, [measured], [new(0, 4)]).Of(means => means[0], 1));
        measured[2, 0] = float.NaN;
        Assert.StartsWith("target 0 is NaN in row 2", Assert.Throws<InputException>(() => PairedBootstrap.Draw(measured, [], [new(0, 4)])).Message, StringComparison.Ordinal);
    }
}
