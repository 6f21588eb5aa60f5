namespace Gim.Kernels.Devices;

/// <summary>Products of a matrix with itself.</summary>
public abstract partial class Device
{
    /// <summary>
    /// gram += xᵀ x. The gram matrix must be symmetric before, as zeros are: one triangle is added to and then copied to
    /// the other, so that the result is symmetric to the last bit.
    /// </summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="gram">[columns, columns]; apart from x.</param>
    public void AddGram(DeviceView<float> x, int rows, int columns, DeviceView<float> gram)
    {
        const string operation = "add gram";
        RequireLength(operation, nameof(x), x, Count(operation, nameof(rows), rows, nameof(columns), columns));
        RequireLength(operation, nameof(gram), gram, Count(operation, nameof(columns), columns, nameof(columns), columns));
        RequireApart(operation, nameof(gram), gram, nameof(x), x);
        if (x.Length > 0) AddGramCore(x, rows, columns, gram);
    }

    private protected abstract void AddGramCore(DeviceView<float> x, int rows, int columns, DeviceView<float> gram);
}
