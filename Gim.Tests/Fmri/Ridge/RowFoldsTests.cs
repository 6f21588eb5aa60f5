using Gim.Fmri;
using Gim.Fmri.Ridge;

namespace Gim.Tests.Fmri.Ridge;

public class RowFoldsTests
{
    [Fact]
    public void Stories_are_sorted_and_dealt_out_in_turn()
    {
        // By name: a b c d e f g; g has no rows.
        StoryRows[] stories = [new("c", 0, 2), new("a", 2, 3), new("f", 5, 1), new("b", 6, 2), new("e", 8, 1), new("d", 9, 2), new("g", 11, 0)];
        RowFolds folds = RowFolds.OfStories(stories, 11);
        int[][] expected = [[2, 3, 4, 5], [6, 7], [0, 1], [9, 10], [8]];
        Assert.Equal(expected.Length, folds.Count);
        for (int fold = 0; fold < expected.Length; fold++)
        {
            Assert.Equal(expected[fold], folds.HeldOut(fold).ToArray());
            Assert.Equal(Enumerable.Range(0, 11).Except(expected[fold]), folds.Training(fold));
        }
        Assert.True(folds.IsPartition);
        Assert.Equal([2, 2, 0, 0, 0, 0, 1, 1, 4, 3, 3], folds.FoldOfRow());
    }

    [Fact]
    public void Folds_without_rows_are_left_out_and_rows_of_no_story_always_train()
    {
        RowFolds folds = RowFolds.OfStories([new("a", 1, 2), new("b", 3, 0), new("c", 4, 1)], 6);
        Assert.Equal(2, folds.Count);
        Assert.Equal([0, 1, 2, 3, 5], folds.Training(1));
        Assert.False(folds.IsPartition);
        Assert.Contains("do not hold out each of the 6 rows exactly once", Assert.Throws<InvalidOperationException>(folds.FoldOfRow).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_story_is_refused()
    {
        string message = Assert.Throws<InputException>(() => RowFolds.OfStories([new("a", 0, 5), new("b", 5, 0)], 5)).Message;
        Assert.Equal("cross-validation holds out whole stories, and 1 of the 2 training stories have rows; name two or more", message);
    }

    [Fact]
    public void Stories_that_overlap_or_lie_outside_are_refused()
    {
        Assert.StartsWith("row 1 belongs to the stories 'a' and 'b'", Assert.Throws<ArgumentException>(() => RowFolds.OfStories([new("a", 0, 2), new("b", 1, 2)], 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith("story 'b' has rows 2 to 4 where there are 3", Assert.Throws<ArgumentException>(() => RowFolds.OfStories([new("a", 0, 2), new("b", 2, 2)], 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_are_whole_and_drawn_with_the_seed()
    {
        RowFolds folds = RowFolds.OfChunks(rows: 103, seed: 1, draws: 6, chunks: 3, length: 10);
        Assert.Equal(6, folds.Count);
        Assert.False(folds.IsPartition);
        for (int fold = 0; fold < folds.Count; fold++)
        {
            int[] held = folds.HeldOut(fold).ToArray();
            Assert.Equal(30, held.Length);
            Assert.Equal(73, folds.Training(fold).Length);
            Assert.All(held.Chunk(10), chunk => Assert.Equal(Enumerable.Range(chunk[0] / 10 * 10, 10), chunk));
            // The three rows that fill no chunk.
            Assert.True(held[^1] < 100);
            Assert.Equal(held, RowFolds.OfChunks(103, 1, 6, 3, 10).HeldOut(fold).ToArray());
        }
        Assert.NotEqual(folds.HeldOut(0).ToArray(), folds.HeldOut(1).ToArray());
        Assert.NotEqual(folds.HeldOut(0).ToArray(), RowFolds.OfChunks(103, 2, 6, 3, 10).HeldOut(0).ToArray());
        string message = Assert.Throws<InputException>(() => RowFolds.OfChunks(39, 1, 6, 3, 10)).Message;
        Assert.StartsWith("39 rows make 3 chunks of 10, and each draw holds out 3", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new int[0], "fold 0 holds out 0 of 3 rows")]
    [InlineData(new[] { 0, 1, 2 }, "fold 0 holds out 3 of 3 rows")]
    [InlineData(new[] { 1, 0 }, "fold 0 holds out row 0 as its number 1")]
    [InlineData(new[] { 1, 1 }, "fold 0 holds out row 1 as its number 1")]
    [InlineData(new[] { 1, 3 }, "fold 0 holds out row 3 as its number 1")]
    [InlineData(new[] { -1 }, "fold 0 holds out row -1 as its number 0")]
    public void Rows_that_make_no_fold_are_refused(int[] held, string message)
        => Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new RowFolds(3, [held])).Message, StringComparison.Ordinal);
}
