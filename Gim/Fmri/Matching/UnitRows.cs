using System.Numerics.Tensors;

namespace Gim.Fmri.Matching;

/// <summary>Rows of length 1, whose products are cosines.</summary>
internal static class UnitRows
{
    /// <summary>A copy of the keys with rows of length 1; a row of zeros stays one, and is equally far from all.</summary>
    /// <exception cref="InputException">A key is not a finite number.</exception>
    public static Matrix Of(Matrix keys)
    {
        FiniteValues.Require(keys, "key column");
        var unit = new Matrix(keys.Rows, keys.Columns);
        double[] row = new double[keys.Columns];
        for (int i = 0; i < keys.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(keys.Row(i), row);
            double length = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(row));
            if (length > 0)
                TensorPrimitives.Divide(row, length, row);
            TensorPrimitives.ConvertTruncating<double, float>(row, unit.Row(i));
        }
        return unit;
    }
}
