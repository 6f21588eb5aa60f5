using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri;

/// <summary>A sum of XᵀX over many pieces of rows, in double, and its main directions.</summary>
/// <param name="columns">Columns of every X.</param>
/// <param name="threads">The most threads to use; they change nothing in the result.</param>
internal sealed class Gram(int columns, int threads)
{
    /// <summary>Rows that are turned to doubles at a time.</summary>
    private const int Rows = 256;

    private readonly double[] sum = new double[checked(columns * columns)];
    private readonly double[] piece = new double[checked(Rows * columns)];

    /// <summary>Adds the products of some rows' columns.</summary>
    /// <param name="rows">[any, columns]</param>
    public void Add(Matrix rows)
    {
        if (rows.Columns != columns)
            throw new ArgumentException($"{rows.Columns} columns where {columns} were expected", nameof(rows));
        for (int first = 0; first < rows.Rows; first += Rows)
        {
            int count = Math.Min(Rows, rows.Rows - first);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> row = rows.Row(first + i);
                for (int c = 0; c < row.Length; c++)
                    piece[i * columns + c] = row[c];
            }
            DoubleProduct.MultiplyByTranspose(columns, count, 1, piece, columns, transposeA: true, 1, sum, columns, threads);
        }
    }

    /// <summary>
    /// The eigenvectors of the largest eigenvalues, largest first, as columns. The sign, which is arbitrary, is such that the
    /// element of largest size (the first of several) is positive.
    /// </summary>
    /// <param name="count">How many; fewer where there are not so many columns.</param>
    /// <param name="cancellation">Is asked now and then.</param>
    /// <returns>[columns, count], and the eigenvalue of each.</returns>
    /// <exception cref="ArgumentException">A value that was added is NaN or infinite.</exception>
    public (Matrix Directions, double[] Values) Largest(int count, CancellationToken cancellation = default)
    {
        count = Math.Min(count, columns);
        var values = new double[columns];
        var vectors = new double[columns * columns];
        SymmetricEigen.Decompose(columns, sum, columns, values, vectors, threads, cancellation: cancellation);
        var directions = new Matrix(columns, count);
        for (int j = 0; j < count; j++)
        {
            int from = columns - 1 - j, largest = 0;
            for (int i = 1; i < columns; i++)
            {
                if (Math.Abs(vectors[i * columns + from]) > Math.Abs(vectors[largest * columns + from]))
                    largest = i;
            }
            double sign = vectors[largest * columns + from] < 0 ? -1 : 1;
            for (int i = 0; i < columns; i++)
                directions[i, j] = (float)(sign * vectors[i * columns + from]);
        }
        return (directions, [.. values.Reverse().Take(count)]);
    }
}
