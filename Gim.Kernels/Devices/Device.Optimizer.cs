namespace Gim.Kernels.Devices;

/// <summary>What a training step does with gradients.</summary>
public abstract partial class Device
{
    /// <summary>
    /// destination_0 += Σ_i source_i². Sums are cut at places that depend on the length only, so results repeat bit for
    /// bit; they keep float32's digits however many values there are.
    /// </summary>
    /// <param name="source">[n]</param>
    /// <param name="destination">[1]; apart from the source.</param>
    public void AddSumOfSquares(DeviceView<float> source, DeviceView<float> destination)
    {
        const string operation = "add sum of squares";
        RequireLength(operation, nameof(source), source, source.Length);
        RequireLength(operation, nameof(destination), destination, 1);
        RequireApart(operation, nameof(destination), destination, nameof(source), source);
        if (source.Length > 0) AddSumOfSquaresCore(source, destination);
    }

    /// <summary>
    /// One step of AdamW (Loshchilov and Hutter 2019, decoupled decay, with bias correction), in place:
    /// m = β₁ m + (1 - β₁) g, v = β₂ v + (1 - β₂) g², p = (1 - η λ) p - η m / (1 - β₁^t) / (√(v / (1 - β₂^t)) + ε).
    /// Where a squared norm is given and the step has a maximum norm, g is the gradient times
    /// min(1, maximum norm / √squared norm): all parameters' gradients are scaled as one, and the host need not wait for
    /// their norm. A norm of NaN gives NaN everywhere; one of ∞ makes finite gradients 0. NaN in a gradient stays with its
    /// parameter.
    /// </summary>
    /// <param name="parameters">[n], p.</param>
    /// <param name="gradient">[n]</param>
    /// <param name="firstMoment">[n], m; zeros before the first step.</param>
    /// <param name="secondMoment">[n], v; zeros before the first step.</param>
    /// <param name="squaredNorm">[1], or none: the sum of squares of all gradients of the step.</param>
    /// <exception cref="HyperparameterException">A value of the step is outside its range.</exception>
    public void AdamW(
        DeviceView<float> parameters, DeviceView<float> gradient, DeviceView<float> firstMoment, DeviceView<float> secondMoment,
        AdamWStep step, DeviceView<float> squaredNorm = default)
    {
        const string operation = "adamw";
        RequireLength(operation, nameof(parameters), parameters, parameters.Length);
        RequireLength(operation, nameof(gradient), gradient, parameters.Length);
        RequireLength(operation, nameof(firstMoment), firstMoment, parameters.Length);
        RequireLength(operation, nameof(secondMoment), secondMoment, parameters.Length);
        bool hasNorm = squaredNorm.Buffer is not null;
        if (hasNorm) RequireLength(operation, nameof(squaredNorm), squaredNorm, 1);
        RequireAllApart(
            operation, [(nameof(parameters), parameters), (nameof(firstMoment), firstMoment), (nameof(secondMoment), secondMoment)],
            [(nameof(gradient), gradient), (nameof(squaredNorm), squaredNorm)]);
        step.Check(operation, hasNorm);
        if (parameters.Length > 0)
            AdamWCore(parameters, gradient, firstMoment, secondMoment, step, squaredNorm, hasNorm && step.MaximumNorm > 0);
    }

    private protected abstract void AddSumOfSquaresCore(DeviceView<float> source, DeviceView<float> destination);

    /// <param name="squaredNorm">To be left alone without <paramref name="clips"/>.</param>
    private protected abstract void AdamWCore(
        DeviceView<float> parameters, DeviceView<float> gradient, DeviceView<float> firstMoment, DeviceView<float> secondMoment,
        AdamWStep step, DeviceView<float> squaredNorm, bool clips);
}
