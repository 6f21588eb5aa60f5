using Gim.Kernels.Devices;

namespace Gim.Train;

/// <summary>The retrieval likelihood of a batch and its gradient, in one or several passes whose gradients add up.</summary>
internal sealed class RetrievalStep : IDisposable
{
    private readonly ModelParameters parameters;
    private readonly RetrievalShape shape;
    private readonly TrainingNetwork network;
    private readonly DeviceBuffer<float> inverseTemperature, inverseTemperatureGradient, losses, upstream;
    private readonly DeviceBuffer<int> nextTokens;
    private readonly float[] one = new float[1], lossesHere;
    private readonly int[] contexts, targets;

    /// <param name="parameters">Stay the caller's to dispose.</param>
    /// <param name="shape">Sequences of a pass and their length.</param>
    public RetrievalStep(ModelParameters parameters, RetrievalShape shape, OptimizerSettings optimizer)
    {
        this.parameters = parameters;
        this.shape = shape;
        Optimizer = new Optimizer(parameters, optimizer);
        network = new TrainingNetwork(parameters, shape.Sequences, shape.Length);
        Device device = parameters.Device;
        int rows = shape.Sequences * shape.Length;
        inverseTemperature = device.AllocateFloats(1);
        inverseTemperatureGradient = device.AllocateFloats(1);
        losses = device.AllocateFloats(rows);
        upstream = device.AllocateFloats(rows * shape.Columns);
        nextTokens = device.AllocateInts(rows);
        lossesHere = new float[rows];
        contexts = new int[rows];
        targets = new int[rows];
    }

    public Optimizer Optimizer { get; }

    /// <summary>Tokens of a pass: every sequence has one more than positions, the last one's target.</summary>
    public int TokensOfPass => shape.Sequences * (shape.Length + 1);

    /// <summary>Computes loss and gradient of a batch; the loss is the mean over the answerable positions.</summary>
    /// <param name="tokens">[passes · sequences · (length + 1)]</param>
    public StepResult Gradient(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length % TokensOfPass != 0)
            throw new ArgumentException($"{tokens.Length} tokens are no whole passes of {TokensOfPass}", nameof(tokens));
        Device device = parameters.Device;
        float beta = parameters.InverseTemperature;
        one[0] = beta;
        inverseTemperature.Upload(one);
        parameters.ClearGradient();
        inverseTemperatureGradient.Clear();
        int answerable = 0;
        for (int pass = 0; pass < tokens.Length; pass += TokensOfPass)
        {
            Divide(tokens.Slice(pass, TokensOfPass));
            answerable += shape.CountAnswerable(targets);
        }
        double sum = 0;
        for (int pass = 0; pass < tokens.Length; pass += TokensOfPass)
        {
            Divide(tokens.Slice(pass, TokensOfPass));
            nextTokens.Upload(targets);
            DeviceView<float> embeddings = network.Forward(contexts);
            device.RetrievalLikelihood(
                embeddings, nextTokens, shape, inverseTemperature, answerable == 0 ? 0 : 1f / answerable, losses, upstream, inverseTemperatureGradient);
            network.Backward(upstream);
            losses.Download(lossesHere);
            foreach (float loss in lossesHere)
                sum += loss;
        }
        // d/d log(1/T) = (1/T) d/d(1/T).
        inverseTemperatureGradient.Download(one);
        double norm = Optimizer.Complete(one[0] * beta);
        return new StepResult(answerable == 0 ? double.NaN : sum / answerable, answerable, norm, beta);
    }

    /// <summary>Each sequence's tokens but the last are contexts' ends, those but the first targets.</summary>
    private void Divide(ReadOnlySpan<int> tokens)
    {
        for (int s = 0; s < shape.Sequences; s++)
        {
            ReadOnlySpan<int> own = tokens.Slice(s * (shape.Length + 1), shape.Length + 1);
            own[..^1].CopyTo(contexts.AsSpan(s * shape.Length));
            own[1..].CopyTo(targets.AsSpan(s * shape.Length));
        }
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        network.Dispose();
        foreach (DeviceBuffer<float> buffer in (DeviceBuffer<float>[])[inverseTemperature, inverseTemperatureGradient, losses, upstream])
            buffer.Dispose();
        nextTokens.Dispose();
    }
}
