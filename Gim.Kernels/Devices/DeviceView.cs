namespace Gim.Kernels.Devices;

/// <summary>
/// A run of values inside a buffer: the operand of every operation. A whole buffer is a view of itself. A buffer disposed
/// later makes its views unusable, and operations say so.
/// </summary>
public readonly struct DeviceView<T> where T : unmanaged
{
    private readonly int length;

    internal DeviceView(DeviceBuffer<T> buffer, int start, int length)
    {
        Buffer = buffer;
        Start = start;
        this.length = length;
    }

    /// <summary>Null in the default view, which stands for "none" where an operand is optional.</summary>
    internal DeviceBuffer<T>? Buffer { get; }

    internal int Start { get; }

    public int Length => length;

    /// <exception cref="ShapeException">The part does not lie inside this view.</exception>
    public DeviceView<T> Slice(int start, int length)
    {
        if (start < 0 || length < 0 || start > this.length - length)
            throw new ShapeException($"slice: {length} values from {start} do not lie inside a view of {this.length}");
        return Buffer is null ? this : new DeviceView<T>(Buffer, Start + start, length);
    }

    public static implicit operator DeviceView<T>(DeviceBuffer<T> buffer)
        => buffer is null ? default : new DeviceView<T>(buffer, 0, buffer.Length);

    internal bool IsSameAs(DeviceView<T> other) => Buffer == other.Buffer && Start == other.Start && length == other.length;

    internal bool Overlaps(DeviceView<T> other)
        => Buffer == other.Buffer && length > 0 && other.length > 0
            && Start < (long)other.Start + other.length && other.Start < (long)Start + length;
}
