using Gim.Kernels.Devices;

namespace Gim.Similarity;

/// <summary>
/// The weights exp(-distance) between embeddings of contexts (method section 2): by cosine on the device, (1 - cos) / T;
/// by the other two published distances on the host, which no model of Gim's uses.
/// </summary>
internal static class ContextSimilarity
{
    /// <summary>exp of minus this is near the smallest float.</summary>
    private const double FarAway = 60;

    /// <summary>weights_ij for every query i and key j &lt; firstPosition + i; 0 for later keys.</summary>
    /// <param name="queries">[queryCount, columns] of <see cref="SimilarityNetwork"/>.</param>
    /// <param name="keys">[keyCount, columns]</param>
    /// <param name="temperature">T of the cosine distance.</param>
    /// <param name="weights">[queryCount, keyCount]</param>
    public static void Weights(
        SimilarityNetwork network, DeviceView<float> queries, DeviceView<float> keys, int queryCount, int keyCount, int firstPosition, double temperature,
        Span<float> weights)
    {
        int columns = network.Configuration.OutputColumns;
        Device device = network.Device;
        if (network.Configuration.Similarity == SimilarityFunction.Cosine)
        {
            using DeviceBuffer<float> onDevice = device.AllocateFloats(checked(queryCount * keyCount), "lower \"context\"");
            device.SimilarityWeights(queries, keys, queryCount, keyCount, columns, firstPosition, (float)(1 / temperature), onDevice);
            onDevice.Download(weights);
            return;
        }
        float[] ofQueries = new float[queryCount * columns], ofKeys = new float[keyCount * columns];
        device.Download(queries, ofQueries);
        device.Download(keys, ofKeys);
        bool divergence = network.Configuration.Similarity == SimilarityFunction.Jsd;
        double[] logQueries = divergence ? LogSoftmax(ofQueries, columns) : [], logKeys = divergence ? LogSoftmax(ofKeys, columns) : [];
        double[] distances = new double[keyCount];
        for (int i = 0; i < queryCount; i++)
        {
            int seen = (int)Math.Min(keyCount, (long)firstPosition + i);
            for (int j = 0; j < seen; j++)
            {
                distances[j] = divergence
                    ? MeanDivergence(logQueries.AsSpan(i * columns, columns), logKeys.AsSpan(j * columns, columns))
                    : MeanSquare(ofQueries.AsSpan(i * columns, columns), ofKeys.AsSpan(j * columns, columns));
            }
            // These distances have no bound. Where even the nearest key is so far that its weight would vanish, weights are
            // relative to its: only their ratios count.
            double nearest = seen == 0 ? 0 : System.Numerics.Tensors.TensorPrimitives.Min<double>(distances.AsSpan(0, seen)), origin = nearest > FarAway ? nearest : 0;
            for (int j = 0; j < keyCount; j++)
                weights[i * keyCount + j] = j < seen ? (float)Math.Exp(origin - distances[j]) : 0;
        }
    }

    /// <summary>(KL(p|q) + KL(q|p)) / 2 = Σ (p - q)(log p - log q) / 2.</summary>
    private static double MeanDivergence(ReadOnlySpan<double> logP, ReadOnlySpan<double> logQ)
    {
        double sum = 0;
        for (int c = 0; c < logP.Length; c++)
            sum += (Math.Exp(logP[c]) - Math.Exp(logQ[c])) * (logP[c] - logQ[c]);
        return sum / 2;
    }

    private static double MeanSquare(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += ((double)a[c] - b[c]) * ((double)a[c] - b[c]);
        return sum / a.Length;
    }

    private static double[] LogSoftmax(float[] rows, int columns)
    {
        var result = new double[rows.Length];
        for (int start = 0; start < rows.Length; start += columns)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int c = 0; c < columns; c++)
                largest = Math.Max(largest, rows[start + c]);
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(rows[start + c] - largest);
            for (int c = 0; c < columns; c++)
                result[start + c] = rows[start + c] - largest - Math.Log(sum);
        }
        return result;
    }
}
