using Gim.Similarity;
using Gim.Similarity.Weights;

namespace Gim.Tests.Similarity;

/// <summary>Similarity models with random weights: what they say means nothing, how it is computed can be compared.</summary>
internal static class RandomModel
{
    /// <summary>3 layers, d 32, 4 heads, 16 output columns.</summary>
    public static SimilarityConfiguration Small(
        PositionKind positions, EmbeddingMode mode, int vocabulary, int band = 5, int window = 8, SimilarityFunction similarity = SimilarityFunction.Cosine) => new()
        {
            Layers = 3,
            Heads = 4,
            Columns = 32,
            OutputColumns = 16,
            Vocabulary = vocabulary,
            Positions = positions,
            Band = positions is PositionKind.Relative or PositionKind.Bias ? band : 0,
            MaximumLength = positions is PositionKind.Relative or PositionKind.Bias ? 0 : 64,
            Mode = mode,
            Window = window,
            Similarity = similarity,
        };

    public static WeightFile Make(SimilarityConfiguration configuration, int seed = 42)
    {
        var random = new Random(seed);
        int d = configuration.Columns, band = configuration.Band;
        var tensors = new List<WeightTensor>();
        Add("transformer.wte.weight", 1, 0, configuration.Vocabulary, d);
        if (configuration.Positions == PositionKind.Learned) Add("transformer.wpe.weight", 1, 0, configuration.MaximumLength, d);
        for (int layer = 0; layer < configuration.Layers; layer++)
        {
            string block = $"transformer.h.{layer}.";
            foreach (string norm in (string[])["ln_1", "ln_2"])
            {
                Add($"{block}{norm}.weight", 0.2, 1, d);
                Add($"{block}{norm}.bias", 0.2, 0, d);
            }
            Matrix(block + "attn.c_attn", 3 * d, d);
            Matrix(block + "attn.c_proj", d, d);
            Matrix(block + "mlp.c_fc", 4 * d, d);
            Matrix(block + "mlp.c_proj", d, 4 * d);
            if (configuration.Positions == PositionKind.Relative)
            {
                Add(block + "attn.relative_position_k.embeddings_table", 0.5, 0, 2 * band + 1, configuration.HeadSize);
                Add(block + "attn.relative_position_v.embeddings_table", 0.5, 0, 2 * band + 1, configuration.HeadSize);
            }
            if (configuration.Positions == PositionKind.Bias) Add(block + "attn.distance_bias", 1, 0, configuration.Heads, band);
        }
        Add("transformer.ln_f.weight", 0.2, 1, d);
        Add("transformer.ln_f.bias", 0.2, 0, d);
        Add("lm_head.weight", 1 / Math.Sqrt(d), 0, configuration.OutputColumns, d);
        return new WeightFile(tensors, configuration.ToMetadata());

        void Matrix(string name, int rows, int columns)
        {
            Add($"{name}.weight", 1 / Math.Sqrt(columns), 0, rows, columns);
            Add($"{name}.bias", 0.1, 0, rows);
        }

        void Add(string name, double deviation, double mean, params int[] shape)
        {
            // Uniform values: nothing here asks for another distribution.
            float[] values = [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(_ => (float)(mean + deviation * Math.Sqrt(12) * (random.NextDouble() - 0.5)))];
            tensors.Add(new WeightTensor(name, shape, values));
        }
    }

    public static void Write(string path, SimilarityConfiguration configuration, int seed = 42) => SafetensorsFile.Write(path, Make(configuration, seed));
}
