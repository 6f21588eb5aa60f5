using System.Numerics;
using Gim.Fmri;
using Gim.Fmri.Scores;

namespace Gim.Tests.Fmri.Scores;

public class BlockPermutationTests
{
    /// <summary>Around the targets whose sums are made together.</summary>
    public static TheoryData<int> Targets() => [0, 1, Vector<float>.Count, 4 * Vector<float>.Count - 1, 4 * Vector<float>.Count, 4 * Vector<float>.Count + 1];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Is_the_reference_on_any_number_of_threads(int targets)
    {
        StoryRows[] stories = FmriCases.Stories(47, 0, 33, 1);
        Matrix predicted = FmriCases.Normal(81, targets, 3), measured = FmriCases.Normal(81, targets, 4);
        for (int i = 0; i < measured.Values.Length; i++)
            measured.Values[i] += 0.2f * predicted.Values[i];
        RowRange[] blocks = RowRange.Blocks(stories);
        double[] expected = BlockPermutationReference.PValues(predicted, measured, blocks, 200);
        foreach (int threads in (int[])[1, 2, 7])
            Assert.Equal(expected, BlockPermutation.PValues(predicted, measured, blocks, 200, threads: threads));
    }

    [Fact]
    public void Blocks_stay_inside_stories()
    {
        RowRange[] blocks = RowRange.Blocks(FmriCases.Stories(12, 0, 5, 10), 5);
        Assert.Equal([new(0, 5), new(5, 5), new(10, 2), new(12, 5), new(17, 5), new(22, 5)], blocks);
        Assert.Equal([new(0, 12), new(12, 5), new(17, 10)], RowRange.Whole(FmriCases.Stories(12, 0, 5, 10)));
    }

    [Fact]
    public void A_perfect_prediction_beats_all_orders_but_equal_ones()
    {
        Matrix measured = FmriCases.Normal(100, 1);
        // 11! orders: none of a thousand is the rows' own.
        double p = BlockPermutation.PValues(measured, measured, RowRange.Blocks([new("a", 0, 100)]), 999)[0];
        Assert.Equal(1 / 1000.0, p);
        // Two blocks: every other order is the rows' own and counts as large.
        p = BlockPermutation.PValues(measured, measured, RowRange.Blocks([new("a", 0, 100)], 50), 999)[0];
        Assert.Equal(0.5, p, 0.08);
    }

    [Fact]
    public void Chance_gives_flat_p_values()
    {
        const int Targets = 400;
        Matrix predicted = FmriCases.Normal(200, Targets, 5), measured = FmriCases.Normal(200, Targets, 6);
        double[] p = BlockPermutation.PValues(predicted, measured, RowRange.Blocks([new("a", 0, 200)]), 199);
        // Shares of 400 independent targets: within 4 deviations of what flat ones give.
        foreach (double level in (double[])[0.05, 0.2, 0.5, 0.8])
            Assert.Equal(level, p.Count(value => value <= level) / (double)Targets, 4 * Math.Sqrt(level * (1 - level) / Targets));
    }

    [Fact]
    public void What_cannot_be_told_from_chance_has_p_1()
    {
        Matrix measured = FmriCases.Normal(30, 2), predicted = FmriCases.Normal(30, 2, 9);
        for (int row = 0; row < 30; row++)
            predicted[row, 1] = 0.1f;
        Assert.Equal(1, BlockPermutation.PValues(predicted, measured, RowRange.Blocks([new("a", 0, 30)]), 50)[1]);
        Assert.Equal([1, 1], BlockPermutation.PValues(predicted, measured, RowRange.Blocks([new("a", 0, 30)], 30), 50));
        Assert.Equal([1, 1], BlockPermutation.PValues(new Matrix(0, 2), new Matrix(0, 2), [], 50));
        Assert.StartsWith("the ranges end at row 29 of 30", Assert.Throws<ArgumentException>(() => BlockPermutation.PValues(predicted, measured, [new(0, 29)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("rows 20 to 30 are given where row 10 follows", Assert.Throws<ArgumentException>(() => BlockPermutation.PValues(predicted, measured, [new(0, 10), new(20, 10)])).Message, StringComparison.Ordinal);
    }
}
