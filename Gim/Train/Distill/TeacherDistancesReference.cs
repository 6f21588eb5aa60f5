namespace Gim.Train.Distill;

/// <summary>The definition of <see cref="TeacherDistances"/>, over whole distributions.</summary>
internal static class TeacherDistancesReference
{
    /// <summary>The least that the tokens a row does not list have together.</summary>
    private const double LeastRest = 1e-4;

    /// <summary>
    /// distances_ij = (KL(p_i|q_j) + KL(q_j|p_i)) / 2 = Σ_w (p_iw - q_jw)(log p_iw - log q_jw) / 2, in nats.
    /// </summary>
    /// <param name="queryIds">[queries, k]; log-probabilities and keys likewise.</param>
    /// <param name="distances">[queries, keys]</param>
    public static void Compute(
        ReadOnlySpan<int> queryIds, ReadOnlySpan<float> queryLogProbabilities, ReadOnlySpan<int> keyIds, ReadOnlySpan<float> keyLogProbabilities, int top,
        int vocabulary, Span<double> distances)
    {
        int queries = queryIds.Length / top, keys = keyIds.Length / top;
        for (int i = 0; i < queries; i++)
        {
            double[] p = Whole(queryIds.Slice(i * top, top), queryLogProbabilities.Slice(i * top, top), vocabulary);
            for (int j = 0; j < keys; j++)
            {
                double[] q = Whole(keyIds.Slice(j * top, top), keyLogProbabilities.Slice(j * top, top), vocabulary);
                double sum = 0;
                for (int w = 0; w < vocabulary; w++)
                    sum += (p[w] - q[w]) * (Math.Log(p[w]) - Math.Log(q[w]));
                distances[(i * keys) + j] = sum / 2;
            }
        }
    }

    /// <summary>
    /// The distribution over all tokens that a row stands for: what its probabilities leave of 1, or
    /// <see cref="LeastRest"/> where that is more, in equal parts for the tokens it does not list; no token it lists has
    /// less than those; all divided by their sum.
    /// </summary>
    public static double[] Whole(ReadOnlySpan<int> ids, ReadOnlySpan<float> logProbabilities, int vocabulary)
    {
        double listed = 0;
        foreach (float logProbability in logProbabilities)
            listed += Math.Exp(logProbability);
        double each = ids.Length < vocabulary ? Math.Max(1 - listed, LeastRest) / (vocabulary - ids.Length) : LeastRest / vocabulary;
        double[] whole = new double[vocabulary];
        Array.Fill(whole, each);
        for (int i = 0; i < ids.Length; i++)
            whole[ids[i]] = Math.Max(Math.Exp(logProbabilities[i]), each);
        double sum = whole.Sum();
        for (int w = 0; w < vocabulary; w++)
            whole[w] /= sum;
        return whole;
    }
}
