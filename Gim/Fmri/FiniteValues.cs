using System.Numerics.Tensors;

namespace Gim.Fmri;

/// <summary>Refuses numbers that would spoil everything they are added to.</summary>
internal static class FiniteValues
{
    /// <param name="column">What a column is called: "target" in "target 3 is NaN in row 7".</param>
    /// <param name="firstColumn">The number of the matrix's first column.</param>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    public static void Require(Matrix values, string column, int firstColumn = 0)
    {
        for (int row = 0; row < values.Rows && values.Columns > 0; row++)
        {
            if (TensorPrimitives.IsFiniteAll<float>(values.Row(row))) continue;
            int place = 0;
            while (float.IsFinite(values[row, place]))
                place++;
            throw new InputException($"{column} {firstColumn + place} is {values[row, place]} in row {row}, where a finite number was expected: repair it or leave the column out");
        }
    }
}
