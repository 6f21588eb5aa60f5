using Gim.Evaluate;
using Gim.Progress;

namespace Gim.Train.Start;

/// <summary>
/// Token embeddings to start training from: U sqrt(S) of the positive pointwise mutual information of neighbours, cut off
/// after as many columns as wanted (Levy and Goldberg 2014, 4.2). Tokens that stand among the same neighbours start near
/// each other.
/// </summary>
internal static class CooccurrenceEmbedding
{
    /// <summary>The window and the tokens that serve GPT-2's vocabulary well.</summary>
    public const int DefaultDistance = 5;

    public const long DefaultTokens = 20_000_000;

    /// <summary>Beyond it, the sums of weights might leave their range.</summary>
    public const int MostDistance = 1000;

    /// <summary>Standard deviation of all values of the tokens of which something is known.</summary>
    public const double Deviation = 0.5;

    /// <summary>And of the random values of the others, against <see cref="Deviation"/>; columns beyond the rank are filled likewise.</summary>
    public const double Noise = 0.1;

    /// <summary>
    /// [V, columns] row by row, the columns by falling singular value, each with its largest element positive. Peak memory
    /// is 8 bytes for each token read, 8 for each pair of neighbours (at most <see cref="CooccurrenceCounts.MostPairs"/>),
    /// and 12 V (columns + 16): 1.1 GB for 20 million tokens and GPT-2's vocabulary. The same to the last bit for every
    /// number of threads.
    /// </summary>
    /// <param name="sources">May be empty: all values are random then.</param>
    /// <param name="vocabulary">V, at least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <param name="distance">How far apart neighbours stand at most, from 1 to <see cref="MostDistance"/>.</param>
    /// <param name="tokens">How many tokens to read at most, of all sources together.</param>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="threads">The most threads to use.</param>
    /// <exception cref="ArgumentException">A size is too small or too large, a weight is not a finite number of at least 0, or a token is not below V.</exception>
    public static float[] Compute(
        IReadOnlyList<WeightedTokens> sources, int vocabulary, int columns, int distance, long tokens, long seed, int threads, IJobLog log,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabulary);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(distance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, MostDistance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        if ((long)vocabulary * (columns + RandomizedSvd.Oversampling) > Array.MaxLength)
            throw new ArgumentException($"a vocabulary of {vocabulary:N0} with {columns:N0} columns does not fit one array of at most {Array.MaxLength:N0}");
        var random = new GaussianRandom(seed);
        SparseMatrix information = Information(sources, vocabulary, distance, tokens, threads, log, cancellation);
        SingularVectors factors = RandomizedSvd.Decompose(information, columns, random, threads, log, cancellation);
        return Embed(information, factors, columns, random);
    }

    private static SparseMatrix Information(
        IReadOnlyList<WeightedTokens> sources, int vocabulary, int distance, long tokens, int threads, IJobLog log, CancellationToken cancellation)
    {
        int[] text = TokenSample.Read(sources, vocabulary, tokens, distance, log, cancellation);
        var counts = CooccurrenceCounts.Count(text, vocabulary, distance, CooccurrenceCounts.MostPairs, threads, log, cancellation);
        return PositivePointwiseInformation.Of(counts, threads, log, cancellation);
    }

    private static float[] Embed(SparseMatrix information, SingularVectors factors, int columns, GaussianRandom random)
    {
        int rows = information.Size, found = factors.Count;
        double[] scales = Scales(factors, rows);
        float[] embedding = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < found; j++)
                embedding[row * columns + j] = (float)(factors.Vectors[row * found + j] * scales[j]);
        }
        double spread = Spread(information, embedding, columns, found);
        for (int row = 0; row < rows; row++)
        {
            if (IsKnown(information, row))
                random.Fill(embedding.AsSpan(row * columns + found, columns - found), Noise * spread);
        }
        double scale = Deviation / Spread(information, embedding, columns, columns);
        for (int row = 0; row < rows; row++)
        {
            Span<float> values = embedding.AsSpan(row * columns, columns);
            if (!IsKnown(information, row))
                random.Fill(values, Noise * Deviation);
            else
            {
                foreach (ref float value in values)
                    value = (float)(value * scale);
            }
        }
        return embedding;
    }

    /// <summary>Whether anything stands beside this token more often than by chance.</summary>
    private static bool IsKnown(SparseMatrix information, int row) => information.Starts[row + 1] > information.Starts[row];

    /// <summary>[found], the square roots of the singular values, with the sign that makes a column's largest element positive.</summary>
    private static double[] Scales(SingularVectors factors, int rows)
    {
        int found = factors.Count;
        float[] largest = new float[found];
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < found; j++)
            {
                float value = factors.Vectors[row * found + j];
                if (Math.Abs(value) > Math.Abs(largest[j]))
                    largest[j] = value;
            }
        }
        return [.. largest.Select((value, j) => Math.CopySign(Math.Sqrt(factors.Values[j]), value))];
    }

    /// <summary>The standard deviation of the first columns of the known rows; where all are alike, their size.</summary>
    private static double Spread(SparseMatrix information, float[] embedding, int columns, int first)
    {
        double sum = 0, squares = 0;
        long count = 0;
        for (int row = 0; row < information.Size; row++)
        {
            if (!IsKnown(information, row))
                continue;
            foreach (float value in embedding.AsSpan(row * columns, first))
            {
                sum += value;
                squares += (double)value * value;
            }
            count += first;
        }
        if (count == 0)
            return 1;
        double size = Math.Sqrt(squares / count), deviation = Math.Sqrt(Math.Max(0, squares / count - sum / count * (sum / count)));
        return deviation > 1e-6 * size ? deviation : size;
    }
}
