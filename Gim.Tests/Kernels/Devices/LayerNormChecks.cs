using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class LayerNormChecks
{
    public static void Forward(Comparison c)
    {
        // Two sums over a row in float32 where the reference has double, then values of size 5.
        var tolerance = new Tolerance(2e-6, 4e-6);
        foreach ((int rows, int columns) in c.Matrices)
        {
            int count = rows * columns;
            float[] shifted = [.. c.Normal(count).Select(x => x + 3)];
            c.Compare($"layer norm {rows} x {columns}", tolerance, [shifted, c.Normal(columns), c.Normal(columns)], [c.Normal(count), c.Normal(rows), c.Normal(rows)],
                (d, x, y) => d.LayerNorm(x[0], x[1], x[2], rows, columns, y[0], y[1], y[2]));
        }
        // A mean that is off by a rounding of a large sum would show in every value, and 316-fold where the variance is zero.
        foreach ((float middle, float spread, int columns) in ((float, float, int)[])[(12345.678f, 0, 1024), (1000.1f, 0, 768), (0.1f, 0, 50_257), (1e6f, 1, 50_257), (1000, 1, 768)])
        {
            if (c.Kind == DeviceKind.IlgpuCpu) continue;
            float[] row = [.. c.Normal(columns, spread).Select(x => x + middle)], ones = [.. Enumerable.Repeat(1f, columns)];
            // Of the mean itself the relative part is allowed; what it is off by must not be seen in the values around 0.
            c.Compare($"layer norm of {columns} around {middle}", new Tolerance(3e-5, 1e-5), [row, ones, new float[columns]], [new float[columns], new float[1], new float[1]],
                (d, x, y) => d.LayerNorm(x[0], x[1], x[2], 1, columns, y[0], y[1], y[2]));
        }
        // A row of equal values has variance zero: the epsilon's row, where s is 316.
        c.Compare("layer norm of equals and NaN", tolerance, [[2, 2, 2, 1, float.NaN, 2], [1, 2, 3], [4, 5, 6]], [new float[6], new float[2], new float[2]],
            (d, x, y) => d.LayerNorm(x[0], x[1], x[2], 2, 3, y[0], y[1], y[2]));
    }

    public static void Backward(Comparison c)
    {
        foreach ((int rows, int columns) in c.Matrices)
        {
            // A parameter's gradient is a sum of as many terms as there are rows, each of size up to 20.
            var tolerance = new Tolerance(5e-6 * Math.Max(1, Math.Sqrt(rows)), 1e-5);
            int count = rows * columns;
            float[] inverse = [.. c.Normal(rows).Select(x => 0.5f + Math.Abs(x))];
            c.Compare($"layer norm backward {rows} x {columns}", tolerance,
                [c.Normal(count), c.Normal(columns), c.Normal(rows, 0.1), inverse, c.Normal(count)], [c.Normal(count), c.Normal(columns), c.Normal(columns)],
                (d, x, y) => d.LayerNormBackward(x[0], x[1], x[2], x[3], x[4], rows, columns, y[0], y[1], y[2]));
        }
    }
}
