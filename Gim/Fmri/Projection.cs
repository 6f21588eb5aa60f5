using Gim.Kernels.Products;

namespace Gim.Fmri;

/// <summary>Rows in the coordinates of a few directions.</summary>
internal static class Projection
{
    /// <param name="rows">[rows, columns]</param>
    /// <param name="directions">[columns, directions]</param>
    /// <param name="threads">The most threads to use; they change nothing in the result.</param>
    /// <returns>[rows, directions], their product.</returns>
    public static Matrix Of(Matrix rows, Matrix directions, int threads)
    {
        var projected = new Matrix(rows.Rows, directions.Columns);
        MatrixProduct.Multiply(
            rows.Rows, directions.Columns, rows.Columns, 1, rows.Values, rows.Columns, false, directions.Values, directions.Columns, false, 0,
            projected.Values, directions.Columns, threads: threads);
        return projected;
    }
}
