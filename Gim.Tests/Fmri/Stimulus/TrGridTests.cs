using Gim.Fmri;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Stimulus;

public sealed class TrGridTests
{
    [Fact]
    public void The_published_grid_begins_before_the_sound_and_loses_15_rows_and_5_trs()
    {
        TrGrid grid = TrGrid.Ds003020(261);
        Assert.Equal(256, grid.Count);
        Assert.Equal(241, grid.Kept);
        Assert.Equal(-10, grid.Start(0));
        Assert.Equal(-9, grid.Time(0));
        Assert.Equal(11, grid.Time(grid.TrimStart));
        var rows = new Matrix(256, 2);
        for (int i = 0; i < rows.Values.Length; i++)
            rows.Values[i] = i;
        Matrix trimmed = grid.Trim(rows);
        Assert.Equal((241, 2), (trimmed.Rows, trimmed.Columns));
        Assert.Equal(20, trimmed[0, 0]);
        Assert.Equal(2 * 250 + 1, trimmed[240, 1]);
        Assert.Throws<ArgumentException>(() => grid.Trim(new Matrix(255, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrGrid.Ds003020(20));
    }

    [Theory]
    [InlineData(2.0, -10.0)]
    [InlineData(1.5, 0.0)]
    [InlineData(0.7, -3.3)]
    public void A_moment_belongs_to_the_tr_whose_borders_hold_it(double seconds, double first)
    {
        var grid = new TrGrid(50, seconds, first, 2, 3);
        var random = new Random(42);
        var moments = new List<double> { double.NaN, double.NegativeInfinity, double.PositiveInfinity, double.MaxValue, first, grid.Start(50), Math.BitDecrement(first) };
        for (int tr = 0; tr <= 50; tr++)
            moments.AddRange([grid.Start(tr), Math.BitDecrement(grid.Start(tr)), Math.BitIncrement(grid.Start(tr)), first + random.NextDouble() * 50 * seconds]);
        foreach (double moment in moments)
        {
            int expected = -1;
            for (int tr = 0; tr < 50; tr++)
            {
                if (moment >= grid.Start(tr) && moment < grid.Start(tr + 1))
                    expected = tr;
            }
            Assert.Equal(expected, grid.TrAt(moment));
        }
    }

    [Fact]
    public void A_story_has_the_text_of_each_tr_that_remains()
    {
        var grid = new TrGrid(6, 2, -2, 1, 1);
        Word[] words =
        [
            new("before", -3, -1), new("trimmed", -1, 1), new("one", 0, 1.9), new("two", 1.99, 4), new("three", 4, 5), new("four", 5, 9), new("five", 7.99, 8),
            new("also", 8, 9), new("behind", 10, 11),
        ];
        var story = new Story("s", words, grid);
        Assert.Equal(["one two", "", "three four", "five"], story.Texts);
        Assert.Equal([-1, 0, 1, 1, 3, 3, 4, 5, -1], story.WordTrs.ToArray());
        Assert.Equal([1, 2, 4, 4, 6, 7, 8], story.WordsBegun.ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0, 0], new Story("s", [], grid).WordsBegun.ToArray());
        Assert.Throws<ArgumentException>(() => new Story("s", words, grid, new LabelTable("x", ["a"], new Matrix(3, 1))));
    }
}
