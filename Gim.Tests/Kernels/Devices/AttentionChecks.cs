using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class AttentionChecks
{
    [Flags]
    private enum Terms
    {
        None = 0,
        Keys = 1,
        Values = 2,
        Bias = 4,
        All = Keys | Values | Bias,
    }

    public static void Forward(Comparison c)
    {
        // Scores are sums of up to 128 products of size 1 or 2, results means of values of size 1 or 2 under exp of those scores.
        var tolerance = new Tolerance(6e-6, 1e-5);
        foreach ((AttentionShape shape, Terms terms) in Cases(c.Kind))
        {
            int queries = shape.Sequences * shape.Queries;
            c.Compare($"{shape}, terms {terms}", tolerance, Inputs(c, shape, terms), [c.Normal(queries * shape.Columns), c.Normal(queries * shape.Heads)],
                (d, x, y) => d.Attention(x[0], shape, Given(x, terms), y[0], y[1]));
        }
        foreach (float special in (float[])[float.NaN, float.NegativeInfinity, float.PositiveInfinity])
            Specials(c, special, tolerance);
    }

    /// <summary>One query sees nothing, or a bias is special; the others keep their results.</summary>
    private static void Specials(Comparison c, float special, Tolerance tolerance)
    {
        var shape = new AttentionShape(1, 5, 2, 3) { Window = 3 };
        float[] rows = c.Normal(5 * 3 * 6), bias = [special, 0, 0, special, special, special];
        c.Compare($"attention with bias {special}", tolerance, [rows, bias], [new float[30], new float[10]],
            (d, x, y) => d.Attention(x[0], shape, new AttentionTerms { Bias = x[1] }, y[0], y[1]));
        float[] changed = [.. rows];
        changed[1 * 18 + 2 * 6] = special; // a value of position 1, which position 4 does not see
        if (float.IsNaN(special))
        {
            c.Compare("attention with a value that is NaN", tolerance, [changed], [new float[30], new float[10]],
                (d, x, y) => d.Attention(x[0], shape, default, y[0], y[1]));
        }
    }

    public static void Backward(Comparison c)
    {
        foreach ((AttentionShape shape, Terms terms) in Cases(c.Kind))
        {
            if (shape.FirstQuery > 0) continue;
            // A term's gradient is a sum over all queries that see its distance, each of size up to 10.
            int rows = shape.Sequences * shape.Length, count = rows * shape.Columns;
            var tolerance = new Tolerance(1e-5 * Math.Max(1, Math.Sqrt(rows * shape.Heads) / 4), 2e-5);
            float[][] inputs = Inputs(c, shape, terms);
            (float[] result, float[] logSumExp) = ForwardOnReference(shape, terms, inputs);
            c.Compare($"backward of {shape}, terms {terms}", tolerance, [.. inputs, result, logSumExp, c.Normal(count)],
                [c.Normal(3 * count), c.Normal(inputs[1].Length), c.Normal(inputs[2].Length), c.Normal(inputs[3].Length)],
                (d, x, y) => d.AttentionBackward(x[0], shape, Given(x, terms), x[4], x[5], x[6], y[0], Given(y, terms)));
        }
    }

    private static (float[] Result, float[] LogSumExp) ForwardOnReference(AttentionShape shape, Terms terms, float[][] inputs)
    {
        Device d = TestDevices.Get("reference");
        using DeviceBuffer<float> rows = d.Upload(inputs[0]), keys = d.Upload(inputs[1]), values = d.Upload(inputs[2]), bias = d.Upload(inputs[3]);
        using DeviceBuffer<float> result = d.AllocateFloats(inputs[0].Length / 3), logSumExp = d.AllocateFloats(shape.Sequences * shape.Length * shape.Heads);
        d.Attention(rows, shape, Given([rows, keys, values, bias], terms), result, logSumExp);
        return (result.ToArray(), logSumExp.ToArray());
    }

    private static AttentionTerms Given(DeviceView<float>[] operands, Terms terms) => new()
    {
        RelativeKeys = terms.HasFlag(Terms.Keys) ? operands[1] : default,
        RelativeValues = terms.HasFlag(Terms.Values) ? operands[2] : default,
        Bias = terms.HasFlag(Terms.Bias) ? operands[3] : default,
    };

    private static float[][] Inputs(Comparison c, AttentionShape shape, Terms terms) =>
    [
        c.Normal(shape.Sequences * shape.Length * 3 * shape.Columns),
        c.Normal(terms.HasFlag(Terms.Keys) ? shape.Distances * shape.HeadSize : 0),
        c.Normal(terms.HasFlag(Terms.Values) ? shape.Distances * shape.HeadSize : 0),
        c.Normal(terms.HasFlag(Terms.Bias) ? shape.Heads * shape.Distances : 0),
    ];

    /// <summary>Around the 16 x 16 tiles of kernels, the blocks of 32 queries, bands narrower and wider than either.</summary>
    private static (AttentionShape Shape, Terms Terms)[] Cases(DeviceKind kind) => kind switch
    {
        DeviceKind.IlgpuCpu =>
        [
            (new(0, 3, 2, 4), Terms.None), (new(1, 1, 1, 1), Terms.All), (new(1, 18, 1, 2) { Window = 3 }, Terms.All), (new(2, 3, 2, 5), Terms.Bias),
            (new(1, 19, 1, 3) { Window = 2, FirstQuery = 17 }, Terms.None),
        ],
        _ =>
        [
            (new(0, 3, 2, 4), Terms.None), (new(2, 0, 2, 4), Terms.All), (new(2, 3, 0, 4), Terms.None), (new(2, 3, 2, 0), Terms.None),
            (new(1, 1, 1, 1), Terms.None), (new(1, 1, 1, 1) { Window = 5 }, Terms.All), (new(2, 3, 2, 5), Terms.All), (new(1, 17, 1, 16) { Window = 1 }, Terms.All),
            (new(3, 16, 2, 15) { Window = 16 }, Terms.Keys), (new(2, 31, 3, 17) { Window = 7 }, Terms.Values), (new(2, 33, 2, 32) { Window = 32 }, Terms.Bias),
            (new(1, 65, 2, 33) { Window = 33 }, Terms.All), (new(2, 64, 3, 64), Terms.None), (new(1, 130, 2, 128) { Window = 100 }, Terms.All),
            (new(2, 70, 2, 8) { Window = 200 }, Terms.All), (new(1, 257, 1, 31) { Window = 64 }, Terms.Bias), (new(2, 300, 2, 24), Terms.Keys | Terms.Bias),
            (new(2, 33, 2, 16) { Window = 9, FirstQuery = 32 }, Terms.All), (new(1, 50, 2, 16) { FirstQuery = 50 }, Terms.All), (new(2, 90, 1, 20) { FirstQuery = 41 }, Terms.Bias),
        ],
    };
}
