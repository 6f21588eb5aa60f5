using Gim.Similarity;
using Gim.Similarity.Weights;

namespace Gim.Bench.Harness;

/// <summary>A similarity model with random weights: how fast it is does not depend on what it has learnt.</summary>
internal static class RandomSimilarityModel
{
    /// <summary>GPT-2's vocabulary.</summary>
    public const int Vocabulary = 50_257;

    /// <summary>The published kind: relative keys and values, windows of 64 tokens.</summary>
    public static SimilarityConfiguration Windowed(int columns, int layers, int heads) => new()
    {
        Layers = layers, Heads = heads, Columns = columns, OutputColumns = columns, Vocabulary = Vocabulary,
        Positions = PositionKind.Relative, Band = 32, Window = 64, Mode = EmbeddingMode.Windowed,
    };

    /// <summary>Gim's own kind: a learnt bias per head and distance.</summary>
    public static SimilarityConfiguration Streaming(int columns, int layers, int heads)
        => Windowed(columns, layers, heads) with { Positions = PositionKind.Bias, Mode = EmbeddingMode.Streaming };

    public static WeightFile Make(SimilarityConfiguration configuration)
    {
        var random = new Random(42);
        int d = configuration.Columns, band = configuration.Band;
        List<WeightTensor> tensors = [];
        void Add(string name, float scale, float middle, params int[] shape)
        {
            var values = new float[shape.Aggregate(1, (product, length) => product * length)];
            for (int i = 0; i < values.Length; i++)
                values[i] = middle + scale * (2 * random.NextSingle() - 1);
            tensors.Add(new WeightTensor(name, shape, values));
        }

        float small = 1 / MathF.Sqrt(d);
        Add("transformer.wte.weight", 1, 0, configuration.Vocabulary, d);
        for (int layer = 0; layer < configuration.Layers; layer++)
        {
            string block = $"transformer.h.{layer}.";
            Add(block + "ln_1.weight", 0, 1, d);
            Add(block + "ln_1.bias", 0.1f, 0, d);
            Add(block + "attn.c_attn.weight", small, 0, 3 * d, d);
            Add(block + "attn.c_attn.bias", 0.1f, 0, 3 * d);
            Add(block + "attn.c_proj.weight", small, 0, d, d);
            Add(block + "attn.c_proj.bias", 0.1f, 0, d);
            if (configuration.Positions == PositionKind.Relative)
            {
                Add(block + "attn.relative_position_k.embeddings_table", 0.1f, 0, 2 * band + 1, configuration.HeadSize);
                Add(block + "attn.relative_position_v.embeddings_table", 0.1f, 0, 2 * band + 1, configuration.HeadSize);
            }
            else
                Add(block + "attn.distance_bias", 1, 0, configuration.Heads, band);
            Add(block + "ln_2.weight", 0, 1, d);
            Add(block + "ln_2.bias", 0.1f, 0, d);
            Add(block + "mlp.c_fc.weight", small, 0, 4 * d, d);
            Add(block + "mlp.c_fc.bias", 0.1f, 0, 4 * d);
            Add(block + "mlp.c_proj.weight", small / 2, 0, d, 4 * d);
            Add(block + "mlp.c_proj.bias", 0.1f, 0, d);
        }
        Add("transformer.ln_f.weight", 0, 1, d);
        Add("transformer.ln_f.bias", 0.1f, 0, d);
        Add("lm_head.weight", small, 0, configuration.OutputColumns, d);
        return new WeightFile(tensors, configuration.ToMetadata());
    }
}
