using Gim.Fmri;
using Gim.Fmri.Features;

namespace Gim.Tests.Fmri.Features;

public sealed class DelaysTests
{
    private static readonly StoryRows[] Stories = [new("a", 0, 5), new("b", 5, 2), new("c", 7, 0), new("d", 7, 9)];

    [Theory]
    [InlineData(false, new[] { 1, 2, 3, 4 })]
    [InlineData(true, new[] { 1, 2, 3, 4 })]
    [InlineData(false, new[] { 0, 20, -2 })]
    [InlineData(true, new[] { -1, int.MinValue, int.MaxValue })]
    [InlineData(false, new int[0])]
    public void Rows_are_those_of_earlier_trs(bool acrossStories, int[] delays)
    {
        Matrix rows = RandomRows.Of(16, 3);
        Matrix delayed = Delays.Apply(rows, Stories, delays, acrossStories);
        Assert.Equal((16, 3 * delays.Length), (delayed.Rows, delayed.Columns));
        for (int t = 0; t < 16; t++)
        {
            StoryRows story = Stories.Single(story => t >= story.Start && t < story.End);
            for (int d = 0; d < delays.Length; d++)
            {
                long source = (long)t - delays[d];
                bool there = acrossStories ? source is >= 0 and < 16 : source >= story.Start && source < story.End;
                for (int c = 0; c < 3; c++)
                    Assert.Equal(there ? rows[(int)source, c] : 0, delayed[t, d * 3 + c]);
            }
        }
    }

    [Fact]
    public void Stories_must_fill_the_rows()
    {
        var rows = new Matrix(4, 1);
        Assert.Throws<ArgumentException>(() => Delays.Apply(rows, [new("a", 0, 3)], [1]));
        Assert.Throws<ArgumentException>(() => Delays.Apply(rows, [new("a", 0, 3), new("b", 2, 1)], [1]));
        Assert.Throws<ArgumentException>(() => Delays.Apply(rows, [new("a", 0, 5), new("b", 5, -1)], [1]));
    }

    [Fact]
    public void Matrices_are_stacked_and_put_side_by_side()
    {
        StackedRows stacked = StackedRows.Below([("a", new Matrix(2, 2, [1, 2, 3, 4])), ("b", new Matrix(0, 2)), ("c", new Matrix(1, 2, [5, 6]))]);
        Assert.Equal([1, 2, 3, 4, 5, 6], stacked.Values.Values);
        Assert.Equal([new("a", 0, 2), new("b", 2, 0), new("c", 2, 1)], stacked.Stories);
        Matrix beside = StackedRows.Beside([stacked.Values, new Matrix(3, 1, [7, 8, 9])]);
        Assert.Equal([1, 2, 7, 3, 4, 8, 5, 6, 9], beside.Values);
        Assert.Throws<ArgumentException>(() => StackedRows.Below([("a", new Matrix(2, 2)), ("b", new Matrix(2, 3))]));
        Assert.Throws<ArgumentException>(() => StackedRows.Beside([new Matrix(2, 2), new Matrix(3, 2)]));
        Assert.Equal(0, StackedRows.Below([]).Values.Rows);
    }
}
