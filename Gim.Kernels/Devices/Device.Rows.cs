namespace Gim.Kernels.Devices;

/// <summary>Operations on each row of a matrix by itself. Destinations may be the source itself.</summary>
public abstract partial class Device
{
    /// <summary>
    /// destination_rc = exp(source_rc - m_r) / Σ_c exp(source_rc - m_r), m_r the row's largest value. -∞ gives 0 beside
    /// finite values; a row with NaN or ∞, or of -∞ only, gives NaN everywhere.
    /// </summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="destination">[rows, columns]</param>
    public void Softmax(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        RequireRows("softmax", source, rows, columns, destination);
        if (source.Length > 0) SoftmaxCore(source, rows, columns, destination);
    }

    /// <summary>
    /// destination_rc = source_rc - m_r - log Σ_c exp(source_rc - m_r), m_r the row's largest value. -∞ stays -∞ beside
    /// finite values; a row with NaN or ∞, or of -∞ only, gives NaN everywhere.
    /// </summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="destination">[rows, columns]</param>
    public void LogSoftmax(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        RequireRows("log-softmax", source, rows, columns, destination);
        if (source.Length > 0) LogSoftmaxCore(source, rows, columns, destination);
    }

    /// <summary>
    /// destination_rc = source_rc / √(Σ_c source_rc²): rows of length 1, also where the squares leave float32's range. A row
    /// of zeros gives zeros; a row with NaN or ±∞ gives NaN.
    /// </summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="destination">[rows, columns]</param>
    public void NormalizeRows(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        RequireRows("normalize rows", source, rows, columns, destination);
        if (source.Length > 0) NormalizeRowsCore(source, rows, columns, destination);
    }

    private void RequireRows(string operation, DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, nameof(source), source, count);
        RequireLength(operation, nameof(destination), destination, count);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(source), source);
    }

    private protected abstract void SoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination);

    private protected abstract void LogSoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination);

    private protected abstract void NormalizeRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination);
}
