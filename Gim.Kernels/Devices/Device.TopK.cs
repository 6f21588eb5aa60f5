namespace Gim.Kernels.Devices;

/// <summary>The largest values of each row.</summary>
public abstract partial class Device
{
    /// <summary>
    /// The k largest values of each row, descending, and their columns; of equal values (0 and -0 are equal) the lowest
    /// column comes first. NaN counts as below -∞, and is given where nothing else is left.
    /// </summary>
    /// <param name="source">[rows, columns]</param>
    /// <param name="k">From 0 to columns. GPUs read a row k times, so it should be small there.</param>
    /// <param name="values">[rows, k]; apart from the source.</param>
    /// <param name="indexes">[rows, k]</param>
    public void TopK(DeviceView<float> source, int rows, int columns, int k, DeviceView<float> values, DeviceView<int> indexes)
    {
        const string operation = "top k";
        RequireLength(operation, nameof(source), source, Count(operation, nameof(rows), rows, nameof(columns), columns));
        if (k < 0 || k > columns)
            throw new ShapeException($"{operation}: k is {k}; it must be from 0 to the {columns} columns");
        int count = Count(operation, nameof(rows), rows, nameof(k), k);
        RequireLength(operation, nameof(values), values, count);
        RequireLength(operation, nameof(indexes), indexes, count);
        RequireApart(operation, nameof(values), values, nameof(source), source);
        if (count > 0) TopKCore(source, rows, columns, k, values, indexes);
    }

    private protected abstract void TopKCore(DeviceView<float> source, int rows, int columns, int k, DeviceView<float> values, DeviceView<int> indexes);
}
