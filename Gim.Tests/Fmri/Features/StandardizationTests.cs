using Gim.Fmri;
using Gim.Fmri.Features;

namespace Gim.Tests.Fmri.Features;

public sealed class StandardizationTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(7, 17)]
    [InlineData(300, 33)]
    public void Columns_are_as_the_formula_says(int count, int columns)
    {
        Matrix all = RandomRows.Of(count + 3, columns);
        float[] before = [.. all.Values];
        Standardization.Columns(all, 2, count);
        Assert.Equal(before[..(2 * columns)], all.Values[..(2 * columns)]);
        Assert.Equal(before[((2 + count) * columns)..], all.Values[((2 + count) * columns)..]);
        for (int c = 0; c < columns; c++)
        {
            double[] column = [.. Enumerable.Range(2, count).Select(i => (double)before[i * columns + c])];
            double mean = column.Average(), deviation = Math.Sqrt(column.Average(x => (x - mean) * (x - mean)));
            // One rounding to float.
            for (int i = 0; i < count; i++)
                Assert.Equal(count == 1 ? 0 : (column[i] - mean) / deviation, all[2 + i, c], 1e-6);
        }
    }

    [Fact]
    public void Equal_values_become_zero_and_what_is_not_finite_stays_so()
    {
        var rows = new Matrix(3, 4, [0.1f, float.NaN, 1, float.PositiveInfinity, 0.1f, 1, 2, float.PositiveInfinity, 0.1f, 2, 3, float.PositiveInfinity]);
        Standardization.Columns(rows);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, rows[i, 0]);
            Assert.True(float.IsNaN(rows[i, 1]));
            Assert.Equal((i - 1) * MathF.Sqrt(1.5f), rows[i, 2], 1e-6f);
            Assert.True(float.IsNaN(rows[i, 3]));
        }
        Standardization.Columns(new Matrix(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Standardization.Columns(rows, 1, 3));
        var row = new Matrix(2, 3, [1, 2, 3, 5, 5, 5]);
        Standardization.Rows(row);
        Assert.Equal([-MathF.Sqrt(1.5f), 0, MathF.Sqrt(1.5f), 0, 0, 0], row.Values.Select(x => x));
    }
}
