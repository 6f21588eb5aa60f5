using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class ColumnChecks
{
    /// <summary>Columns around the 32 of a group, rows around its 8 lanes, and many rows.</summary>
    private static IEnumerable<(int Rows, int Columns)> Matrices(Comparison c) => c.Kind == DeviceKind.IlgpuCpu
        ? [(0, 5), (5, 0), (1, 1), (7, 31), (8, 32), (9, 33)]
        : [.. c.Matrices, (7, 31), (8, 32), (9, 33), (1001, 65), (20_011, 3)];

    public static void SumRows(Comparison c)
    {
        foreach ((int rows, int columns) in Matrices(c))
        {
            // Where there is no double, eight lanes' sums and their own are rounded, of a size of the root of the rows.
            var tolerance = new Tolerance(2e-7 * Math.Sqrt(Math.Max(1, rows)), 2e-7);
            c.Compare($"sum rows {rows} x {columns}", tolerance, [c.Normal(rows * columns)], [c.Normal(columns)], (d, x, y) => d.SumRows(x[0], rows, columns, y[0]));
        }
        c.Compare("sum rows of specials", new Tolerance(0, 2e-7), [[1, float.NaN, float.PositiveInfinity, 2, 3, 1, 3, 4, 1]], [[1, 2, 3]], (d, x, y) => d.SumRows(x[0], 3, 3, y[0]));
    }

    public static void Standardize(Comparison c)
    {
        // A value's distance from the first of its column, less the mean's: two roundings of values of size 5.
        var tolerance = new Tolerance(2e-6, 2e-6);
        foreach ((int rows, int columns) in Matrices(c))
        {
            // Every third column is constant; 100.1 has no exact sum.
            float[] source = c.Normal(rows * columns);
            for (int i = 0; i < source.Length; i++)
                source[i] = i % columns % 3 == 2 ? 100.1f : 100 + source[i];
            c.Compare($"standardize {rows} x {columns}", tolerance, [source], [c.Normal(rows * columns), c.Normal(columns), c.Normal(columns)],
                (d, x, y) => d.StandardizeColumns(x[0], rows, columns, y[0], y[1], y[2]));
        }
        c.Compare("standardize in place", tolerance, [], [c.Normal(9 * 33), new float[33], new float[33]], (d, x, y) => d.StandardizeColumns(y[0], 9, 33, y[0], y[1], y[2]));
        // Constant columns must be exactly so on every device.
        float[] constants = [0.1f, -3e-5f, 0, 7e9f], rows100 = [.. Enumerable.Range(0, 100).SelectMany(_ => constants)];
        c.Compare("standardize constants", Tolerance.Exact, [rows100], [c.Normal(400), c.Normal(4), c.Normal(4)], (d, x, y) => d.StandardizeColumns(x[0], 100, 4, y[0], y[1], y[2]));
        c.Compare("standardize specials", tolerance, [[1, float.NaN, 1, float.PositiveInfinity, 2, 1, float.NegativeInfinity, 1]], [new float[8], new float[4], new float[4]],
            (d, x, y) => d.StandardizeColumns(x[0], 2, 4, y[0], y[1], y[2]));
    }

    public static void Correlate(Comparison c)
    {
        // Sums of distances that are rounded in float32: a few ulp of 1.
        var tolerance = new Tolerance(1e-6, 0);
        foreach ((int rows, int columns) in Matrices(c))
        {
            float[] a = [.. c.Normal(rows * columns).Select(x => 10 + x)], noise = c.Normal(rows * columns), b = [.. a.Select((x, i) => (i % 2 == 0 ? x : -x) + noise[i])];
            c.Compare($"correlate {rows} x {columns}", tolerance, [a, b], [c.Normal(columns)], (d, x, y) => d.CorrelateColumns(x[0], x[1], rows, columns, y[0]));
        }
        float[] same = c.Normal(9 * 33);
        c.Compare("correlate with itself", tolerance, [same, [.. same.Select(x => -3 * x)]], [new float[33]], (d, x, y) => d.CorrelateColumns(x[0], x[1], 9, 33, y[0]));
        // Constant beside any, NaN beside constant, infinity.
        c.Compare("correlate specials", Tolerance.Exact,
            [[0.1f, 1, float.NaN, 1, 0.1f, 2, 1, float.PositiveInfinity, 0.1f, 3, 1, 2], [1, 5, 7, 1, 2, 5, 7, 2, 3, 5, 7, 3]], [new float[4]],
            (d, x, y) => d.CorrelateColumns(x[0], x[1], 3, 4, y[0]));
    }
}
