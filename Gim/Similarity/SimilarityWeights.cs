using Gim.Kernels.Devices;
using Gim.Similarity.Weights;

namespace Gim.Similarity;

/// <summary>One block's weights on a device. Matrices are stored [out, in], as the published checkpoints have them.</summary>
internal sealed record BlockWeights
{
    public required DeviceView<float> AttentionGain { get; init; }

    public required DeviceView<float> AttentionBias { get; init; }

    /// <summary>[3 d, d] and [3 d].</summary>
    public required DeviceView<float> In { get; init; }

    public required DeviceView<float> InBias { get; init; }

    /// <summary>[d, d] and [d].</summary>
    public required DeviceView<float> Out { get; init; }

    public required DeviceView<float> OutBias { get; init; }

    public required DeviceView<float> HiddenGain { get; init; }

    public required DeviceView<float> HiddenBias { get; init; }

    /// <summary>[4 d, d] and [4 d].</summary>
    public required DeviceView<float> Up { get; init; }

    public required DeviceView<float> UpBias { get; init; }

    /// <summary>[d, 4 d] and [d].</summary>
    public required DeviceView<float> Down { get; init; }

    public required DeviceView<float> DownBias { get; init; }

    /// <summary>What attention adds for distances.</summary>
    public required AttentionTerms Terms { get; init; }
}

/// <summary>The similarity transformer's weights on a device.</summary>
/// <param name="held">Buffers that are its own: disposed with it.</param>
internal sealed class SimilarityWeights(IReadOnlyList<IDisposable> held) : IDisposable
{
    /// <summary>[V, d].</summary>
    public DeviceView<float> Tokens { get; init; }

    /// <summary>[maximum length, d], added to the token embeddings; null where positions are relative.</summary>
    public DeviceView<float>? Positions { get; init; }

    public IReadOnlyList<BlockWeights> Blocks { get; init; } = [];

    public DeviceView<float> Gain { get; init; }

    public DeviceView<float> Bias { get; init; }

    /// <summary>[output columns, d].</summary>
    public DeviceView<float> Output { get; init; }

    /// <summary>Takes the tensors of a file to a device.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="InputException">A tensor is missing, has another shape, or is not known.</exception>
    public static SimilarityWeights Load(WeightFile file, SimilarityConfiguration configuration, Device device, string path)
    {
        var held = new List<IDisposable>();
        try
        {
            var tensors = new NamedTensors(file, device, path, held);
            SimilarityWeights weights = Read(tensors, configuration, device, held);
            tensors.RequireAllUsed();
            return weights;
        }
        catch
        {
            held.ForEach(buffer => buffer.Dispose());
            throw;
        }
    }

    private static SimilarityWeights Read(NamedTensors tensors, SimilarityConfiguration configuration, Device device, List<IDisposable> held)
    {
        int d = configuration.Columns;
        // Buffers of the published training code that hold nothing learnt.
        tensors.Ignore(name => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal) || name == "transformer.wpe.inv_freq");
        return new SimilarityWeights(held)
        {
            Tokens = tensors.Take("transformer.wte.weight", configuration.Vocabulary, d),
            Positions = configuration.Positions switch
            {
                PositionKind.Learned => (DeviceView<float>)tensors.Take("transformer.wpe.weight", configuration.MaximumLength, d),
                PositionKind.Sinusoidal => (DeviceView<float>)tensors.Hold(device.Upload(Sinusoids(tensors, configuration))),
                _ => (DeviceView<float>?)null,
            },
            Blocks = [.. Enumerable.Range(0, configuration.Layers).Select(layer => Block(tensors, configuration, $"transformer.h.{layer}."))],
            Gain = tensors.Take("transformer.ln_f.weight", d),
            Bias = tensors.TakeOrZeros("transformer.ln_f.bias", d),
            Output = tensors.Take("lm_head.weight", configuration.OutputColumns, d),
        };
    }

    private static BlockWeights Block(NamedTensors tensors, SimilarityConfiguration configuration, string block)
    {
        int d = configuration.Columns;
        return new BlockWeights
        {
            AttentionGain = tensors.Take(block + "ln_1.weight", d),
            AttentionBias = tensors.TakeOrZeros(block + "ln_1.bias", d),
            In = tensors.Take(block + "attn.c_attn.weight", 3 * d, d),
            InBias = tensors.TakeOrZeros(block + "attn.c_attn.bias", 3 * d),
            Out = tensors.Take(block + "attn.c_proj.weight", d, d),
            OutBias = tensors.TakeOrZeros(block + "attn.c_proj.bias", d),
            HiddenGain = tensors.Take(block + "ln_2.weight", d),
            HiddenBias = tensors.TakeOrZeros(block + "ln_2.bias", d),
            Up = tensors.Take(block + "mlp.c_fc.weight", 4 * d, d),
            UpBias = tensors.TakeOrZeros(block + "mlp.c_fc.bias", 4 * d),
            Down = tensors.Take(block + "mlp.c_proj.weight", d, 4 * d),
            DownBias = tensors.TakeOrZeros(block + "mlp.c_proj.bias", d),
            Terms = Terms(tensors, configuration, block),
        };
    }

    /// <summary>
    /// The published table has a row for each clipped offset -r to r of key and query. Keys at distance r and beyond are
    /// hidden and later keys not seen, so that rows 1 to r remain: the oldest first, as attention takes them.
    /// </summary>
    private static AttentionTerms Terms(NamedTensors tensors, SimilarityConfiguration configuration, string block)
    {
        int band = configuration.Band, size = configuration.HeadSize;
        switch (configuration.Positions)
        {
            case PositionKind.Relative:
                DeviceBuffer<float> keys = tensors.Take(block + "attn.relative_position_k.embeddings_table", 2 * band + 1, size);
                DeviceBuffer<float> values = tensors.Take(block + "attn.relative_position_v.embeddings_table", 2 * band + 1, size);
                return new AttentionTerms { RelativeKeys = keys.Slice(size, band * size), RelativeValues = values.Slice(size, band * size) };
            case PositionKind.Bias:
                return new AttentionTerms { Bias = tensors.Take(block + "attn.distance_bias", configuration.Heads, band) };
            default:
                return default;
        }
    }

    /// <summary>Row t: sin(t f_0), cos(t f_0), sin(t f_1), cos(t f_1), ... with f_i = 10000^(-2i/d), or those of the file.</summary>
    private static float[] Sinusoids(NamedTensors tensors, SimilarityConfiguration configuration)
    {
        int d = configuration.Columns, length = configuration.MaximumLength;
        float[]? frequencies = tensors.Values("transformer.wpe.inv_freq", (d + 1) / 2);
        var rows = new float[(long)length * d];
        for (int t = 0; t < length; t++)
        {
            for (int c = 0; c < d; c++)
            {
                double frequency = frequencies?[c / 2] ?? Math.Pow(10_000, -2.0 * (c / 2) / d);
                rows[t * d + c] = (float)(c % 2 == 0 ? Math.Sin(t * frequency) : Math.Cos(t * frequency));
            }
        }
        return rows;
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in held)
            buffer.Dispose();
    }
}
