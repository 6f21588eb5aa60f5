namespace Gim.Kernels.Devices;

/// <summary>The checks that all operations share: every device refuses the same calls with the same words.</summary>
public abstract partial class Device
{
    /// <summary>The number of values in a matrix of these sizes.</summary>
    /// <exception cref="ShapeException">A size is negative, or there are more values than a buffer can hold.</exception>
    private static int Count(string operation, string firstName, int first, string secondName, int second)
    {
        RequireSize(operation, firstName, first);
        RequireSize(operation, secondName, second);
        long count = (long)first * second;
        if (count > MaximumLength)
            throw new ShapeException($"{operation}: {firstName} {first} x {secondName} {second} are more than {MaximumLength} values");
        return (int)count;
    }

    private static void RequireSize(string operation, string name, int size)
    {
        if (size < 0)
            throw new ShapeException($"{operation}: {name} is {size}; it must not be negative");
    }

    /// <summary>The view is of a living buffer of this device and has exactly so many values.</summary>
    private void RequireLength<T>(string operation, string name, DeviceView<T> view, int length) where T : unmanaged
    {
        ThrowIfDisposed();
        DeviceBuffer<T> buffer = view.Buffer ?? throw new BufferException($"{operation}: {name} has no buffer");
        if (buffer.IsDisposed)
            throw new BufferException($"{operation}: the buffer of {name} ({buffer.Length} values) was disposed");
        if (buffer.Device != this)
            throw new BufferException($"{operation}: the buffer of {name} belongs to {(buffer.Device.Description.Choice == Description.Choice ? "another " : "")}device {buffer.Device.Description.Choice}, not to this {Description.Choice}");
        if (view.Length != length)
            throw new ShapeException($"{operation}: {name} has {view.Length} values where {length} are needed");
    }

    /// <summary>The destination shares no value with a source.</summary>
    private static void RequireApart<T>(string operation, string name, DeviceView<T> destination, string otherName, DeviceView<T> other) where T : unmanaged
    {
        if (destination.Overlaps(other))
            throw new ShapeException($"{operation}: {name} overlaps {otherName}");
    }

    /// <summary>The destination is the source itself (in place) or shares no value with it.</summary>
    private static void RequireSameOrApart<T>(string operation, string name, DeviceView<T> destination, string otherName, DeviceView<T> other) where T : unmanaged
    {
        if (!destination.IsSameAs(other) && destination.Overlaps(other))
            throw new ShapeException($"{operation}: {name} overlaps a part of {otherName}; the same place or a place apart can be used");
    }

    /// <summary>Nothing that is written overlaps anything else that is written or one of the sources.</summary>
    private static void RequireAllApart<T>(
        string operation, ReadOnlySpan<(string Name, DeviceView<T> View)> written, ReadOnlySpan<(string Name, DeviceView<T> View)> sources) where T : unmanaged
    {
        for (int i = 0; i < written.Length; i++)
        {
            foreach ((string name, DeviceView<T> source) in sources)
                RequireApart(operation, written[i].Name, written[i].View, name, source);
            for (int j = 0; j < i; j++)
                RequireApart(operation, written[i].Name, written[i].View, written[j].Name, written[j].View);
        }
    }
}
