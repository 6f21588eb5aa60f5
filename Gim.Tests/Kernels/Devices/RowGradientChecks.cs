namespace Gim.Tests.Kernels.Devices;

internal static class RowGradientChecks
{
    public static void Softmax(Comparison c)
    {
        foreach ((int rows, int columns) in c.Matrices)
        {
            // Of probabilities near 1/columns; the error is theirs times that of a dot product near 1.
            var tolerance = new Tolerance(4e-6 / Math.Max(1, columns), 2e-6);
            float[] probabilities = Probabilities(c, rows * columns, columns);
            c.Compare($"softmax backward {rows} x {columns}", tolerance, [probabilities, c.Normal(rows * columns)], [c.Normal(rows * columns)],
                (d, x, y) => d.SoftmaxBackward(x[0], x[1], rows, columns, y[0]));
        }
        var small = new Tolerance(1e-7, 2e-6);
        c.Compare("softmax backward over the result", small, [c.Normal(3 * 129)], [Probabilities(c, 3 * 129, 129)], (d, x, y) => d.SoftmaxBackward(y[0], x[0], 3, 129, y[0]));
        c.Compare("softmax backward over upstream", small, [Probabilities(c, 3 * 129, 129)], [c.Normal(3 * 129)], (d, x, y) => d.SoftmaxBackward(x[0], y[0], 3, 129, y[0]));
        c.Compare("softmax backward of NaN", small, [[0.5f, 0.5f, float.NaN, 0, 1, 0], [1, float.NaN, 1, 1, 2, 3]], [new float[6]], (d, x, y) => d.SoftmaxBackward(x[0], x[1], 3, 2, y[0]));
    }

    public static void LogSoftmax(Comparison c)
    {
        foreach ((int rows, int columns) in c.Matrices)
        {
            // A sum of as many terms of both signs as there are columns: its error grows like its size, the root of them.
            var tolerance = new Tolerance(1e-6 * Math.Sqrt(Math.Max(1, columns)), 2e-6);
            c.Compare($"log-softmax backward {rows} x {columns}", tolerance, [LogProbabilities(c, rows * columns), c.Normal(rows * columns)], [c.Normal(rows * columns)],
                (d, x, y) => d.LogSoftmaxBackward(x[0], x[1], rows, columns, y[0]));
        }
        var small = new Tolerance(1e-5, 2e-6);
        c.Compare("log-softmax backward over the result", small, [c.Normal(3 * 129)], [LogProbabilities(c, 3 * 129)], (d, x, y) => d.LogSoftmaxBackward(y[0], x[0], 3, 129, y[0]));
        c.Compare("log-softmax backward over upstream", small, [LogProbabilities(c, 3 * 129)], [c.Normal(3 * 129)], (d, x, y) => d.LogSoftmaxBackward(x[0], y[0], 3, 129, y[0]));
        c.Compare("log-softmax backward specials", small, [[float.NegativeInfinity, 0, -1, -2, float.NaN, -1], [1, 2, 3, float.NaN, 1, 1]], [new float[6]],
            (d, x, y) => d.LogSoftmaxBackward(x[0], x[1], 3, 2, y[0]));
    }

    public static void NormalizeRows(Comparison c)
    {
        foreach ((int rows, int columns) in c.Matrices)
        {
            // Distances from the row's direction, divided by its length, here 5 times the root of the columns.
            var tolerance = new Tolerance(4e-6 / Math.Sqrt(Math.Max(1, columns)), 4e-6);
            c.Compare($"normalize rows backward {rows} x {columns}", tolerance, [c.Normal(rows * columns, 5), c.Normal(rows * columns)], [c.Normal(rows * columns)],
                (d, x, y) => d.NormalizeRowsBackward(x[0], x[1], rows, columns, y[0]));
        }
        var small = new Tolerance(1e-6, 4e-6);
        c.Compare("normalize rows backward over the source", small, [c.Normal(3 * 129)], [c.Normal(3 * 129)], (d, x, y) => d.NormalizeRowsBackward(y[0], x[0], 3, 129, y[0]));
        c.Compare("normalize rows backward over upstream", small, [c.Normal(3 * 129)], [c.Normal(3 * 129)], (d, x, y) => d.NormalizeRowsBackward(x[0], y[0], 3, 129, y[0]));
        // Zeros, a length of 1e-15 whose third power is beyond float32, and NaN.
        c.Compare("normalize rows backward specials", new Tolerance(1e-6, 1e-5), [[0, 0, 0, 1e-15f, 0, 0, 1, float.NaN, 2], [1, float.NaN, 3, 1, 2, 3, 1, 2, 3]], [new float[9]],
            (d, x, y) => d.NormalizeRowsBackward(x[0], x[1], 3, 3, y[0]));
    }

    private static float[] Probabilities(Comparison c, int count, int columns) => [.. c.Normal(count).Select(x => Math.Abs(x) / columns)];

    private static float[] LogProbabilities(Comparison c, int count) => [.. c.Normal(count, 3).Select(x => -Math.Abs(x))];
}
