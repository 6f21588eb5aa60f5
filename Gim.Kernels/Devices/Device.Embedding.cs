namespace Gim.Kernels.Devices;

/// <summary>Rows of a table, picked by index, and their gradient.</summary>
public abstract partial class Device
{
    /// <summary>
    /// destination_i = table_{indexes_i}, a row each. An index that is no row of the table gives a row of NaN: it cannot
    /// be refused without waiting for the device, and must not pass unseen.
    /// </summary>
    /// <param name="table">[rows, columns]</param>
    /// <param name="indexes">[n]</param>
    /// <param name="destination">[n, columns]; apart from the table.</param>
    public void GatherRows(DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, DeviceView<float> destination)
    {
        const string operation = "gather rows";
        RequireEmbedding(operation, nameof(table), table, indexes, rows, columns, nameof(destination), destination);
        if (destination.Length > 0) GatherRowsCore(table, indexes, rows, columns, destination);
    }

    /// <summary>
    /// table_{indexes_i} += source_i, a row each. Sums always run in the order of i, so results repeat bit for bit. An
    /// index that is no row of the table adds nothing.
    /// </summary>
    /// <param name="source">[n, columns]</param>
    /// <param name="indexes">[n]</param>
    /// <param name="table">[rows, columns]; apart from the source.</param>
    public void ScatterAddRows(DeviceView<float> source, DeviceView<int> indexes, int rows, int columns, DeviceView<float> table)
    {
        const string operation = "scatter-add rows";
        RequireEmbedding(operation, nameof(table), table, indexes, rows, columns, nameof(source), source);
        if (source.Length > 0 && table.Length > 0) ScatterAddRowsCore(source, indexes, rows, columns, table);
    }

    private void RequireEmbedding(
        string operation, string tableName, DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, string picksName, DeviceView<float> picks)
    {
        RequireLength(operation, nameof(indexes), indexes, indexes.Length);
        RequireLength(operation, tableName, table, Count(operation, nameof(rows), rows, nameof(columns), columns));
        RequireLength(operation, picksName, picks, Count(operation, "indexes", indexes.Length, nameof(columns), columns));
        RequireApart(operation, picksName, picks, tableName, table);
    }

    private protected abstract void GatherRowsCore(DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, DeviceView<float> destination);

    private protected abstract void ScatterAddRowsCore(DeviceView<float> source, DeviceView<int> indexes, int rows, int columns, DeviceView<float> table);
}
