using Gim.Bench.Harness;
using Gim.Kernels.Devices;
using Gim.Kernels.Sequences;

namespace Gim.Bench;

/// <summary>
/// Every operation in the shapes that Gim uses: a step of 4 x 1,024 tokens through a model of 256 columns and 4 heads with
/// a band of 32, the published model's windows of 64 tokens, a vocabulary of 50,257, and ridge regression on 33,876 rows.
/// </summary>
internal static class KernelCases
{
    private const int Tokens = 4096, Length = 1024, Columns = 256, Hidden = 4 * Columns, Vocabulary = 50_257;

    private const int Float = sizeof(float);

    public static IReadOnlyList<KernelCase> All { get; } =
    [
        .. Elementwise(), .. Rows(), .. Products(), .. Attentions(), .. Pairs(), .. Vocabularies(), .. Learning(), .. Regression(),
    ];

    private static IEnumerable<KernelCase> Elementwise()
    {
        const int n = 16 << 20;
        yield return new("add", $"{n}", Bound.ReadAndWrite, 3.0 * n * Float, (d, o) =>
        {
            DeviceBuffer<float> a = o.Floats(n), b = o.Floats(n), to = o.Empty(n);
            return () => d.Add(a, b, to);
        });
        yield return new("scale", $"{n}", Bound.ReadAndWrite, 2.0 * n * Float, (d, o) =>
        {
            DeviceBuffer<float> a = o.Floats(n), to = o.Empty(n);
            return () => d.Scale(a, 1.5f, to);
        });
        yield return new("gelu", $"{Tokens} x {Hidden}", Bound.ReadAndWrite, 2.0 * Tokens * Hidden * Float, (d, o) =>
        {
            DeviceBuffer<float> a = o.Floats(Tokens * Hidden, 3), to = o.Empty(Tokens * Hidden);
            return () => d.Gelu(a, to);
        });
        yield return new("gelu backward", $"{Tokens} x {Hidden}", Bound.ReadAndWrite, 3.0 * Tokens * Hidden * Float, (d, o) =>
        {
            DeviceBuffer<float> a = o.Floats(Tokens * Hidden, 3), up = o.Floats(Tokens * Hidden), to = o.Empty(Tokens * Hidden);
            return () => d.GeluBackward(a, up, to);
        });
    }

    private static IEnumerable<KernelCase> Rows()
    {
        const int n = Tokens * Columns;
        yield return new("layer norm", $"{Tokens} x {Columns}", Bound.ReadAndWrite, 2.0 * n * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(n), gain = o.Floats(Columns), to = o.Empty(n), mean = o.Empty(Tokens), inverse = o.Empty(Tokens);
            return () => d.LayerNorm(x, gain, gain, Tokens, Columns, to, mean, inverse);
        });
        yield return new("layer norm backward", $"{Tokens} x {Columns}", Bound.ReadAndWrite, 5.0 * n * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(n), gain = o.Floats(Columns), up = o.Floats(n), to = o.Empty(n), mean = o.Empty(Tokens), inverse = o.Floats(Tokens);
            DeviceBuffer<float> ofGain = o.Empty(Columns), ofBias = o.Empty(Columns);
            return () => d.LayerNormBackward(x, gain, mean, inverse, up, Tokens, Columns, to, ofGain, ofBias);
        });
        foreach ((string name, Action<Device, DeviceView<float>, DeviceView<float>> call) in ((string, Action<Device, DeviceView<float>, DeviceView<float>>)[])
            [
                ("softmax", (d, x, y) => d.Softmax(x, Tokens, Hidden, y)),
                ("log-softmax", (d, x, y) => d.LogSoftmax(x, Tokens, Hidden, y)),
                ("normalize rows", (d, x, y) => d.NormalizeRows(x, Tokens, Hidden, y)),
            ])
        {
            yield return new(name, $"{Tokens} x {Hidden}", Bound.ReadAndWrite, 2.0 * Tokens * Hidden * Float, (d, o) =>
            {
                DeviceBuffer<float> x = o.Floats(Tokens * Hidden, 3), to = o.Empty(Tokens * Hidden);
                return () => call(d, x, to);
            });
        }
        foreach ((string name, Action<Device, DeviceView<float>, DeviceView<float>, DeviceView<float>> call) in ((string, Action<Device, DeviceView<float>, DeviceView<float>, DeviceView<float>>)[])
            [
                ("softmax backward", (d, x, up, y) => d.SoftmaxBackward(x, up, Tokens, Hidden, y)),
                ("log-softmax backward", (d, x, up, y) => d.LogSoftmaxBackward(x, up, Tokens, Hidden, y)),
                ("normalize rows backward", (d, x, up, y) => d.NormalizeRowsBackward(x, up, Tokens, Hidden, y)),
            ])
        {
            yield return new(name, $"{Tokens} x {Hidden}", Bound.ReadAndWrite, 3.0 * Tokens * Hidden * Float, (d, o) =>
            {
                DeviceBuffer<float> x = o.Floats(Tokens * Hidden), up = o.Floats(Tokens * Hidden), to = o.Empty(Tokens * Hidden);
                return () => call(d, x, up, to);
            });
        }
        yield return new("sum rows", $"{Tokens} x {Hidden}", Bound.Read, 1.0 * Tokens * Hidden * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(Tokens * Hidden), to = o.Empty(Hidden);
            return () => d.SumRows(x, Tokens, Hidden, to);
        });
    }

    private static IEnumerable<KernelCase> Products()
    {
        (int M, int N, int K, bool TransposeA, bool TransposeB, bool Epilogue, string Remark)[] shapes =
        [
            (Tokens, 3 * Columns, Columns, false, false, false, ""), (Tokens, Hidden, Columns, false, false, true, ", bias and GELU"), (Tokens, Columns, Hidden, false, false, false, ""),
            (Columns, Hidden, Tokens, true, false, false, " (A^T)"), (Tokens, Columns, Hidden, false, true, false, " (B^T)"), (4096, 3072, 768, false, false, true, ", bias and GELU"),
            (64, Vocabulary, Columns, false, true, false, " (B^T)"), (16_384, 32, 768, false, false, false, ""),
        ];
        foreach ((int m, int n, int k, bool transposeA, bool transposeB, bool epilogue, string remark) in shapes)
        {
            yield return new("multiply", $"{m}, {n}, {k}{remark}", Bound.Compute, 2.0 * m * n * k, (d, o) =>
            {
                DeviceBuffer<float> a = o.Floats(m * k), b = o.Floats(k * n), c = o.Empty(m * n), bias = o.Floats(n);
                var shape = new ProductShape(m, n, k) { TransposeA = transposeA, TransposeB = transposeB, Gelu = epilogue };
                return epilogue ? () => d.Multiply(a, b, shape, c, bias) : () => d.Multiply(a, b, shape, c);
            });
        }
        yield return new("multiply", $"1, {Vocabulary}, 768 (B^T)", Bound.Read, 1.0 * Vocabulary * 768 * Float, (d, o) =>
        {
            DeviceBuffer<float> a = o.Floats(768), b = o.Floats(Vocabulary * 768), c = o.Empty(Vocabulary);
            return () => d.Multiply(a, b, new ProductShape(1, Vocabulary, 768) { TransposeB = true }, c);
        });
        yield return new("multiply batch", "512 of 64, 64, 64", Bound.Compute, 512 * 2.0 * 64 * 64 * 64, (d, o) =>
        {
            const int count = 512, one = 64 * 64;
            DeviceBuffer<float> a = o.Floats(count * one), b = o.Floats(count * one), c = o.Empty(count * one);
            return () => d.MultiplyBatch(a, b, ProductBatch.Contiguous(count, new ProductShape(64, 64, 64)), c);
        });
        yield return new("gather rows", $"{Tokens} of {Vocabulary} x {Columns}", Bound.ReadAndWrite, 2.0 * Tokens * Columns * Float, (d, o) =>
        {
            DeviceBuffer<float> table = o.Floats(Vocabulary * Columns), to = o.Empty(Tokens * Columns);
            DeviceBuffer<int> tokens = o.Tokens(Tokens, Vocabulary);
            return () => d.GatherRows(table, tokens, Vocabulary, Columns, to);
        });
        yield return new("scatter-add rows", $"{Tokens} to {Vocabulary} x {Columns}", Bound.ReadAndWrite, 3.0 * Tokens * Columns * Float, (d, o) =>
        {
            DeviceBuffer<float> table = o.Empty(Vocabulary * Columns), rows = o.Floats(Tokens * Columns);
            DeviceBuffer<int> tokens = o.Tokens(Tokens, Vocabulary);
            return () => d.ScatterAddRows(rows, tokens, Vocabulary, Columns, table);
        });
    }

    private static IEnumerable<KernelCase> Attentions()
    {
        (string Name, AttentionShape Shape, bool Relative)[] shapes =
        [
            ("band of 32, bias", new(4, Length, 4, Columns / 4) { Window = 32 }, false), ("band of 32, relative keys and values", new(64, 64, 12, 64) { Window = 32 }, true),
            ("all earlier", new(64, 64, 12, 64), false),
        ];
        foreach ((string name, AttentionShape shape, bool relative) in shapes)
        {
            int rows = shape.Sequences * shape.Length;
            // Pairs that see each other; two products of a head's columns for each, and five in the gradient.
            double seen = Enumerable.Range(1, shape.Length).Sum(i => (double)Math.Min(i, shape.Distances)) * shape.Sequences * shape.Heads;
            string text = $"{shape.Sequences} x {shape.Length}, {shape.Heads} heads of {shape.HeadSize}, {name}";
            AttentionTerms Terms(KernelOperands o) => relative
                ? new AttentionTerms { RelativeKeys = o.Floats(shape.Distances * shape.HeadSize), RelativeValues = o.Floats(shape.Distances * shape.HeadSize) }
                : new AttentionTerms { Bias = o.Floats(shape.Heads * shape.Distances) };
            yield return new("attention", text, Bound.Compute, seen * shape.HeadSize * 4, (d, o) =>
            {
                DeviceBuffer<float> x = o.Floats(rows * 3 * shape.Columns), to = o.Empty(rows * shape.Columns), sums = o.Empty(rows * shape.Heads);
                AttentionTerms terms = Terms(o);
                return () => d.Attention(x, shape, terms, to, sums);
            });
            yield return new("attention backward", text, Bound.Compute, seen * shape.HeadSize * 10, (d, o) =>
            {
                DeviceBuffer<float> x = o.Floats(rows * 3 * shape.Columns), to = o.Empty(rows * shape.Columns), sums = o.Empty(rows * shape.Heads);
                DeviceBuffer<float> up = o.Floats(rows * shape.Columns), gradient = o.Empty(rows * 3 * shape.Columns);
                AttentionTerms terms = Terms(o), ofTerms = Terms(o);
                d.Attention(x, shape, terms, to, sums);
                return () => d.AttentionBackward(x, shape, terms, to, sums, up, gradient, ofTerms);
            });
        }
    }

    private static IEnumerable<KernelCase> Pairs()
    {
        yield return new("similarity weights", $"{Length} x {Length} x {Columns}", Bound.Compute, 2.0 * Length * Length * Columns, (d, o) =>
        {
            DeviceBuffer<float> rows = o.Unit(Length, Columns), to = o.Empty(Length * Length);
            return () => d.SimilarityWeights(rows, rows, Length, Length, Columns, 0, 14, to);
        });
        const int keys = 200_000;
        yield return new("similarity weights", $"1 x {keys} x {Columns}", Bound.Read, 1.0 * keys * Columns * Float, (d, o) =>
        {
            DeviceBuffer<float> query = o.Unit(1, Columns), rows = o.Unit(keys, Columns), to = o.Empty(keys);
            return () => d.SimilarityWeights(query, rows, 1, keys, Columns, keys, 14, to);
        });
        // Half of all pairs; a product for the cosines and two for the gradient.
        yield return new("retrieval likelihood", $"4 x {Length} x {Columns}, with gradient", Bound.Compute, 4.0 * Length * Length / 2 * Columns * 2 * 3, (d, o) =>
        {
            DeviceBuffer<float> rows = o.Unit(Tokens, Columns), losses = o.Empty(Tokens), gradient = o.Empty(Tokens * Columns), beta = o.Floats(1), ofBeta = o.Empty(1);
            DeviceBuffer<int> next = o.Tokens(Tokens, Vocabulary);
            var shape = new RetrievalShape(4, Length, Columns, 64);
            beta.Upload([10f]);
            return () => d.RetrievalLikelihood(rows, next, shape, beta, 1e-3f, losses, gradient, ofBeta);
        });
        yield return new("sum segments", $"64 x {Length}, by token", Bound.ReadAndWrite, 2.0 * 64 * Length * Float, (d, o) =>
        {
            int[] tokens = o.Tokens(Length, Vocabulary).ToArray();
            Segments segments = Segments.Of(tokens);
            DeviceBuffer<float> weights = o.Floats(64 * Length), to = o.Empty(64 * segments.Values.Length);
            DeviceBuffer<int> order = o.Ints(segments.Order), starts = o.Ints(segments.Starts);
            return () => d.SumSegments(weights, order, starts, 64, Length, to);
        });
    }

    private static IEnumerable<KernelCase> Vocabularies()
    {
        const int rows = 64;
        yield return new("top-k", $"10 of {rows} x {Vocabulary}", Bound.Read, 1.0 * rows * Vocabulary * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(rows * Vocabulary), values = o.Empty(rows * 10);
            DeviceBuffer<int> indexes = o.EmptyInts(rows * 10);
            return () => d.TopK(x, rows, Vocabulary, 10, values, indexes);
        });
        yield return new("cross-entropy", $"{rows} x {Vocabulary}, with gradient", Bound.ReadAndWrite, 2.0 * rows * Vocabulary * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(rows * Vocabulary), losses = o.Empty(rows), gradient = o.Empty(rows * Vocabulary);
            DeviceBuffer<int> targets = o.Tokens(rows, Vocabulary);
            return () => d.CrossEntropy(x, targets, rows, Vocabulary, 1f / rows, losses, gradient);
        });
    }

    private static IEnumerable<KernelCase> Learning()
    {
        const int n = Vocabulary * Columns;
        yield return new("AdamW", $"{n}", Bound.ReadAndWrite, 7.0 * n * Float, (d, o) =>
        {
            DeviceBuffer<float> parameters = o.Floats(n), gradient = o.Floats(n), first = o.Empty(n), second = o.Empty(n);
            var step = new AdamWStep { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.98f, Epsilon = 1e-8f, Step = 10 };
            return () => d.AdamW(parameters, gradient, first, second, step);
        });
        yield return new("sum of squares", $"{n}", Bound.Read, 1.0 * n * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(n), to = o.Empty(1);
            return () => d.AddSumOfSquares(x, to);
        });
    }

    private static IEnumerable<KernelCase> Regression()
    {
        const int rows = 33_876, features = 344, targets = 200;
        yield return new("gram", $"{rows} x {features}", Bound.Compute, 1.0 * rows * features * features, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(rows * features), to = o.Empty(features * features);
            return () => d.AddGram(x, rows, features, to);
        });
        yield return new("standardize columns", $"{rows} x {features}", Bound.ReadAndWrite, 2.0 * rows * features * Float, (d, o) =>
        {
            DeviceBuffer<float> x = o.Floats(rows * features), to = o.Empty(rows * features), mean = o.Empty(features), deviation = o.Empty(features);
            return () => d.StandardizeColumns(x, rows, features, to, mean, deviation);
        });
        yield return new("correlate columns", $"{rows} x {targets}", Bound.Read, 2.0 * rows * targets * Float, (d, o) =>
        {
            DeviceBuffer<float> a = o.Floats(rows * targets), b = o.Floats(rows * targets), to = o.Empty(targets);
            return () => d.CorrelateColumns(a, b, rows, targets, to);
        });
    }
}
