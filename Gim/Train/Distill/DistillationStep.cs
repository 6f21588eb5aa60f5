using Gim.Kernels.Devices;

namespace Gim.Train.Distill;

/// <summary>
/// The distillation loss of a batch and its gradient by all parameters, in one or several passes whose gradients add up:
/// windows go through the model as sequences of one length, and the embeddings of their last tokens are compared.
/// </summary>
internal sealed class DistillationStep : IDisposable
{
    private readonly ModelParameters parameters;
    private readonly DistillationShape shape;
    private readonly TrainingNetwork network;
    private readonly DistillationLoss loss;
    private readonly DeviceBuffer<int> last;
    private readonly DeviceBuffer<float> embeddings, gradient, radial, upstream;
    private readonly float[] radialHere;
    private readonly int columns;

    /// <param name="parameters">Stay the caller's to dispose.</param>
    public DistillationStep(ModelParameters parameters, DistillationShape shape, OptimizerSettings optimizer)
    {
        this.parameters = parameters;
        this.shape = shape;
        columns = parameters.Configuration.OutputColumns;
        Device device = parameters.Device;
        Optimizer = new Optimizer(parameters, optimizer);
        network = new TrainingNetwork(parameters, shape.Windows, shape.Window);
        loss = new DistillationLoss(device, shape.Queries, shape.Keys, columns);
        last = device.AllocateInts(shape.Windows);
        last.Upload([.. Enumerable.Range(1, shape.Windows).Select(i => i * shape.Window - 1)]);
        embeddings = device.AllocateFloats(shape.Windows * columns);
        gradient = device.AllocateFloats(shape.Windows * columns);
        radial = device.AllocateFloats(shape.Queries);
        radialHere = new float[shape.Queries];
        upstream = device.AllocateFloats(checked(shape.Tokens * columns));
    }

    public Optimizer Optimizer { get; }

    /// <summary>Computes loss and gradient of a batch; the loss is the mean over the queries of all passes.</summary>
    /// <param name="tokens">[passes, queries + keys, window]</param>
    /// <param name="teacherDistances">[passes, queries, keys], as <see cref="DistillationLoss"/> takes them.</param>
    public StepResult Gradient(ReadOnlySpan<int> tokens, ReadOnlySpan<float> teacherDistances)
    {
        int passes = tokens.Length / shape.Tokens;
        if (passes == 0 || tokens.Length != (long)passes * shape.Tokens || teacherDistances.Length != (long)passes * shape.Pairs)
            throw new ArgumentException($"{tokens.Length} tokens and {teacherDistances.Length} distances are no whole passes of {shape.Tokens} and {shape.Pairs}", nameof(tokens));
        Device device = parameters.Device;
        float beta = parameters.InverseTemperature;
        parameters.ClearGradient();
        double sum = 0, slope = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            device.GatherRows(network.Forward(tokens.Slice(pass * shape.Tokens, shape.Tokens)), last, shape.Tokens, columns, embeddings);
            sum += loss.Gradient(embeddings, teacherDistances.Slice(pass * shape.Pairs, shape.Pairs), beta, gradient, 1f / passes).Loss;
            slope += TemperatureSlope();
            upstream.Clear();
            device.ScatterAddRows(gradient, last, shape.Tokens, columns, upstream);
            network.Backward(upstream);
        }
        double norm = Optimizer.Complete((float)slope);
        return new StepResult(sum / passes, checked(passes * shape.Queries), norm, beta);
    }

    /// <summary>
    /// d/d log(1/T). The loss depends on the s_ij = e_i · e_j / T alone, and 1/T scales them as the lengths of all queries
    /// together would: the slope is Σ_i e_i · (gradient by e_i) over the queries.
    /// </summary>
    private double TemperatureSlope()
    {
        int count = shape.Queries * columns;
        parameters.Device.MultiplyBatch(
            embeddings.Slice(0, count), gradient.Slice(0, count), ProductBatch.Contiguous(shape.Queries, new ProductShape(1, 1, columns)), radial);
        radial.Download(radialHere);
        double sum = 0;
        foreach (float value in radialHere)
            sum += value;
        return sum;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        network.Dispose();
        loss.Dispose();
        last.Dispose();
        foreach (DeviceBuffer<float> buffer in (DeviceBuffer<float>[])[embeddings, gradient, radial, upstream])
            buffer.Dispose();
    }
}
