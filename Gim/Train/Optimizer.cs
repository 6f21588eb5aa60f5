using Gim.Kernels.Devices;

namespace Gim.Train;

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

/// <summary>AdamW over a model's parameters. All that a training keeps between steps are the parameters and the two moments.</summary>
internal sealed class Optimizer : IDisposable
{
    /// <summary>1/T stays in this range: beyond it the weights of unlike contexts leave float32.</summary>
    private const float HighestInverseTemperature = 50, LowestInverseTemperature = 0.1f;

    private readonly ModelParameters parameters;
    private readonly OptimizerSettings settings;
    private readonly DeviceBuffer<float> first, second, norm;
    private readonly float[] one = new float[1];

    /// <param name="parameters">Stay the caller's to dispose.</param>
    public Optimizer(ModelParameters parameters, OptimizerSettings settings)
    {
        this.parameters = parameters;
        this.settings = settings;
        Device device = parameters.Device;
        first = device.AllocateFloats(parameters.Layout.Length);
        second = device.AllocateFloats(parameters.Layout.Length);
        norm = device.AllocateFloats(1);
    }

    /// <summary>The mean of gradients, and of their squares.</summary>
    public DeviceBuffer<float> FirstMoment => first;

    /// <inheritdoc cref="FirstMoment"/>
    public DeviceBuffer<float> SecondMoment => second;

    /// <summary>Completes the gradient by the one of log(1/T), which is 0 where T is not learnt.</summary>
    /// <returns>The length of the whole gradient, before clipping.</returns>
    public double Complete(float logInverseTemperatureGradient)
    {
        one[0] = settings.LearnTemperature ? logInverseTemperatureGradient : 0;
        parameters.Device.Upload<float>(one, parameters.Part(parameters.Gradient, ParameterLayout.LogInverseTemperature));
        norm.Clear();
        parameters.Device.AddSumOfSquares(parameters.Gradient, norm);
        norm.Download(one);
        return Math.Sqrt(one[0]);
    }

    /// <summary>Changes the parameters by the gradient that was completed last.</summary>
    /// <param name="number">The step's number, from 1.</param>
    public void Update(int number, double learningRate)
    {
        AdamWStep Step(double decay) => new()
        {
            LearningRate = (float)learningRate,
            Beta1 = (float)settings.Beta1,
            Beta2 = (float)settings.Beta2,
            Epsilon = (float)settings.Epsilon,
            WeightDecay = (float)decay,
            MaximumNorm = (float)settings.MaximumNorm,
            Step = number,
        };

        int decaying = parameters.Layout.Decaying, others = parameters.Layout.Length - decaying;
        DeviceView<float> values = parameters.Values, gradient = parameters.Gradient;
        parameters.Device.AdamW(values.Slice(0, decaying), gradient.Slice(0, decaying), first.Slice(0, decaying), second.Slice(0, decaying), Step(settings.WeightDecay), norm);
        parameters.Device.AdamW(values.Slice(decaying, others), gradient.Slice(decaying, others), first.Slice(decaying, others), second.Slice(decaying, others), Step(0), norm);
        if (!settings.LearnTemperature) return;
        one[0] = MathF.Log(Math.Clamp(parameters.InverseTemperature, LowestInverseTemperature, HighestInverseTemperature));
        parameters.Device.Upload<float>(one, parameters.Part(values, ParameterLayout.LogInverseTemperature));
    }

    public void Dispose()
    {
        foreach (DeviceBuffer<float> buffer in (DeviceBuffer<float>[])[first, second, norm])
            buffer.Dispose();
    }
}
