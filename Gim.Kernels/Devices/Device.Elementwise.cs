namespace Gim.Kernels.Devices;

/// <summary>Operations on each value by itself. Destinations may be a source itself.</summary>
public abstract partial class Device
{
    /// <summary>destination_i = a_i + b_i.</summary>
    /// <param name="a">[n]</param>
    /// <param name="b">[n]</param>
    /// <param name="destination">[n]</param>
    public void Add(DeviceView<float> a, DeviceView<float> b, DeviceView<float> destination)
    {
        const string operation = "add";
        RequireLength(operation, nameof(a), a, a.Length);
        RequireLength(operation, nameof(b), b, a.Length);
        RequireLength(operation, nameof(destination), destination, a.Length);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(a), a);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(b), b);
        if (a.Length > 0) AddCore(a, b, destination);
    }

    /// <summary>destination_i = factor · source_i.</summary>
    /// <param name="source">[n]</param>
    /// <param name="destination">[n]</param>
    public void Scale(DeviceView<float> source, float factor, DeviceView<float> destination)
    {
        const string operation = "scale";
        RequireLength(operation, nameof(source), source, source.Length);
        RequireLength(operation, nameof(destination), destination, source.Length);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(source), source);
        if (source.Length > 0) ScaleCore(source, factor, destination);
    }

    /// <summary>
    /// The exact GELU: destination_i = x Φ(x) = x/2 (1 + erf(x/√2)), x = source_i. NaN gives NaN, ∞ gives ∞, -∞ gives its
    /// limit, 0.
    /// </summary>
    /// <param name="source">[n]</param>
    /// <param name="destination">[n]</param>
    public void Gelu(DeviceView<float> source, DeviceView<float> destination)
    {
        const string operation = "gelu";
        RequireLength(operation, nameof(source), source, source.Length);
        RequireLength(operation, nameof(destination), destination, source.Length);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(source), source);
        if (source.Length > 0) GeluCore(source, destination);
    }

    /// <summary>
    /// The gradient of <see cref="Gelu"/>: destination_i = upstream_i (Φ(x) + x φ(x)), x = source_i, φ the normal density.
    /// NaN and ±∞ give NaN.
    /// </summary>
    /// <param name="source">[n], what went into <see cref="Gelu"/>.</param>
    /// <param name="upstream">[n], the gradient of what came out.</param>
    /// <param name="destination">[n]</param>
    public void GeluBackward(DeviceView<float> source, DeviceView<float> upstream, DeviceView<float> destination)
    {
        const string operation = "gelu backward";
        RequireLength(operation, nameof(source), source, source.Length);
        RequireLength(operation, nameof(upstream), upstream, source.Length);
        RequireLength(operation, nameof(destination), destination, source.Length);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(source), source);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(upstream), upstream);
        if (source.Length > 0) GeluBackwardCore(source, upstream, destination);
    }

    private protected abstract void AddCore(DeviceView<float> a, DeviceView<float> b, DeviceView<float> destination);

    private protected abstract void ScaleCore(DeviceView<float> source, float factor, DeviceView<float> destination);

    private protected abstract void GeluCore(DeviceView<float> source, DeviceView<float> destination);

    private protected abstract void GeluBackwardCore(DeviceView<float> source, DeviceView<float> upstream, DeviceView<float> destination);
}
