using Gim.Evaluate;
using Gim.Similarity;

namespace Gim.Train;

/// <summary>
/// The parameters before the first step. Matrices are normal with deviation 1/√(columns); the two of each layer that write
/// to the residual stream are smaller, 0.5/√layers of that, so that the stream begins as the token embeddings. Biases are
/// zero and gains one. Of the biases per distance, half of the heads look at one near position each (distance 1, 2, ...),
/// the others decay with the distance, each at its own rate.
/// </summary>
internal static class InitialWeights
{
    /// <summary>Standard deviation of token embeddings.</summary>
    public const double EmbeddingDeviation = 0.5;

    /// <summary>What a head's own distance is ahead of the others by: it begins with four fifths of the weight in a band of 32.</summary>
    private const float NearBias = 5;

    /// <param name="embedding">[V, d] to begin with; null: random.</param>
    /// <param name="inverseTemperature">1/T at the start.</param>
    /// <returns>All values, in the layout's order.</returns>
    public static float[] Make(SimilarityConfiguration configuration, ParameterLayout layout, float[]? embedding, double inverseTemperature, long seed)
    {
        var random = new GaussianRandom(seed);
        float[] values = new float[layout.Length];
        foreach (Parameter parameter in layout.All)
        {
            Span<float> own = values.AsSpan(parameter.Start, parameter.Length);
            if (parameter.Name == ParameterLayout.Tokens)
            {
                if (embedding is null) random.Fill(own, EmbeddingDeviation);
                else embedding.CopyTo(own);
            }
            else if (parameter.Name == ParameterLayout.LogInverseTemperature)
            {
                own[0] = (float)Math.Log(inverseTemperature);
            }
            else if (parameter.Name.EndsWith("distance_bias", StringComparison.Ordinal))
            {
                DistanceBias(own, configuration.Heads, configuration.Band);
            }
            else if (parameter.Name.EndsWith("embeddings_table", StringComparison.Ordinal))
            {
                random.Fill(own, 0.02);
            }
            else if (parameter.Decays)
            {
                double deviation = 1 / Math.Sqrt(parameter.Shape[1]);
                if (parameter.Name.EndsWith("c_proj.weight", StringComparison.Ordinal)) deviation *= 0.5 / Math.Sqrt(configuration.Layers);
                random.Fill(own, deviation);
            }
            else if (parameter.Name.Contains("ln_", StringComparison.Ordinal) && parameter.Name.EndsWith(".weight", StringComparison.Ordinal))
            {
                own.Fill(1);
            }
        }
        return values;
    }

    /// <param name="bias">[heads, band], the oldest distance first.</param>
    private static void DistanceBias(Span<float> bias, int heads, int band)
    {
        int near = heads / 2;
        for (int h = 0; h < heads; h++)
        {
            Span<float> row = bias.Slice(h * band, band);
            for (int distance = 0; distance < band; distance++)
            {
                row[band - 1 - distance] = h < near
                    ? distance == Math.Min(h + 1, band - 1) ? NearBias : 0
                    : -distance * MathF.Pow(2, -2 * (h - near) - 2);
            }
        }
    }
}
