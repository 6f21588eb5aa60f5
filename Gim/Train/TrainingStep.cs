using Gim.Kernels.Devices;

namespace Gim.Train;

/// <summary>What one step of training came to.</summary>
/// <param name="Loss">Mean over the answerable positions; NaN where there was none.</param>
/// <param name="Answerable">Positions that have an answer.</param>
/// <param name="GradientNorm">Of all parameters, before clipping.</param>
/// <param name="InverseTemperature">1/T the step was computed with.</param>
internal readonly record struct StepResult(double Loss, int Answerable, double GradientNorm, double InverseTemperature);

/// <summary>The optimiser's settings that stay through a run.</summary>
internal sealed record OptimizerSettings
{
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.98;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; }

    /// <summary>The longest gradient; 0: none is too long.</summary>
    public double MaximumNorm { get; init; } = 1;

    /// <summary>Whether 1/T is learnt; else it stays.</summary>
    public bool LearnTemperature { get; init; } = true;
}

/// <summary>
/// A step of training: retrieval likelihood of a batch (in one or several passes whose gradients add up), and AdamW. All
/// that it keeps between steps are the parameters and the two moments.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    /// <summary>1/T stays in this range: beyond it the weights of unlike contexts leave float32.</summary>
    private const float HighestInverseTemperature = 50, LowestInverseTemperature = 0.1f;

    private readonly ModelParameters parameters;
    private readonly OptimizerSettings optimizer;
    private readonly RetrievalShape shape;
    private readonly TrainingNetwork network;
    private readonly DeviceBuffer<float> first, second, norm, inverseTemperature, inverseTemperatureGradient, losses, upstream;
    private readonly DeviceBuffer<int> nextTokens;
    private readonly float[] one = new float[1], lossesHere;
    private readonly int[] contexts, targets;

    /// <param name="parameters">Stay the caller's to dispose.</param>
    /// <param name="shape">Sequences of a pass and their length.</param>
    public TrainingStep(ModelParameters parameters, RetrievalShape shape, OptimizerSettings optimizer)
    {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.shape = shape;
        network = new TrainingNetwork(parameters, shape.Sequences, shape.Length);
        Device device = parameters.Device;
        int rows = shape.Sequences * shape.Length;
        first = device.AllocateFloats(parameters.Layout.Length);
        second = device.AllocateFloats(parameters.Layout.Length);
        norm = device.AllocateFloats(1);
        inverseTemperature = device.AllocateFloats(1);
        inverseTemperatureGradient = device.AllocateFloats(1);
        losses = device.AllocateFloats(rows);
        upstream = device.AllocateFloats(rows * shape.Columns);
        nextTokens = device.AllocateInts(rows);
        lossesHere = new float[rows];
        contexts = new int[rows];
        targets = new int[rows];
    }

    /// <summary>The optimiser's mean of gradients, and of their squares.</summary>
    public DeviceBuffer<float> FirstMoment => first;

    /// <inheritdoc cref="FirstMoment"/>
    public DeviceBuffer<float> SecondMoment => second;

    /// <summary>Tokens of a pass: every sequence has one more than positions, the last one's target.</summary>
    public int TokensOfPass => shape.Sequences * (shape.Length + 1);

    /// <summary>Computes loss and gradient of a batch.</summary>
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
        one[0] = optimizer.LearnTemperature ? one[0] * beta : 0;
        device.Upload<float>(one, parameters.Part(parameters.Gradient, ParameterLayout.LogInverseTemperature));
        norm.Clear();
        device.AddSumOfSquares(parameters.Gradient, norm);
        norm.Download(one);
        return new StepResult(answerable == 0 ? double.NaN : sum / answerable, answerable, Math.Sqrt(one[0]), beta);
    }

    /// <summary>Changes the parameters by the gradient of the last batch.</summary>
    /// <param name="number">The step's number, from 1.</param>
    public void Update(int number, double learningRate)
    {
        AdamWStep Step(double decay) => new()
        {
            LearningRate = (float)learningRate,
            Beta1 = (float)optimizer.Beta1,
            Beta2 = (float)optimizer.Beta2,
            Epsilon = (float)optimizer.Epsilon,
            WeightDecay = (float)decay,
            MaximumNorm = (float)optimizer.MaximumNorm,
            Step = number,
        };

        int decaying = parameters.Layout.Decaying, others = parameters.Layout.Length - decaying;
        DeviceView<float> values = parameters.Values, gradient = parameters.Gradient;
        parameters.Device.AdamW(values.Slice(0, decaying), gradient.Slice(0, decaying), first.Slice(0, decaying), second.Slice(0, decaying), Step(optimizer.WeightDecay), norm);
        parameters.Device.AdamW(values.Slice(decaying, others), gradient.Slice(decaying, others), first.Slice(decaying, others), second.Slice(decaying, others), Step(0), norm);
        if (!optimizer.LearnTemperature) return;
        one[0] = MathF.Log(Math.Clamp(parameters.InverseTemperature, LowestInverseTemperature, HighestInverseTemperature));
        parameters.Device.Upload<float>(one, parameters.Part(values, ParameterLayout.LogInverseTemperature));
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
        network.Dispose();
        foreach (DeviceBuffer<float> buffer in (DeviceBuffer<float>[])[first, second, norm, inverseTemperature, inverseTemperatureGradient, losses, upstream])
            buffer.Dispose();
        nextTokens.Dispose();
    }
}
