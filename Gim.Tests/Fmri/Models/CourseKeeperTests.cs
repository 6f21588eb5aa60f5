using Gim.Fmri;
using Gim.Fmri.Models;

namespace Gim.Tests.Fmri.Models;

public sealed class CourseKeeperTests
{
    private static readonly float[] Correlations = [0.1f, 0.5f, -0.2f, 0.5f, 0.9f, 0.3f, 0.5f];

    /// <summary>Target c predicts c, c + 10, c + 20.</summary>
    private static Matrix Predicted(int first, int count)
    {
        var values = new Matrix(3, count);
        for (int row = 0; row < 3; row++)
        {
            for (int i = 0; i < count; i++)
                values[row, i] = first + i + 10 * row;
        }
        return values;
    }

    private static IReadOnlyList<TimeCourse> Keep(CourseKeeper keeper, params int[] blocks)
    {
        int first = 0;
        foreach (int count in blocks)
        {
            keeper.Add(first, Predicted(first, count), Correlations.AsSpan(first, count));
            first += count;
        }
        return keeper.Courses;
    }

    [Fact]
    public void The_best_targets_are_kept_however_they_come_in_blocks()
    {
        foreach (int[] blocks in (int[][])[[7], [1, 6], [3, 4], [1, 1, 1, 1, 1, 1, 1]])
        {
            IReadOnlyList<TimeCourse> kept = Keep(new CourseKeeper(null, 3), blocks);
            // Of equal ones the earlier first.
            Assert.Equal([4, 1, 3], kept.Select(course => course.Target));
            Assert.Equal([1f, 11f, 21f], kept[1].Values);
        }
        Assert.Equal(7, Keep(new CourseKeeper(null, 20), 7).Count);
        Assert.Empty(Keep(new CourseKeeper(null, 0), 3, 4));
    }

    [Fact]
    public void Named_targets_are_kept_in_the_order_they_were_named()
    {
        foreach (int[] blocks in (int[][])[[7], [2, 5], [4, 3]])
        {
            IReadOnlyList<TimeCourse> kept = Keep(new CourseKeeper([5, 0, 3], 3), blocks);
            Assert.Equal([5, 0, 3], kept.Select(course => course.Target));
            Assert.Equal([5f, 15f, 25f], kept[0].Values);
        }
    }
}
