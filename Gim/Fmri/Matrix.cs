namespace Gim.Fmri;

/// <summary>Rows of float32 values in memory, row after row: features or responses, a row per TR.</summary>
internal sealed class Matrix
{
    /// <param name="values">[rows, columns]; not copied.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public Matrix(int rows, int columns, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != (long)rows * columns)
            throw new ArgumentException($"{values.Length} values do not fill [{rows}, {columns}]", nameof(values));
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    public Matrix(int rows, int columns) : this(rows, columns, new float[checked(rows * columns)])
    {
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>[rows, columns]</summary>
    public float[] Values { get; }

    public Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    public ref float this[int row, int column] => ref Values[row * Columns + column];
}
