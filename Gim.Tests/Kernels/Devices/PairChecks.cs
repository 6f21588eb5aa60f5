using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>Operations on pairs of contexts.</summary>
internal static class PairChecks
{
    public static void Similarity(Comparison c)
    {
        foreach ((int queries, int keys, int columns, int first) in c.Kind == DeviceKind.IlgpuCpu
            ? [(0, 3, 2, 0), (1, 1, 1, 0), (3, 5, 2, 1)]
            : ((int, int, int, int)[])[(0, 3, 2, 0), (3, 0, 2, 0), (3, 4, 0, 9), (1, 1, 1, 0), (1, 1, 1, 1), (5, 7, 3, 1), (33, 65, 64, 32), (1, 10_001, 128, 10_000), (100, 100, 17, 0), (31, 100, 48, int.MaxValue)])
        {
            // A cosine is off by some ulp of 1, the exponent by 14 times that.
            var tolerance = new Tolerance(1e-7, 1e-5);
            c.Compare($"similarity {queries} x {keys} x {columns} from {first}", tolerance, [Unit(c, queries, columns), Unit(c, keys, columns)], [c.Normal(queries * keys)],
                (d, x, y) => d.SimilarityWeights(x[0], x[1], queries, keys, columns, first, 14, y[0]));
        }
        c.Compare("similarity with NaN", new Tolerance(1e-7, 1e-5), [[1, 0, 0, 1], [1, 0, float.NaN, 0]], [new float[4]],
            (d, x, y) => d.SimilarityWeights(x[0], x[1], 2, 2, 2, 1, 10, y[0]));
    }

    public static void Retrieval(Comparison c)
    {
        foreach ((RetrievalShape shape, int vocabulary, float beta) in c.Kind == DeviceKind.IlgpuCpu
            ? [(new(0, 3, 2, 0), 2, 10), (new(1, 1, 1, 0), 1, 10), (new(2, 5, 3, 1), 2, 10)]
            : ((RetrievalShape, int, float)[])
            [
                (new(0, 3, 2, 0), 2, 10), (new(2, 0, 2, 0), 2, 10), (new(2, 5, 0, 0), 2, 10), (new(1, 1, 1, 0), 1, 10), (new(1, 2, 1, 0), 1, 10), (new(2, 5, 3, 1), 2, 10),
                (new(1, 63, 7, 5), 4, 3), (new(3, 64, 16, 0), 8, 10), (new(2, 65, 33, 64), 3, 10), (new(1, 300, 32, 20), 20, 14), (new(2, 600, 8, 64), 40, 200), (new(2, 90, 16, 200), 4, 10),
            ])
        {
            int positions = shape.Sequences * shape.Length;
            int[] next = c.Integers(positions, -1, vocabulary - 1);
            float scale = 1f / Math.Max(1, shape.CountAnswerable(next));
            // Losses are differences of logarithms of size up to 2β; slopes sum to 0 over the keys of a query, so that errors are
            // those of terms of size β · scale.
            var tolerance = new Tolerance(1e-5 * beta, 1e-4);
            float[] embeddings = Unit(c, positions, shape.Columns);
            c.Compare($"{shape}, vocabulary {vocabulary}", tolerance, [embeddings, [beta]], [c.Normal(positions), c.Normal(embeddings.Length), c.Normal(1)], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload(next);
                d.RetrievalLikelihood(x[0], held, shape, x[1], scale, y[0], y[1], y[2]);
            });
            c.Compare($"{shape}, losses only", tolerance, [embeddings, [beta]], [c.Normal(positions)], (d, x, y) =>
            {
                using DeviceBuffer<int> held = d.Upload(next);
                d.RetrievalLikelihood(x[0], held, shape, x[1], scale, y[0]);
            });
        }
    }

    /// <summary>Rows of length 1.</summary>
    private static float[] Unit(Comparison c, int rows, int columns)
    {
        float[] values = c.Normal(rows * columns);
        for (int r = 0; r < rows; r++)
        {
            Span<float> row = values.AsSpan(r * columns, columns);
            float squares = 0;
            foreach (float value in row) squares += value * value;
            foreach (ref float value in row) value /= MathF.Sqrt(squares);
        }
        return values;
    }
}
