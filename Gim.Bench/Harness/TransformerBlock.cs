using Gim.Kernels.Devices;

namespace Gim.Bench.Harness;

/// <summary>
/// The forward pass of one pre-LayerNorm transformer block, as the similarity transformer has them: random weights, and
/// rows [sequences · length, columns] that are overwritten.
/// </summary>
internal sealed class TransformerBlock : IDisposable
{
    private readonly Device device;
    private readonly AttentionShape shape;
    private readonly int rows, columns;
    private readonly List<IDisposable> held = [];
    private readonly DeviceBuffer<float> stream, normal, mean, inverse, logSumExp, queriesKeysValues, attended, hidden;
    private readonly DeviceBuffer<float> gain, zero, wideZero, attentionBias, inWeights, outWeights, upWeights, downWeights;

    public TransformerBlock(Device device, AttentionShape shape)
    {
        this.device = device;
        this.shape = shape;
        rows = shape.Sequences * shape.Length;
        columns = shape.Columns;
        var random = new Random(42);
        DeviceBuffer<float> Random(int count, float scale) => Hold(device.Upload([.. Enumerable.Range(0, count).Select(_ => scale * (random.NextSingle() - 0.5f))]));
        DeviceBuffer<float> Empty(int count) => Hold(device.AllocateFloats(count));
        stream = Random(rows * columns, 2);
        normal = Empty(rows * columns);
        mean = Empty(rows);
        inverse = Empty(rows);
        logSumExp = Empty(rows * shape.Heads);
        queriesKeysValues = Empty(rows * 3 * columns);
        attended = Empty(rows * columns);
        hidden = Empty(rows * 4 * columns);
        gain = Random(columns, 2);
        zero = Empty(columns);
        wideZero = Empty(4 * columns);
        attentionBias = Random(shape.Heads * shape.Distances, 2);
        float small = 1 / MathF.Sqrt(columns);
        inWeights = Random(columns * 3 * columns, small);
        outWeights = Random(columns * columns, small);
        upWeights = Random(columns * 4 * columns, small);
        downWeights = Random(4 * columns * columns, small / 2);
    }

    /// <summary>Floating-point operations of the four large products.</summary>
    public double ProductOperations => 2.0 * rows * columns * columns * (3 + 1 + 4 + 4);

    public void Forward()
    {
        Normalize();
        ProductsBeforeAttention();
        Attend();
        Product(attended, outWeights, columns, columns, stream, zero, beta: 1, gelu: false);
        Normalize();
        Product(normal, upWeights, columns, 4 * columns, hidden, wideZero, beta: 0, gelu: true);
        Product(hidden, downWeights, 4 * columns, columns, stream, zero, beta: 1, gelu: false);
    }

    /// <summary>The layer norms and the attention, without the products between them.</summary>
    public void WithoutProducts()
    {
        Normalize();
        Attend();
        Normalize();
    }

    /// <summary>The four large products, without bias and GELU.</summary>
    public void ProductsOnly()
    {
        Product(normal, inWeights, columns, 3 * columns, queriesKeysValues, default, beta: 0, gelu: false);
        Product(attended, outWeights, columns, columns, stream, default, beta: 0, gelu: false);
        Product(normal, upWeights, columns, 4 * columns, hidden, default, beta: 0, gelu: false);
        Product(hidden, downWeights, 4 * columns, columns, stream, default, beta: 0, gelu: false);
    }

    private void ProductsBeforeAttention()
        => Product(normal, inWeights, columns, 3 * columns, queriesKeysValues, wideZero.Slice(0, 3 * columns), beta: 0, gelu: false);

    private void Normalize() => device.LayerNorm(stream, gain, zero, rows, columns, normal, mean, inverse);

    private void Attend() => device.Attention(queriesKeysValues, shape, new AttentionTerms { Bias = attentionBias }, attended, logSumExp);

    private void Product(DeviceView<float> a, DeviceView<float> weights, int k, int n, DeviceView<float> c, DeviceView<float> bias, float beta, bool gelu)
        => device.Multiply(a, weights, new ProductShape(rows, n, k) { Beta = beta, Gelu = gelu }, c, bias);

    private DeviceBuffer<float> Hold(DeviceBuffer<float> buffer)
    {
        held.Add(buffer);
        return buffer;
    }

    public void Dispose() => held.ForEach(buffer => buffer.Dispose());
}
