using Gim.Fmri;
using Gim.Fmri.Matching;

namespace Gim.Tests.Fmri.Matching;

public class ControlsTests
{
    /// <summary>[rows, 1]: each row its own number.</summary>
    private static Matrix Numbers(int rows) => new(rows, 1, [.. Enumerable.Range(0, rows).Select(i => (float)i)]);

    [Fact]
    public void Another_storys_keys_are_those_that_follow_joined_and_cut()
    {
        // Rows 0-4, 5-6, none, 7-9; row 10 belongs to no story.
        StoryRows[] stories = [new("a", 0, 5), new("b", 5, 2), new("none", 7, 0), new("c", 7, 3)];
        Matrix keys = Numbers(11);
        Assert.Equal([5, 6, 7, 8, 9, 7, 8, 0, 1, 2, 0], Controls.OtherStories(keys, stories, 1).Values);
        // a: c, then b after it; b: a; c: b, then a.
        Assert.Equal([7, 8, 9, 5, 6, 0, 1, 5, 6, 0, 0], Controls.OtherStories(keys, stories, 2).Values);
        Assert.Equal([1, 1, 3, 3, 3, 3, 3, 0, 0, 0, -1], Controls.OtherNumbers([0, 0, 0, 0, 0, 1, 1, 3, 3, 3, 2], stories, 1));
        // A shift that comes back to the story itself goes on to the next one.
        Assert.Equal(Controls.OtherStories(keys, stories, 1).Values, Controls.OtherStories(keys, stories, 3).Values);
        // The others are shorter together than the story: they are said again.
        Assert.Equal([3, 4, 3, 0, 1], Controls.OtherStories(Numbers(5), [new("a", 0, 3), new("b", 3, 2)], 1).Values);
        Assert.Contains("needs a second story with rows beside 'a'", Assert.Throws<InputException>(() => Controls.OtherStories(keys, [new("a", 0, 5), new("b", 5, 0)], 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_without_text_come_from_the_past()
    {
        StoryRows[] stories = [new("a", 0, 4), new("b", 4, 1), new("c", 5, 3)];
        Matrix values = Numbers(9);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 5, 0], Controls.Autoregressive(values, stories, 2).Values);
        Assert.Equal([0, 0, 0, 0.5f, 0, 0, 0, 5, 0], Controls.PastMean(values, stories, 2).Values);
        Assert.Equal([0, 0, 0.5f, 1, 0, 0, 5, 5.5f, 0], Controls.PastMean(values, stories, 1).Values);
        Matrix drawn = Controls.RandomMatch(Numbers(500), [new("a", 100, 400)], 5, seed: 3);
        for (int t = 0; t < 400; t++)
            Assert.InRange(drawn[100 + t, 0], t < 5 ? 0 : 100, t < 5 ? 0 : 100 + t - 5);
        Assert.Equal(drawn.Values, Controls.RandomMatch(Numbers(500), [new("a", 100, 400)], 5, seed: 3).Values);
        Assert.NotEqual(drawn.Values, Controls.RandomMatch(Numbers(500), [new("a", 100, 400)], 5, seed: 4).Values);
        // Each of t - 4 rows equally likely: on average half-way.
        Assert.Equal(0.5, Enumerable.Range(50, 350).Average(t => (drawn[100 + t, 0] - 100) / (t - 5)), 0.07);
        Assert.Throws<ArgumentOutOfRangeException>(() => Controls.Autoregressive(values, stories, 0));
    }

    [Fact]
    public void Position_is_standardized_in_each_story()
    {
        StoryRows[] stories = [new("a", 1, 30), new("one", 31, 1), new("none", 32, 0)];
        Matrix position = Controls.Position(33, stories);
        Assert.Equal(6, position.Columns);
        double[] decays = [2, 5, 10, 20, 50];
        for (int column = 0; column < 6; column++)
        {
            double[] raw = [.. Enumerable.Range(0, 30).Select(i => column == 5 ? i / 30.0 : Math.Exp(-i / decays[column]))];
            double mean = raw.Average(), deviation = Math.Sqrt(raw.Average(value => (value - mean) * (value - mean)));
            for (int i = 0; i < 30; i++)
                Assert.Equal(3 * (raw[i] - mean) / deviation, position[1 + i, column], 1e-5);
            Assert.Equal((0, 0, 0), (position[0, column], position[31, column], position[32, column]));
        }
    }

    [Fact]
    public void Columns_are_standardized_in_place_and_constant_ones_become_0()
    {
        Matrix values = FmriCases.Normal(50, 3);
        float[] before = [.. values.Values];
        for (int row = 10; row < 40; row++)
            values[row, 1] = 0.1f;
        StoryColumns.Standardize(values, [new("a", 10, 30)], scale: 2);
        for (int column = 0; column < 3; column++)
        {
            double[] own = [.. Enumerable.Range(10, 30).Select(row => (double)values[row, column])];
            Assert.Equal(0, own.Average(), 1e-6);
            Assert.Equal(column == 1 ? 0 : 4, own.Average(value => value * value), 1e-5);
        }
        Assert.Equal(before[..30], values.Values[..30]);
        Assert.Equal(before[120..], values.Values[120..]);
    }

    [Fact]
    public void Decayed_sums_forget_and_begin_anew_in_each_story()
    {
        StoryRows[] stories = [new("a", 0, 3), new("b", 3, 2)];
        Assert.Equal([0, 1, 2.5f, 3, 5.5f, 0], StoryColumns.DecayedSum(Numbers(6), stories, 0.5).Values);
        Assert.Equal([0, 1, 2, 3, 4, 0], StoryColumns.DecayedSum(Numbers(6), stories, 0).Values);
        Assert.Throws<ArgumentOutOfRangeException>(() => StoryColumns.DecayedSum(Numbers(6), stories, 1));
    }

    [Fact]
    public void Random_keys_repeat_with_the_seed()
    {
        Assert.Equal(Controls.RandomKeys(5, 3, 1).Values, Controls.RandomKeys(5, 3, 1).Values);
        Assert.NotEqual(Controls.RandomKeys(5, 3, 1).Values, Controls.RandomKeys(5, 3, 2).Values);
    }
}
