namespace Gim.Kernels.Devices;

/// <summary>The gradients of the operations on rows. Destinations may be either source itself.</summary>
public abstract partial class Device
{
    /// <summary>
    /// The gradient of <see cref="Softmax"/>: destination_rc = y_rc (g_rc - Σ_c g_rc y_rc), y the result, g the upstream
    /// gradient. NaN in a row of either gives NaN in the whole row.
    /// </summary>
    /// <param name="result">[rows, columns], what came out of <see cref="Softmax"/>.</param>
    /// <param name="upstream">[rows, columns], the gradient of it.</param>
    /// <param name="destination">[rows, columns]</param>
    public void SoftmaxBackward(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
    {
        RequireRowGradient("softmax backward", nameof(result), result, upstream, rows, columns, destination);
        if (result.Length > 0) SoftmaxBackwardCore(result, upstream, rows, columns, destination);
    }

    /// <summary>
    /// The gradient of <see cref="LogSoftmax"/>: destination_rc = g_rc - exp(y_rc) Σ_c g_rc, y the result, g the upstream
    /// gradient. Where y is -∞ the gradient passes as it is; NaN in a row of the upstream gradient gives NaN in the whole
    /// row.
    /// </summary>
    /// <param name="result">[rows, columns], what came out of <see cref="LogSoftmax"/>.</param>
    /// <param name="upstream">[rows, columns], the gradient of it.</param>
    /// <param name="destination">[rows, columns]</param>
    public void LogSoftmaxBackward(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
    {
        RequireRowGradient("log-softmax backward", nameof(result), result, upstream, rows, columns, destination);
        if (result.Length > 0) LogSoftmaxBackwardCore(result, upstream, rows, columns, destination);
    }

    /// <summary>
    /// The gradient of <see cref="NormalizeRows"/>: destination_rc = (g_rc - y_rc (y_r · g_r)) / |x_r|, x the source,
    /// y = x / |x|, g the upstream gradient. A row whose squares sum to zero in float32 gives zeros;
    /// NaN in a row of either gives NaN in the whole row otherwise.
    /// </summary>
    /// <param name="source">[rows, columns], what went into <see cref="NormalizeRows"/>.</param>
    /// <param name="upstream">[rows, columns], the gradient of what came out.</param>
    /// <param name="destination">[rows, columns]</param>
    public void NormalizeRowsBackward(DeviceView<float> source, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
    {
        RequireRowGradient("normalize rows backward", nameof(source), source, upstream, rows, columns, destination);
        if (source.Length > 0) NormalizeRowsBackwardCore(source, upstream, rows, columns, destination);
    }

    private void RequireRowGradient(
        string operation, string name, DeviceView<float> values, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
    {
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, name, values, count);
        RequireLength(operation, nameof(upstream), upstream, count);
        RequireLength(operation, nameof(destination), destination, count);
        RequireSameOrApart(operation, nameof(destination), destination, name, values);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(upstream), upstream);
    }

    private protected abstract void SoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination);

    private protected abstract void LogSoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination);

    private protected abstract void NormalizeRowsBackwardCore(DeviceView<float> source, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination);
}
