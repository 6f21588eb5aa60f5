using Gim.Kernels.Devices;
using Gim.Kernels.Reference;

namespace Gim.Tests.Kernels.Devices;

/// <summary>The gradients of attention and of the retrieval likelihood against central differences, in double.</summary>
public class PairGradientTests
{
    private readonly Random random = new(42);

    [Theory]
    [InlineData(1, 1, 1, 1, 0)]
    [InlineData(2, 6, 2, 3, 0)]
    [InlineData(1, 9, 2, 4, 3)]
    [InlineData(2, 4, 1, 2, 7)]
    public void Attention(int sequences, int length, int heads, int headSize, int window)
    {
        var shape = new AttentionShape(sequences, length, heads, headSize) { Window = window };
        int rows = sequences * length, count = rows * shape.Columns;
        double[] all = Values(3 * count), keys = Values(shape.Distances * headSize), values = Values(keys.Length), bias = Values(heads * shape.Distances), upstream = Values(count);
        double[] result = new double[count], logSumExp = new double[rows * heads];
        double Loss()
        {
            ReferenceDevice.Attention<double>(all, shape, keys, values, bias, result, logSumExp);
            return result.Zip(upstream, (a, b) => a * b).Sum();
        }

        Loss();
        double[] gradient = new double[all.Length], ofKeys = new double[keys.Length], ofValues = new double[values.Length], ofBias = new double[bias.Length];
        ReferenceDevice.AttentionBackward<double>(all, shape, keys, values, bias, result, logSumExp, upstream, gradient, ofKeys, ofValues, ofBias);
        GradientCheck.Central(all, gradient, Loss);
        GradientCheck.Central(keys, ofKeys, Loss);
        GradientCheck.Central(values, ofValues, Loss);
        GradientCheck.Central(bias, ofBias, Loss);
    }

    [Theory]
    [InlineData(1, 4, 3, 0, 1)]
    [InlineData(2, 9, 4, 2, 3)]
    [InlineData(1, 14, 5, 0, 6)]
    public void RetrievalLikelihood(int sequences, int length, int columns, int firstQuery, int vocabulary)
    {
        var shape = new RetrievalShape(sequences, length, columns, firstQuery);
        double[] embeddings = Values(sequences * length * columns), beta = [3], losses = new double[sequences * length];
        int[] next = [.. Enumerable.Range(0, losses.Length).Select(_ => random.Next(vocabulary))];
        Assert.True(shape.CountAnswerable(next) > 0);
        double scale = 1.0 / shape.CountAnswerable(next);
        double Loss()
        {
            ReferenceDevice.RetrievalLikelihood<double>(embeddings, next, shape, beta[0], scale, losses, [], []);
            return scale * losses.Sum();
        }

        double[] gradient = new double[embeddings.Length], ofBeta = new double[1];
        ReferenceDevice.RetrievalLikelihood<double>(embeddings, next, shape, beta[0], scale, losses, gradient, ofBeta);
        Assert.Equal(shape.CountAnswerable(next), losses.Count(loss => loss > 0) + ZeroLosses());
        GradientCheck.Central(embeddings, gradient, Loss);
        GradientCheck.Central(beta, ofBeta, Loss);

        // Where every earlier position has the answer, the loss is 0 although there was a question.
        int ZeroLosses() => Enumerable.Range(0, losses.Length).Count(i => i % length >= firstQuery && i % length > 0
            && losses[i] == 0 && next[(i - i % length)..i].All(token => token == next[i]));
    }

    private double[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
}
