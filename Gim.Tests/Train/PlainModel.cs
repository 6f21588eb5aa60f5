using Gim.Similarity;
using Gim.Train;

namespace Gim.Tests.Train;

/// <summary>
/// The model with a band and its loss, in double precision and plain loops: every pair of positions is looked at, nothing
/// is kept, no gradient is known. What the training network is checked against.
/// </summary>
internal static class PlainModel
{
    /// <summary>The mean of -log P(next token) over the positions that have an answer.</summary>
    /// <param name="values">All parameters, in the layout's order.</param>
    /// <param name="tokens">[sequences, length + 1]</param>
    public static double Loss(SimilarityConfiguration configuration, ParameterLayout layout, double[] values, int[][] tokens, int firstQuery)
    {
        double sum = 0;
        int answerable = 0;
        double beta = Math.Exp(values[layout[ParameterLayout.LogInverseTemperature].Start]);
        foreach (int[] sequence in tokens)
        {
            double[][] e = Embed(configuration, layout, values, sequence[..^1]);
            for (int t = firstQuery; t < e.Length; t++)
            {
                double all = 0, matching = 0;
                for (int j = 0; j < t; j++)
                {
                    double weight = Math.Exp(beta * (Dot(e[t], e[j]) - 1));
                    all += weight;
                    if (sequence[j + 1] == sequence[t + 1]) matching += weight;
                }
                if (matching == 0) continue;
                answerable++;
                sum += Math.Log(all) - Math.Log(matching);
            }
        }
        return sum / answerable;
    }

    public static double[][] Embed(SimilarityConfiguration configuration, ParameterLayout layout, double[] values, int[] tokens)
    {
        double[] Part(string name) => values.AsSpan(layout[name].Start, layout[name].Length).ToArray();
        int d = configuration.Columns;
        double[] table = Part(ParameterLayout.Tokens);
        double[][] x = [.. tokens.Select(token => table[(token * d)..((token + 1) * d)])];
        for (int layer = 0; layer < configuration.Layers; layer++)
        {
            double[] Of(string name) => Part(ParameterLayout.BlockName(layer, name));
            double[][] normal = Norm(x, Of("ln_1.weight"), Of("ln_1.bias"));
            double[][] all = Linear(normal, Of("attn.c_attn.weight"), Of("attn.c_attn.bias"));
            double[][] attended = Attend(configuration, all, Of);
            x = Add(x, Linear(attended, Of("attn.c_proj.weight"), Of("attn.c_proj.bias")));
            double[][] hidden = Linear(Norm(x, Of("ln_2.weight"), Of("ln_2.bias")), Of("mlp.c_fc.weight"), Of("mlp.c_fc.bias"));
            foreach (double[] row in hidden)
            {
                for (int c = 0; c < row.Length; c++)
                    row[c] = row[c] * NormalCumulative(row[c]);
            }
            x = Add(x, Linear(hidden, Of("mlp.c_proj.weight"), Of("mlp.c_proj.bias")));
        }
        double[][] projected = Linear(Norm(x, Part(ParameterLayout.Gain), Part(ParameterLayout.Bias)), Part(ParameterLayout.Output), new double[configuration.OutputColumns]);
        return [.. projected.Select(row => row.Select(value => value / Math.Sqrt(Dot(row, row))).ToArray())];
    }

    private static double[][] Attend(SimilarityConfiguration configuration, double[][] all, Func<string, double[]> of)
    {
        int d = configuration.Columns, size = configuration.HeadSize, band = configuration.Band;
        bool relative = configuration.Positions == PositionKind.Relative;
        double[] bias = relative ? [] : of("attn.distance_bias"), keys = relative ? of("attn.relative_position_k.embeddings_table") : [],
            relativeValues = relative ? of("attn.relative_position_v.embeddings_table") : [];
        double[][] result = [.. all.Select(_ => new double[d])];
        for (int i = 0; i < all.Length; i++)
        {
            for (int h = 0; h < configuration.Heads; h++)
            {
                double total = 0;
                for (int j = Math.Max(0, i - band + 1); j <= i; j++)
                {
                    int u = band - 1 - (i - j);
                    double score = relative ? 0 : bias[h * band + u];
                    for (int c = 0; c < size; c++)
                        score += all[i][h * size + c] * (all[j][d + h * size + c] + (relative ? keys[u * size + c] : 0)) / Math.Sqrt(size);
                    double weight = Math.Exp(score);
                    total += weight;
                    for (int c = 0; c < size; c++)
                        result[i][h * size + c] += weight * (all[j][2 * d + h * size + c] + (relative ? relativeValues[u * size + c] : 0));
                }
                for (int c = 0; c < size; c++)
                    result[i][h * size + c] /= total;
            }
        }
        return result;
    }

    private static double[][] Norm(double[][] x, double[] gain, double[] bias) => [.. x.Select(row =>
    {
        double mean = row.Average(), variance = row.Select(value => (value - mean) * (value - mean)).Average();
        return row.Select((value, c) => gain[c] * (value - mean) / Math.Sqrt(variance + 1e-5) + bias[c]).ToArray();
    })];

    /// <param name="weight">[out, in]</param>
    private static double[][] Linear(double[][] x, double[] weight, double[] bias)
        => [.. x.Select(row => bias.Select((b, o) => b + Dot(weight.AsSpan(o * row.Length, row.Length), row)).ToArray())];

    private static double[][] Add(double[][] a, double[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (p, q) => p + q).ToArray())];

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }

    /// <summary>Φ by its series and continued fraction (Abramowitz and Stegun 26.2.10, 26.2.14), to about 1e-15.</summary>
    private static double NormalCumulative(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), size = Math.Abs(x);
        if (size > 5)
        {
            double fraction = size;
            for (int k = 60; k > 0; k--)
                fraction = size + k / fraction;
            return x > 0 ? 1 - density / fraction : density / fraction;
        }
        double term = x, sum = x;
        for (int k = 1; k < 200; k++)
        {
            term *= x * x / (2 * k + 1);
            sum += term;
        }
        return 0.5 + density * sum;
    }
}
