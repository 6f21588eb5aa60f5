namespace Gim.Kernels.Devices;

/// <summary>
/// Values in a device's memory, zero at first. It belongs to the device that allocated it, and gives its memory back to
/// that device's pool when disposed. It must be disposed: the collector knows nothing of that memory, and a buffer that is
/// only let go keeps it until the device is disposed.
/// </summary>
public sealed class DeviceBuffer<T> : IDisposable where T : unmanaged
{
    private DeviceStorage? storage;

    internal DeviceBuffer(Device device, DeviceStorage storage, int length)
    {
        Device = device;
        this.storage = storage;
        Length = length;
    }

    public Device Device { get; }

    public int Length { get; }

    public bool IsDisposed => storage is null || storage.IsReleased;

    /// <exception cref="BufferException">The buffer was disposed.</exception>
    internal DeviceStorage Storage => storage is { IsReleased: false } live
        ? live
        : throw new BufferException($"a buffer of {Length} values was used after it, or its device, was disposed");

    public DeviceView<T> Slice(int start, int length) => ((DeviceView<T>)this).Slice(start, length);

    /// <summary>Makes all values zero.</summary>
    public void Clear() => Device.Clear(this);

    /// <summary>Copies <paramref name="source"/> [Length] to the device.</summary>
    public void Upload(ReadOnlySpan<T> source) => Device.Upload(source, this);

    /// <summary>Copies the values to <paramref name="destination"/> [Length], after all operations before have run.</summary>
    public void Download(Span<T> destination) => Device.Download(this, destination);

    public T[] ToArray()
    {
        var values = new T[Length];
        Download(values);
        return values;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref storage, null) is { } held)
            Device.Return(held);
    }
}
