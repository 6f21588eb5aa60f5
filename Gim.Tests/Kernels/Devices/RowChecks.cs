namespace Gim.Tests.Kernels.Devices;

internal static class RowChecks
{
    public static void Softmax(Comparison c)
    {
        // exp of an argument of size a is off by a · 2^-24, here up to 40; sums of positive terms stay near that.
        var tolerance = new Tolerance(1e-7, 1e-5);
        foreach ((int rows, int columns) in c.Matrices)
            c.Compare($"softmax {rows} x {columns}", tolerance, [c.Normal(rows * columns, 5)], [c.Normal(rows * columns)], (d, x, y) => d.Softmax(x[0], rows, columns, y[0]));
        c.Compare("softmax in place", tolerance, [], [c.Normal(3 * 129)], (d, x, y) => d.Softmax(y[0], 3, 129, y[0]));

        const float infinity = float.PositiveInfinity;
        c.Compare("softmax specials", tolerance,
            [[1, -infinity, 2, -infinity, -infinity, -infinity, infinity, 1, 2, 1, float.NaN, 2, 1e38f, -1e38f, 1e38f]], [new float[15]],
            (d, x, y) => d.Softmax(x[0], 5, 3, y[0]));
    }

    public static void LogSoftmax(Comparison c)
    {
        // Half an ulp of a distance of up to 45, and of the logarithm of the sum.
        var tolerance = new Tolerance(4e-6, 4e-7);
        foreach ((int rows, int columns) in c.Matrices)
            c.Compare($"log-softmax {rows} x {columns}", tolerance, [c.Normal(rows * columns, 5)], [c.Normal(rows * columns)], (d, x, y) => d.LogSoftmax(x[0], rows, columns, y[0]));
        c.Compare("log-softmax in place", tolerance, [], [c.Normal(3 * 129)], (d, x, y) => d.LogSoftmax(y[0], 3, 129, y[0]));

        const float infinity = float.PositiveInfinity;
        c.Compare("log-softmax specials", tolerance,
            [[1, -infinity, 2, -infinity, -infinity, -infinity, infinity, 1, 2, 1, float.NaN, 2, 1e38f, -1e38f, 1e38f]], [new float[15]],
            (d, x, y) => d.LogSoftmax(x[0], 5, 3, y[0]));
    }

    public static void NormalizeRows(Comparison c)
    {
        // A sum of n squares in any order of vectors or trees, and a root: below 10 ulp at these sizes.
        var tolerance = new Tolerance(1e-7, 2e-6);
        foreach ((int rows, int columns) in c.Matrices)
            c.Compare($"normalize {rows} x {columns}", tolerance, [c.Normal(rows * columns, 5)], [c.Normal(rows * columns)], (d, x, y) => d.NormalizeRows(x[0], rows, columns, y[0]));
        c.Compare("normalize in place", tolerance, [], [c.Normal(3 * 129)], (d, x, y) => d.NormalizeRows(y[0], 3, 129, y[0]));
        c.Compare("normalize specials", tolerance, [[0, 0, 0, 1e-30f, 0, 1e-30f, 1, float.NaN, 2]], [new float[9]], (d, x, y) => d.NormalizeRows(x[0], 3, 3, y[0]));
        c.Compare("normalize extremes", tolerance, [[1e30f, -2e30f, 3e38f, 3e-36f, 1e-37f, -2e-36f, 1, float.PositiveInfinity, 2, 0, float.NegativeInfinity, 0]], [new float[12]],
            (d, x, y) => d.NormalizeRows(x[0], 4, 3, y[0]));
    }
}
