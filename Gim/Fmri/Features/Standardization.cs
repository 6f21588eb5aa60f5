namespace Gim.Fmri.Features;

/// <summary>z-scores: (x - mean) / standard deviation, of the population (divided by the number of values).</summary>
internal static class Standardization
{
    /// <summary>
    /// Standardises each column of some rows in place. A column of equal values becomes 0; NaN or an infinity in a column makes
    /// all of it NaN. Sums are made in double.
    /// </summary>
    /// <param name="matrix">The values.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    public static void Columns(Matrix matrix, int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, matrix.Rows - count);
        if (count == 0)
            return;
        int columns = matrix.Columns;
        var mean = new double[columns];
        var deviation = new double[columns];
        var equal = new bool[columns];
        equal.AsSpan().Fill(true);
        ReadOnlySpan<float> first = matrix.Row(start);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = matrix.Row(start + i);
            for (int c = 0; c < row.Length; c++)
            {
                mean[c] += row[c];
                equal[c] &= row[c] == first[c];
            }
        }
        for (int c = 0; c < columns; c++)
            mean[c] /= count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = matrix.Row(start + i);
            for (int c = 0; c < row.Length; c++)
                deviation[c] += (row[c] - mean[c]) * (row[c] - mean[c]);
        }
        for (int c = 0; c < columns; c++)
            deviation[c] = Math.Sqrt(deviation[c] / count);
        for (int i = 0; i < count; i++)
        {
            Span<float> row = matrix.Row(start + i);
            for (int c = 0; c < row.Length; c++)
                row[c] = equal[c] && float.IsFinite(row[c]) ? 0 : (float)((row[c] - mean[c]) / deviation[c]);
        }
    }

    /// <inheritdoc cref="Columns(Matrix, int, int)"/>
    public static void Columns(Matrix matrix) => Columns(matrix, 0, matrix.Rows);

    /// <summary>Standardises each row in place, likewise.</summary>
    public static void Rows(Matrix matrix)
    {
        for (int i = 0; i < matrix.Rows; i++)
            Columns(new Matrix(matrix.Columns, 1, matrix.Row(i).ToArray()), matrix.Row(i));
    }

    private static void Columns(Matrix column, Span<float> destination)
    {
        Columns(column);
        column.Values.CopyTo(destination);
    }
}
