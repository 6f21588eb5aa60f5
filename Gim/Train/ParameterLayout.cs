using Gim.Similarity;

namespace Gim.Train;

/// <summary>A tensor of the model inside the one run of values that all parameters make.</summary>
/// <param name="Name">As files of weights call it.</param>
/// <param name="Start">Its first value's place.</param>
/// <param name="Decays">Whether weight decay pulls at it: matrices, and neither embeddings, biases nor gains.</param>
internal readonly record struct Parameter(string Name, int[] Shape, int Start, bool Decays)
{
    public int Length => Shape.Aggregate(1, (a, b) => checked(a * b));
}

/// <summary>
/// Where each tensor of a similarity model lies among its parameters: those that decay first, then the others, so that the
/// optimiser makes two calls for the whole model. The last parameter is log(1/T).
/// </summary>
internal sealed class ParameterLayout
{
    public const string Tokens = "transformer.wte.weight", Gain = "transformer.ln_f.weight", Bias = "transformer.ln_f.bias", Output = "lm_head.weight";

    /// <summary>log(1/T), which no file of weights has: files hold T in their metadata.</summary>
    public const string LogInverseTemperature = "log_inverse_temperature";

    private readonly Dictionary<string, Parameter> byName = new(StringComparer.Ordinal);

    /// <exception cref="InputException">The model has more values than one run of them can hold.</exception>
    public ParameterLayout(SimilarityConfiguration configuration)
    {
        if (configuration.Positions is not (PositionKind.Bias or PositionKind.Relative))
            throw new ArgumentException($"a model with {configuration.Positions} positions is not trained here", nameof(configuration));
        long values = Tensors(configuration).Sum(tensor => tensor.Shape.Aggregate(1L, (a, b) => a * b));
        if (values > Array.MaxLength)
            throw new InputException($"the model would have {values:N0} parameters, and at most {Array.MaxLength:N0} are possible; lower \"model.columns\" or \"model.layers\"");
        int start = 0;
        foreach (bool decays in (bool[])[true, false])
        {
            foreach (var (name, shape) in Tensors(configuration).Where(tensor => IsDecaying(tensor.Name) == decays))
            {
                var parameter = new Parameter(name, shape, start, decays);
                byName.Add(name, parameter);
                start = checked(start + parameter.Length);
            }
            if (decays) Decaying = start;
        }
        Length = start;
    }

    /// <summary>Values in all.</summary>
    public int Length { get; }

    /// <summary>So many from the first on decay.</summary>
    public int Decaying { get; }

    /// <summary>In the order of their places.</summary>
    public IEnumerable<Parameter> All => byName.Values;

    public Parameter this[string name] => byName[name];

    public static string BlockName(int layer, string tensor) => $"transformer.h.{layer}.{tensor}";

    private static bool IsDecaying(string name) => name == Output || (name.Contains(".c_", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal));

    private static IEnumerable<(string Name, int[] Shape)> Tensors(SimilarityConfiguration configuration)
    {
        int d = configuration.Columns, band = configuration.Band;
        for (int layer = 0; layer < configuration.Layers; layer++)
        {
            yield return (BlockName(layer, "ln_1.weight"), [d]);
            yield return (BlockName(layer, "ln_1.bias"), [d]);
            yield return (BlockName(layer, "attn.c_attn.weight"), [3 * d, d]);
            yield return (BlockName(layer, "attn.c_attn.bias"), [3 * d]);
            yield return (BlockName(layer, "attn.c_proj.weight"), [d, d]);
            yield return (BlockName(layer, "attn.c_proj.bias"), [d]);
            yield return (BlockName(layer, "ln_2.weight"), [d]);
            yield return (BlockName(layer, "ln_2.bias"), [d]);
            yield return (BlockName(layer, "mlp.c_fc.weight"), [4 * d, d]);
            yield return (BlockName(layer, "mlp.c_fc.bias"), [4 * d]);
            yield return (BlockName(layer, "mlp.c_proj.weight"), [d, 4 * d]);
            yield return (BlockName(layer, "mlp.c_proj.bias"), [d]);
            if (configuration.Positions == PositionKind.Bias)
            {
                yield return (BlockName(layer, "attn.distance_bias"), [configuration.Heads, band]);
                continue;
            }
            // Rows 1 to r of the published tables; the others are never seen.
            yield return (BlockName(layer, "attn.relative_position_k.embeddings_table"), [band, configuration.HeadSize]);
            yield return (BlockName(layer, "attn.relative_position_v.embeddings_table"), [band, configuration.HeadSize]);
        }
        yield return (Gain, [d]);
        yield return (Bias, [d]);
        yield return (Output, [configuration.OutputColumns, d]);
        yield return (Tokens, [configuration.Vocabulary, d]);
        yield return (LogInverseTemperature, [1]);
    }
}
