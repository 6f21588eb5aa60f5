using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Similarity.Weights;

namespace Gim.Train;

/// <summary>
/// The parameters of a model in training and their gradient, each one run of values on a device, with the tensors as views
/// of it: what concerns all parameters, the norm of the gradient and the optimiser's step, is one call.
/// </summary>
internal sealed class ModelParameters : IDisposable
{
    private const string Smaller = "lower \"columns\" or \"layers\" of the model, or use another device";

    private readonly DeviceBuffer<float> values, gradient;
    private readonly float[] zeros = new float[1];

    /// <param name="initial">All values, in the layout's order.</param>
    public ModelParameters(SimilarityConfiguration configuration, ParameterLayout layout, ReadOnlySpan<float> initial, Device device)
    {
        if (initial.Length != layout.Length)
            throw new ArgumentException($"there are {initial.Length} values for {layout.Length} parameters", nameof(initial));
        Configuration = configuration;
        Layout = layout;
        Device = device;
        values = device.AllocateFloats(layout.Length, Smaller);
        gradient = device.AllocateFloats(layout.Length, Smaller);
        values.Upload(initial);
        Weights = View(values);
        Gradients = View(gradient);
    }

    public SimilarityConfiguration Configuration { get; }

    public ParameterLayout Layout { get; }

    public Device Device { get; }

    public DeviceView<float> Values => values;

    public DeviceView<float> Gradient => gradient;

    /// <summary>The model's weights: views of <see cref="Values"/>.</summary>
    public SimilarityWeights Weights { get; }

    /// <summary>The gradient by each weight: views of <see cref="Gradient"/>.</summary>
    public SimilarityWeights Gradients { get; }

    public DeviceView<float> Part(DeviceView<float> all, string name) => all.Slice(Layout[name].Start, Layout[name].Length);

    /// <summary>1/T, from its logarithm among the parameters.</summary>
    public float InverseTemperature
    {
        get
        {
            Device.Download(Part(values, ParameterLayout.LogInverseTemperature), zeros);
            return MathF.Exp(zeros[0]);
        }
    }

    /// <summary>T as files of weights may hold it.</summary>
    public double Temperature => Math.Clamp(1 / (double)InverseTemperature, SimilarityConfiguration.LowestTemperature, SimilarityConfiguration.HighestTemperature);

    public void ClearGradient() => gradient.Clear();

    /// <summary>The tensors as a file of weights holds them.</summary>
    public IReadOnlyList<WeightTensor> ToTensors()
    {
        float[] all = values.ToArray();
        var tensors = new List<WeightTensor>();
        foreach (Parameter parameter in Layout.All)
        {
            if (parameter.Name == ParameterLayout.LogInverseTemperature) continue;
            float[] own = all.AsSpan(parameter.Start, parameter.Length).ToArray();
            if (!parameter.Name.EndsWith("embeddings_table", StringComparison.Ordinal))
            {
                tensors.Add(new WeightTensor(parameter.Name, parameter.Shape, own));
                continue;
            }
            int band = Configuration.Band, size = Configuration.HeadSize;
            float[] table = new float[(2 * band + 1) * size];
            own.CopyTo(table.AsSpan(size));
            tensors.Add(new WeightTensor(parameter.Name, [2 * band + 1, size], table));
        }
        return tensors;
    }

    private SimilarityWeights View(DeviceBuffer<float> all)
    {
        DeviceView<float> Part(string name) => this.Part(all, name);
        return new SimilarityWeights([])
        {
            Tokens = Part(ParameterLayout.Tokens),
            Gain = Part(ParameterLayout.Gain),
            Bias = Part(ParameterLayout.Bias),
            Output = Part(ParameterLayout.Output),
            Blocks = [.. Enumerable.Range(0, Configuration.Layers).Select(layer =>
            {
                DeviceView<float> Of(string tensor) => Part(ParameterLayout.BlockName(layer, tensor));
                return new BlockWeights
                {
                    AttentionGain = Of("ln_1.weight"),
                    AttentionBias = Of("ln_1.bias"),
                    In = Of("attn.c_attn.weight"),
                    InBias = Of("attn.c_attn.bias"),
                    Out = Of("attn.c_proj.weight"),
                    OutBias = Of("attn.c_proj.bias"),
                    HiddenGain = Of("ln_2.weight"),
                    HiddenBias = Of("ln_2.bias"),
                    Up = Of("mlp.c_fc.weight"),
                    UpBias = Of("mlp.c_fc.bias"),
                    Down = Of("mlp.c_proj.weight"),
                    DownBias = Of("mlp.c_proj.bias"),
                    Terms = Configuration.Positions == PositionKind.Bias
                        ? new AttentionTerms { Bias = Of("attn.distance_bias") }
                        : new AttentionTerms
                        {
                            RelativeKeys = Of("attn.relative_position_k.embeddings_table"),
                            RelativeValues = Of("attn.relative_position_v.embeddings_table"),
                        },
                };
            })],
        };
    }

    public void Dispose()
    {
        values.Dispose();
        gradient.Dispose();
    }
}
