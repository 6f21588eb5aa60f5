using System.Numerics.Tensors;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Train.Start;

/// <summary>
/// Operations on matrices of many rows and few columns, kept in single precision and worked on in double. The same to the
/// last bit for every number of threads.
/// </summary>
internal static class TallMatrix
{
    /// <summary>Rows made double at a time: 2 MB at 128 columns.</summary>
    private const int RowsTogether = 2048;

    /// <summary>Directions this much shorter than the longest are rounding of the single precision in which they are kept.</summary>
    private const double Nothing = 1e-6;

    /// <summary>X^T Y, [columns, columns].</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="y">[rows, columns], or X itself.</param>
    public static double[] TransposeTimes(int rows, int columns, float[] x, float[] y, int threads, CancellationToken cancellation)
    {
        double[] product = new double[columns * columns];
        double[] someX = new double[Math.Min(rows, RowsTogether) * columns], someY = new double[someX.Length];
        for (int first = 0; first < rows; first += RowsTogether)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(RowsTogether, rows - first);
            TensorPrimitives.ConvertTruncating<float, double>(x.AsSpan(first * columns, count * columns), someX);
            TensorPrimitives.ConvertTruncating<float, double>(y.AsSpan(first * columns, count * columns), someY);
            DoubleProduct.Multiply(columns, columns, count, 1, someX, columns, true, someY, columns, false, 1, product, columns, threads);
        }
        return product;
    }

    /// <summary>X M, [rows, wanted].</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="m">[columns, wanted]</param>
    public static float[] Times(int rows, int columns, float[] x, double[] m, int wanted, int threads, CancellationToken cancellation)
    {
        float[] product = GC.AllocateUninitializedArray<float>(rows * wanted);
        double[] some = new double[Math.Min(rows, RowsTogether) * columns], made = new double[Math.Min(rows, RowsTogether) * wanted];
        for (int first = 0; first < rows; first += RowsTogether)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(RowsTogether, rows - first);
            TensorPrimitives.ConvertTruncating<float, double>(x.AsSpan(first * columns, count * columns), some);
            DoubleProduct.Multiply(count, wanted, columns, 1, some, columns, false, m, wanted, false, 0, made, wanted, threads);
            TensorPrimitives.ConvertTruncating<double, float>(made.AsSpan(0, count * wanted), product.AsSpan(first * wanted));
        }
        return product;
    }

    /// <summary>
    /// An orthonormal basis of the columns, as the columns of the result: X V diag(values)^-1/2 with the eigenvectors V of
    /// X^T X. Directions that are only rounding are left out, so that there may be fewer columns, or none. Made twice, as the
    /// first leaves an error of the squared condition.
    /// </summary>
    /// <param name="columns">Columns of X, replaced by those of the result.</param>
    public static float[] Orthonormal(int rows, ref int columns, float[] x, int threads, CancellationToken cancellation)
    {
        for (int round = 0; round < 2 && columns > 0; round++)
        {
            double[] products = TransposeTimes(rows, columns, x, x, threads, cancellation);
            double[] values = new double[columns], vectors = new double[columns * columns];
            SymmetricEigen.Decompose(columns, products, columns, values, vectors, threads, null, cancellation);
            double least = Nothing * Nothing * values[^1];
            int kept = values.Count(value => value > least && value > 0);
            double[] map = new double[columns * kept];
            for (int j = 0; j < kept; j++)
            {
                int from = columns - 1 - j;
                double scale = 1 / Math.Sqrt(values[from]);
                for (int i = 0; i < columns; i++)
                    map[i * kept + j] = vectors[i * columns + from] * scale;
            }
            x = Times(rows, columns, x, map, kept, threads, cancellation);
            columns = kept;
        }
        return x;
    }
}
