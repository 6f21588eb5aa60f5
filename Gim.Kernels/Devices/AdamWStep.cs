namespace Gim.Kernels.Devices;

/// <summary>One step of AdamW (Loshchilov and Hutter 2019): its hyper-parameters and its number.</summary>
public readonly record struct AdamWStep()
{
    /// <summary>η, at least 0.</summary>
    public required float LearningRate { get; init; }

    /// <summary>What the mean of gradients keeps at a step, from 0 to below 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>What the mean of squared gradients keeps at a step, from 0 to below 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the mean of squares, at least 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>λ, at least 0: each step takes η λ of a parameter away, apart from its gradient.</summary>
    public float WeightDecay { get; init; }

    /// <summary>The step's number, from 1: the means start from 0, which is divided out.</summary>
    public required int Step { get; init; }

    /// <summary>The longest gradient; a longer one is scaled down to it. 0: none is too long.</summary>
    public float MaximumNorm { get; init; }

    /// <exception cref="HyperparameterException">A value is outside its range.</exception>
    internal void Check(string operation, bool hasNorm)
    {
        static bool IsSize(float value) => value >= 0 && float.IsFinite(value);
        static bool IsShare(float value) => value is >= 0 and < 1;

        string? wrong =
            !IsSize(LearningRate) ? $"learning rate {LearningRate:R}; it must be a number from 0"
            : !IsShare(Beta1) ? $"beta1 {Beta1:R}; it must be from 0 to below 1"
            : !IsShare(Beta2) ? $"beta2 {Beta2:R}; it must be from 0 to below 1"
            : !IsSize(Epsilon) ? $"epsilon {Epsilon:R}; it must be a number from 0"
            : !IsSize(WeightDecay) ? $"weight decay {WeightDecay:R}; it must be a number from 0"
            : Step < 1 ? $"step {Step}; steps count from 1"
            : !IsSize(MaximumNorm) ? $"maximum norm {MaximumNorm:R}; it must be a number from 0 (0: none)"
            : MaximumNorm > 0 && !hasNorm ? $"maximum norm {MaximumNorm:R} without the gradient's squared norm; it must be given"
            : null;
        if (wrong is not null)
            throw new HyperparameterException($"{operation}: {wrong}");
    }
}
