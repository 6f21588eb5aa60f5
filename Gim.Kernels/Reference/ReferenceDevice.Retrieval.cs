using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void RetrievalLikelihoodCore(
        DeviceView<float> embeddings, DeviceView<int> nextTokens, RetrievalShape shape, DeviceView<float> inverseTemperature, float scale,
        DeviceView<float> losses, DeviceView<float> gradient, DeviceView<float> inverseTemperatureGradient, bool wanted)
        => RetrievalLikelihood<float>(
            Span(embeddings), Span(nextTokens), shape, Span(inverseTemperature)[0], scale, Span(losses), Span(gradient), Span(inverseTemperatureGradient));

    /// <summary>Gradients that are not wanted are empty.</summary>
    public static void RetrievalLikelihood<T>(
        ReadOnlySpan<T> embeddings, ReadOnlySpan<int> nextTokens, RetrievalShape shape, T inverseTemperature, T scale,
        Span<T> losses, Span<T> gradient, Span<T> inverseTemperatureGradient) where T : IFloatingPointIeee754<T>
    {
        double beta = double.CreateChecked(inverseTemperature), factor = double.CreateChecked(scale), betaGradient = 0;
        double[] all = new double[gradient.Length], cosines = new double[shape.Length];
        for (int query = 0; query < shape.Sequences * shape.Length; query++)
        {
            int start = query / shape.Length * shape.Length;
            losses[query] = T.Zero;
            if (query - start < shape.FirstQuery || nextTokens[start..query].IndexOf(nextTokens[query]) < 0) continue;
            double largest = double.NegativeInfinity, largestMatch = double.NegativeInfinity, sum = 0, matches = 0;
            for (int key = start; key < query; key++)
            {
                double product = 0;
                for (int c = 0; c < shape.Columns; c++)
                    product += double.CreateChecked(embeddings[query * shape.Columns + c]) * double.CreateChecked(embeddings[key * shape.Columns + c]);
                cosines[key - start] = product;
                largest = Math.Max(largest, beta * product);
                if (nextTokens[key] == nextTokens[query]) largestMatch = Math.Max(largestMatch, beta * product);
            }
            for (int key = start; key < query; key++)
            {
                sum += Math.Exp(beta * cosines[key - start] - largest);
                if (nextTokens[key] == nextTokens[query]) matches += Math.Exp(beta * cosines[key - start] - largestMatch);
            }
            losses[query] = T.CreateChecked(largest + Math.Log(sum) - largestMatch - Math.Log(matches));
            for (int key = start; key < query && all.Length > 0; key++)
            {
                double slope = Math.Exp(beta * cosines[key - start] - largest) / sum;
                if (nextTokens[key] == nextTokens[query]) slope -= Math.Exp(beta * cosines[key - start] - largestMatch) / matches;
                slope *= factor;
                betaGradient += slope * cosines[key - start];
                for (int c = 0; c < shape.Columns; c++)
                {
                    all[query * shape.Columns + c] += beta * slope * double.CreateChecked(embeddings[key * shape.Columns + c]);
                    all[key * shape.Columns + c] += beta * slope * double.CreateChecked(embeddings[query * shape.Columns + c]);
                }
            }
        }
        for (int i = 0; i < all.Length; i++)
            gradient[i] = T.CreateChecked(all[i]);
        if (inverseTemperatureGradient.Length > 0) inverseTemperatureGradient[0] += T.CreateChecked(betaGradient);
    }
}
