using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void AttentionCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> destination, DeviceView<float> logSumExp)
        => Attention<float>(
            Span(queriesKeysValues), shape, Span(terms.RelativeKeys), Span(terms.RelativeValues), Span(terms.Bias), Span(destination), Span(logSumExp));

    private protected override void AttentionBackwardCore(
        DeviceView<float> queriesKeysValues, AttentionShape shape, AttentionTerms terms, DeviceView<float> result, DeviceView<float> logSumExp,
        DeviceView<float> upstream, DeviceView<float> gradient, AttentionTerms termGradients)
        => AttentionBackward<float>(
            Span(queriesKeysValues), shape, Span(terms.RelativeKeys), Span(terms.RelativeValues), Span(terms.Bias), Span(result), Span(logSumExp),
            Span(upstream), Span(gradient), Span(termGradients.RelativeKeys), Span(termGradients.RelativeValues), Span(termGradients.Bias));

    /// <summary>Terms that are left out are empty.</summary>
    public static void Attention<T>(
        ReadOnlySpan<T> queriesKeysValues, AttentionShape shape, ReadOnlySpan<T> relativeKeys, ReadOnlySpan<T> relativeValues, ReadOnlySpan<T> bias,
        Span<T> destination, Span<T> logSumExp) where T : IFloatingPointIeee754<T>
    {
        var scores = new double[shape.Length];
        for (int row = 0; row < shape.Sequences * shape.Queries; row++)
        {
            int start = row / shape.Queries * shape.Length, i = shape.FirstQuery + row % shape.Queries;
            int first = Math.Max(0, i - shape.Distances + 1);
            for (int head = 0; head < shape.Heads; head++)
            {
                double largest = double.NegativeInfinity, sum = 0;
                for (int j = first; j <= i; j++)
                {
                    scores[j] = Score(queriesKeysValues, shape, relativeKeys, bias, start, head, i, j);
                    largest = Math.Max(largest, scores[j]);
                }
                for (int j = first; j <= i; j++)
                    sum += Math.Exp(scores[j] - largest);
                for (int c = 0; c < shape.HeadSize; c++)
                {
                    double value = 0;
                    for (int j = first; j <= i; j++)
                        value += Math.Exp(scores[j] - largest) / sum * Value(queriesKeysValues, shape, relativeValues, start, head, i, j, c);
                    destination[row * shape.Columns + head * shape.HeadSize + c] = T.CreateChecked(value);
                }
                logSumExp[row * shape.Heads + head] = T.CreateChecked(largest + Math.Log(sum));
            }
        }
    }

    public static void AttentionBackward<T>(
        ReadOnlySpan<T> queriesKeysValues, AttentionShape shape, ReadOnlySpan<T> relativeKeys, ReadOnlySpan<T> relativeValues, ReadOnlySpan<T> bias,
        ReadOnlySpan<T> result, ReadOnlySpan<T> logSumExp, ReadOnlySpan<T> upstream,
        Span<T> gradient, Span<T> keysGradient, Span<T> valuesGradient, Span<T> biasGradient) where T : IFloatingPointIeee754<T>
    {
        double[] all = new double[gradient.Length], keys = new double[keysGradient.Length], values = new double[valuesGradient.Length], biases = new double[biasGradient.Length];
        for (int row = 0; row < shape.Sequences * shape.Length; row++)
        {
            int start = row / shape.Length * shape.Length, i = row % shape.Length;
            for (int head = 0; head < shape.Heads; head++)
            {
                int from = row * shape.Columns + head * shape.HeadSize;
                double along = 0;
                for (int c = 0; c < shape.HeadSize; c++)
                    along += double.CreateChecked(upstream[from + c]) * double.CreateChecked(result[from + c]);
                for (int j = Math.Max(0, i - shape.Distances + 1); j <= i; j++)
                {
                    int u = shape.Distances - 1 - (i - j);
                    double weight = Math.Exp(Score(queriesKeysValues, shape, relativeKeys, bias, start, head, i, j) - double.CreateChecked(logSumExp[row * shape.Heads + head]));
                    double slope = -along;
                    for (int c = 0; c < shape.HeadSize; c++)
                        slope += double.CreateChecked(upstream[from + c]) * Value(queriesKeysValues, shape, relativeValues, start, head, i, j, c);
                    slope *= weight;
                    if (biases.Length > 0) biases[head * shape.Distances + u] += slope;
                    for (int c = 0; c < shape.HeadSize; c++)
                    {
                        double query = double.CreateChecked(queriesKeysValues[Place(shape, start + i, 0, head, c)]);
                        double up = double.CreateChecked(upstream[from + c]);
                        all[Place(shape, start + i, 0, head, c)] += shape.Scale * slope * Key(queriesKeysValues, shape, relativeKeys, start, head, i, j, c);
                        all[Place(shape, start + j, 1, head, c)] += shape.Scale * slope * query;
                        all[Place(shape, start + j, 2, head, c)] += weight * up;
                        if (keys.Length > 0) keys[u * shape.HeadSize + c] += shape.Scale * slope * query;
                        if (values.Length > 0) values[u * shape.HeadSize + c] += weight * up;
                    }
                }
            }
        }
        for (int i = 0; i < all.Length; i++)
            gradient[i] = T.CreateChecked(all[i]);
        AddTo(keysGradient, keys);
        AddTo(valuesGradient, values);
        AddTo(biasGradient, biases);
    }

    /// <summary>Where column c of a head's query (0), key (1) or value (2) lies.</summary>
    private static int Place(AttentionShape shape, int row, int part, int head, int c)
        => row * 3 * shape.Columns + part * shape.Columns + head * shape.HeadSize + c;

    private static double Score<T>(
        ReadOnlySpan<T> queriesKeysValues, AttentionShape shape, ReadOnlySpan<T> relativeKeys, ReadOnlySpan<T> bias,
        int start, int head, int i, int j) where T : IFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int c = 0; c < shape.HeadSize; c++)
            sum += double.CreateChecked(queriesKeysValues[Place(shape, start + i, 0, head, c)]) * Key(queriesKeysValues, shape, relativeKeys, start, head, i, j, c);
        sum *= shape.Scale;
        return bias.IsEmpty ? sum : sum + double.CreateChecked(bias[head * shape.Distances + shape.Distances - 1 - (i - j)]);
    }

    private static double Key<T>(ReadOnlySpan<T> queriesKeysValues, AttentionShape shape, ReadOnlySpan<T> relativeKeys, int start, int head, int i, int j, int c)
        where T : IFloatingPointIeee754<T>
        => double.CreateChecked(queriesKeysValues[Place(shape, start + j, 1, head, c)]) + Relative(shape, relativeKeys, i, j, c);

    private static double Value<T>(ReadOnlySpan<T> queriesKeysValues, AttentionShape shape, ReadOnlySpan<T> relativeValues, int start, int head, int i, int j, int c)
        where T : IFloatingPointIeee754<T>
        => double.CreateChecked(queriesKeysValues[Place(shape, start + j, 2, head, c)]) + Relative(shape, relativeValues, i, j, c);

    private static double Relative<T>(AttentionShape shape, ReadOnlySpan<T> table, int i, int j, int c) where T : IFloatingPointIeee754<T>
        => table.IsEmpty ? 0 : double.CreateChecked(table[(shape.Distances - 1 - (i - j)) * shape.HeadSize + c]);

    private static void AddTo<T>(Span<T> destination, double[] values) where T : IFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
            destination[i] += T.CreateChecked(values[i]);
    }
}
