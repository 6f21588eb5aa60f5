namespace Gim.Kernels.Devices;

/// <summary>
/// <see cref="AdamWStep"/> as loops need it: p -= decay p + rate m / (√v root + ε), the bias corrections being in rate and
/// root, which are computed in double.
/// </summary>
internal readonly struct AdamWFactors(AdamWStep step, bool clips)
{
    public readonly float Beta1 = step.Beta1, Beta2 = step.Beta2;

    /// <summary>1 - β, exact from a half on.</summary>
    public readonly float New1 = 1 - step.Beta1, New2 = 1 - step.Beta2;

    public readonly float Decay = (float)((double)step.LearningRate * step.WeightDecay);
    public readonly float Rate = (float)(step.LearningRate / (1 - Math.Pow(step.Beta1, step.Step)));
    public readonly float Root = (float)(1 / Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step)));
    public readonly float Epsilon = step.Epsilon;

    /// <summary>0: the gradient is taken as it is.</summary>
    public readonly float MaximumNorm = clips ? step.MaximumNorm : 0;
}
