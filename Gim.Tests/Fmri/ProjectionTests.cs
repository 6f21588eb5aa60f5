using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(33, 40)]
    public void The_largest_directions_diagonalise_the_gram(int columns, int count)
    {
        Matrix[] pieces = [RandomRows.Of(300, columns), RandomRows.Of(1, columns, 1), RandomRows.Of(257, columns, 2)];
        var gram = new Gram(columns, 1);
        foreach (Matrix piece in pieces)
            gram.Add(piece);
        (Matrix directions, double[] values) = gram.Largest(count);
        count = Math.Min(count, columns);
        Assert.Equal((columns, count, count), (directions.Rows, directions.Columns, values.Length));
        for (int i = 1; i < count; i++)
            Assert.True(values[i] <= values[i - 1]);
        Matrix[] projected = [.. pieces.Select(piece => Projection.Of(piece, directions, 1))];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double product = projected.Sum(rows => Enumerable.Range(0, rows.Rows).Sum(row => (double)rows[row, i] * rows[row, j]));
                // Directions are rounded to float.
                Assert.Equal(i == j ? values[i] : 0, product, values[0] * 1e-6);
            }
            float[] direction = [.. Enumerable.Range(0, columns).Select(row => directions[row, i])];
            Assert.True(direction.MaxBy(Math.Abs) > 0);
        }
        Assert.Throws<ArgumentException>(() => gram.Add(new Matrix(1, columns + 1)));

        var other = new Gram(columns, 3);
        foreach (Matrix piece in pieces)
            other.Add(piece);
        Assert.Equal(directions.Values, other.Largest(count).Directions.Values);
    }

    [Fact]
    public void Features_are_projected_on_the_training_stories_directions()
    {
        Story[] stories = [.. Enumerable.Range(0, 3).Select(i => new Story(
            $"s{i}", [], TrGrid.Whole(20 + i, 2), new LabelTable($"{i}", ["a", "b", "c", "d", "e"], RandomRows.Of(20 + i, 5, i))))];
        LabelFeatures labels = LabelFeatures.Like(stories[0]);
        ProjectedFeatures projected = ProjectedFeatures.Fit(labels, stories[..2], 2, 1);
        var gram = new Gram(5, 1);
        gram.Add(labels.Of(stories[0]));
        gram.Add(labels.Of(stories[1]));
        Assert.Equal(Projection.Of(labels.Of(stories[2]), gram.Largest(2).Directions, 1).Values, projected.Of(stories[2]).Values);
        Assert.True(projected.IsDelayed);
        Assert.Throws<ArgumentException>(() => ProjectedFeatures.Fit(labels, [], 2, 1));
    }
}
