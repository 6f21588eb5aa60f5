namespace Gim.Kernels.Devices;

/// <summary>Operations on each column of a matrix by itself. Sums run in a fixed order, so results repeat bit for bit.</summary>
public abstract partial class Device
{
    /// <summary>destination_c += Σ_r source_rc: the gradient of a bias.</summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="destination">[columns]; apart from the source.</param>
    public void SumRows(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        const string operation = "sum rows";
        RequireLength(operation, nameof(source), source, Count(operation, nameof(rows), rows, nameof(columns), columns));
        RequireLength(operation, nameof(destination), destination, columns);
        RequireApart(operation, nameof(destination), destination, nameof(source), source);
        if (source.Length > 0) SumRowsCore(source, rows, columns, destination);
    }

    /// <summary>
    /// destination_rc = (source_rc - μ_c) / σ_c, with μ_c the column's mean and σ_c its standard deviation (of the
    /// population: divided by the number of rows). A column of equal values, or whose variance is zero in float32, is only
    /// centred: σ is 0, and equal values give exactly 0. NaN or ±∞ in a column gives NaN in all its values, μ and σ.
    /// Without rows nothing is written.
    /// </summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="destination">[rows, columns]; may be the source itself.</param>
    /// <param name="mean">[columns], μ.</param>
    /// <param name="deviation">[columns], σ.</param>
    public void StandardizeColumns(
        DeviceView<float> source, int rows, int columns, DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> deviation)
    {
        const string operation = "standardize columns";
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, nameof(source), source, count);
        RequireLength(operation, nameof(destination), destination, count);
        RequireLength(operation, nameof(mean), mean, columns);
        RequireLength(operation, nameof(deviation), deviation, columns);
        RequireSameOrApart(operation, nameof(destination), destination, nameof(source), source);
        RequireAllApart(operation, [(nameof(mean), mean), (nameof(deviation), deviation)], [(nameof(source), source), (nameof(destination), destination)]);
        if (count > 0) StandardizeColumnsCore(source, rows, columns, destination, mean, deviation);
    }

    /// <summary>
    /// destination_c = Pearson's r of column c of a and column c of b, clipped to [-1, 1]; 0 where either column's values
    /// are equal (or their squared distances from the mean sum to zero in float32), as without rows. NaN or ±∞ in a column
    /// gives NaN.
    /// </summary>
    /// <param name="a">[rows, columns]</param>
    /// <param name="b">[rows, columns]</param>
    /// <param name="destination">[columns]; apart from the sources.</param>
    public void CorrelateColumns(DeviceView<float> a, DeviceView<float> b, int rows, int columns, DeviceView<float> destination)
    {
        const string operation = "correlate columns";
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, nameof(a), a, count);
        RequireLength(operation, nameof(b), b, count);
        RequireLength(operation, nameof(destination), destination, columns);
        RequireApart(operation, nameof(destination), destination, nameof(a), a);
        RequireApart(operation, nameof(destination), destination, nameof(b), b);
        if (columns > 0) CorrelateColumnsCore(a, b, rows, columns, destination);
    }

    private protected abstract void SumRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination);

    private protected abstract void StandardizeColumnsCore(
        DeviceView<float> source, int rows, int columns, DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> deviation);

    /// <param name="rows">May be 0.</param>
    private protected abstract void CorrelateColumnsCore(DeviceView<float> a, DeviceView<float> b, int rows, int columns, DeviceView<float> destination);
}
