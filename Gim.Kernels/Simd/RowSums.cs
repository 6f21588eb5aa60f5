using System.Numerics.Tensors;

namespace Gim.Kernels.Simd;

/// <summary>
/// Sums over a row: in runs of one length, each summed in float32 and the runs in double, so that a row of any length loses
/// no digits and its sum depends on nothing but the row.
/// </summary>
internal static class RowSums
{
    private const int Run = 1024;

    public static double Sum(ReadOnlySpan<float> row)
    {
        double sum = 0;
        for (; row.Length > Run; row = row[Run..])
            sum += TensorPrimitives.Sum(row[..Run]);
        return sum + TensorPrimitives.Sum(row);
    }

    public static double SumOfSquares(ReadOnlySpan<float> row)
    {
        double sum = 0;
        for (; row.Length > Run; row = row[Run..])
            sum += TensorPrimitives.SumOfSquares(row[..Run]);
        return sum + TensorPrimitives.SumOfSquares(row);
    }
}
