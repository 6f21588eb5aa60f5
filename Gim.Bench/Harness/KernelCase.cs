using Gim.Kernels.Devices;

namespace Gim.Bench.Harness;

/// <summary>What bounds an operation: multiply-adds, memory that is only read, or memory that is also written.</summary>
internal enum Bound
{
    Compute,
    Read,
    ReadAndWrite,
}

/// <summary>One operation in one shape.</summary>
/// <param name="Amount">Floating-point operations, or bytes read and written, of one call.</param>
/// <param name="Prepare">Makes the operands and gives the call.</param>
internal sealed record KernelCase(string Operation, string Shape, Bound Bound, double Amount, Func<Device, KernelOperands, Action> Prepare)
{
    public string Unit => Bound == Bound.Compute ? "GFLOP/s" : "GB/s";
}

/// <summary>The operands of one case on one device.</summary>
internal sealed class KernelOperands(Device device) : IDisposable
{
    private readonly Random random = new(42);
    private readonly List<IDisposable> held = [];

    /// <summary>Values evenly spread around 0.</summary>
    public DeviceBuffer<float> Floats(int count, float scale = 1)
    {
        // Random numbers for a million values, which repeat: making hundreds of millions would take longer than the benches.
        const int period = 1 << 20;
        var values = new float[count];
        for (int i = 0; i < Math.Min(count, period); i++)
            values[i] = 2 * scale * (random.NextSingle() - 0.5f);
        for (int i = period; i < count; i += period)
            values.AsSpan(0, Math.Min(period, count - i)).CopyTo(values.AsSpan(i));
        return Hold(device.Upload(values));
    }

    /// <summary>Rows of length 1.</summary>
    public DeviceBuffer<float> Unit(int rows, int columns)
    {
        DeviceBuffer<float> values = Floats(rows * columns);
        device.NormalizeRows(values, rows, columns, values);
        return values;
    }

    public DeviceBuffer<float> Empty(int count) => Hold(device.AllocateFloats(count));

    public DeviceBuffer<int> EmptyInts(int count) => Hold(device.AllocateInts(count));

    /// <summary>Integers below <paramref name="high"/>, small ones more often, as tokens are.</summary>
    public DeviceBuffer<int> Tokens(int count, int high)
        => Hold(device.Upload([.. Enumerable.Range(0, count).Select(_ => (int)(high * Math.Pow(random.NextDouble(), 4)))]));

    public DeviceBuffer<int> Ints(int[] values) => Hold(device.Upload(values));

    private DeviceBuffer<T> Hold<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        held.Add(buffer);
        return buffer;
    }

    public void Dispose() => held.ForEach(buffer => buffer.Dispose());
}
