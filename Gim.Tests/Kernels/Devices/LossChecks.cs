using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class LossChecks
{
    public static void CrossEntropy(Comparison c)
    {
        // A loss is a distance of up to 45 with half an ulp, and a logarithm; a gradient a probability of at most 1, less 1.
        var tolerance = new Tolerance(4e-6, 1e-5);
        foreach ((int rows, int columns) in c.Matrices)
        {
            // Some rows are left out, some have a target that is no column.
            int[] targets = c.Integers(rows, -2, columns + 1);
            float[] logits = c.Normal(rows * columns, 5);
            c.Compare($"cross-entropy {rows} x {columns}", tolerance, [logits], [c.Normal(rows), c.Normal(rows * columns)], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload(targets);
                d.CrossEntropy(x[0], held, rows, columns, 0.7f, y[0], y[1]);
            });
            c.Compare($"cross-entropy {rows} x {columns}, loss only", tolerance, [logits], [c.Normal(rows)], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload(targets);
                d.CrossEntropy(x[0], held, rows, columns, 0.7f, y[0]);
            });
        }
        c.Compare("cross-entropy in place", tolerance, [], [new float[3], c.Normal(3 * 129)], (d, x, y) =>
        {
            using DeviceBuffer<int> held = d.Upload([128, -1, 0]);
            d.CrossEntropy(y[1], held, 3, 129, 1, y[0], y[1]);
        });
        const float infinity = float.PositiveInfinity;
        c.Compare("cross-entropy specials", tolerance,
            [[1, -infinity, -infinity, 2, -infinity, -infinity, infinity, 1, 1, float.NaN, float.NaN, 1, 1, 2]], [new float[7], new float[14]], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload([0, 0, 0, 0, 0, -1, int.MinValue]);
                d.CrossEntropy(x[0], held, 7, 2, 1, y[0], y[1]);
            });
    }
}
