namespace Gim.Kernels.Devices;

/// <summary>Sums over groups of positions.</summary>
public abstract partial class Device
{
    /// <summary>
    /// destination_rs = Σ_t weights_{r, order_t} over t from starts_s up to starts_{s+1}, in that order: the votes of
    /// positions for the tokens that stand there, with what <see cref="Sequences.Segments"/> makes of the tokens. A place
    /// in order that is no column adds nothing and starts beyond order's ends are taken as the ends: neither can be
    /// refused without waiting for the device. A segment that ends before it starts is empty, and its sum 0.
    /// </summary>
    /// <param name="weights">[rows, columns]</param>
    /// <param name="order">[count], columns of weights.</param>
    /// <param name="starts">[segments + 1], places in order.</param>
    /// <param name="destination">[rows, segments]; apart from the weights.</param>
    public void SumSegments(DeviceView<float> weights, DeviceView<int> order, DeviceView<int> starts, int rows, int columns, DeviceView<float> destination)
    {
        const string operation = "sum segments";
        RequireLength(operation, nameof(weights), weights, Count(operation, nameof(rows), rows, nameof(columns), columns));
        RequireLength(operation, nameof(order), order, order.Length);
        RequireLength(operation, nameof(starts), starts, Math.Max(1, starts.Length));
        RequireLength(operation, nameof(destination), destination, Count(operation, nameof(rows), rows, "segments", starts.Length - 1));
        RequireApart(operation, nameof(destination), destination, nameof(weights), weights);
        if (destination.Length > 0) SumSegmentsCore(weights, order, starts, rows, columns, destination);
    }

    /// <param name="columns">May be 0, as may be the length of <paramref name="order"/>.</param>
    private protected abstract void SumSegmentsCore(
        DeviceView<float> weights, DeviceView<int> order, DeviceView<int> starts, int rows, int columns, DeviceView<float> destination);
}
