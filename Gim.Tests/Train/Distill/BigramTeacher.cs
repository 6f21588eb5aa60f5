using System.Runtime.InteropServices;
using Gim.Similarity.Weights;

namespace Gim.Tests.Train.Distill;

/// <summary>
/// A teacher that knows the text's own rule: 50 tokens in 5 kinds, and the next token's distribution that of the token's
/// kind, a little changed for each token.
/// </summary>
internal sealed class BigramTeacher
{
    public const int Vocabulary = 50, Kinds = 5;

    private readonly double[][] rows = new double[Vocabulary][];
    private readonly Random random;

    public BigramTeacher(int seed)
    {
        random = new Random(seed);
        double[][] ofKinds = [.. Enumerable.Range(0, Kinds).Select(_ => Some())];
        for (int token = 0; token < Vocabulary; token++)
        {
            double[] own = Some();
            rows[token] = [.. ofKinds[token % Kinds].Zip(own, (kind, change) => 0.9 * kind + 0.1 * change)];
        }

        double[] Some()
        {
            double[] weights = [.. Enumerable.Range(0, Vocabulary).Select(_ => Math.Exp(5 * random.NextDouble()))];
            return [.. weights.Select(weight => weight / weights.Sum())];
        }
    }

    /// <summary>P(next | token) [50].</summary>
    public double[] Next(int token) => rows[token];

    public int[] Text(int count)
    {
        int[] tokens = new int[count];
        for (int i = 1; i < count; i++)
        {
            double left = random.NextDouble();
            while (tokens[i] < Vocabulary - 1 && (left -= rows[tokens[i - 1]][tokens[i]]) > 0)
                tokens[i]++;
        }
        return tokens;
    }

    /// <summary>The most probable tokens after each of some [tokens · k], in a mixed order, and their log-probabilities.</summary>
    public (int[] Ids, float[] LogProbabilities) Top(ReadOnlySpan<int> tokens, int top)
    {
        var ids = new List<int>();
        foreach (int token in tokens)
        {
            int[] best = [.. Enumerable.Range(0, Vocabulary).OrderByDescending(next => rows[token][next]).Take(top)];
            random.Shuffle(best);
            ids.AddRange(best);
        }
        int[] of = tokens.ToArray();
        return ([.. ids], [.. ids.Select((id, i) => (float)Math.Log(rows[of[i / top]][id]))]);
    }

    /// <summary>Writes what the teacher expects in some documents of its text.</summary>
    /// <param name="top">Tokens that a row lists; all 50 leave no rest.</param>
    public void Write(string path, int[] lengths, int top, string tokenizer = "fifty", string tokenizerHash = "f1f7")
    {
        int[] tokens = Text(lengths.Sum());
        long[] starts = new long[lengths.Length];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + lengths[i - 1];
        var (ids, logProbabilities) = Top(tokens, top);
        var (tensors, metadata) = Content(tokens, starts, ids, logProbabilities, top);
        metadata["gim_tokenizer"] = tokenizer;
        metadata["gim_tokenizer_hash"] = tokenizerHash;
        SafetensorsFile.Write(path, new WeightFile(tensors.Values, metadata));
    }

    /// <summary>A file's tensors and metadata, for tests to spoil.</summary>
    public static (Dictionary<string, WeightTensor> Tensors, Dictionary<string, string> Metadata) Content(
        int[] tokens, long[] starts, int[] ids, float[] logProbabilities, int top)
    {
        var tensors = new Dictionary<string, WeightTensor>
        {
            ["tokens"] = Ints("tokens", [tokens.Length], tokens),
            ["document_starts"] = new("document_starts", [starts.Length], MemoryMarshal.AsBytes(starts.AsSpan()).ToArray(), ElementType.I64),
            ["top_ids"] = Ints("top_ids", [tokens.Length, top], ids),
            ["top_logprobs"] = new("top_logprobs", [tokens.Length, top], logProbabilities),
        };
        return (tensors, new() { ["gim_tokenizer"] = "fifty", ["gim_tokenizer_hash"] = "f1f7", ["vocab_size"] = $"{Vocabulary}" });
    }

    public static WeightTensor Ints(string name, int[] shape, int[] values) => new(name, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), ElementType.I32);
}
