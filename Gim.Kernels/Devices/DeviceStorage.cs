namespace Gim.Kernels.Devices;

/// <summary>A block of a device's memory, used by one buffer after another.</summary>
internal abstract class DeviceStorage(long bytes)
{
    public long Bytes { get; } = bytes;

    /// <summary>The memory is gone: its device was disposed, or it was freed to make room.</summary>
    public bool IsReleased { get; private set; }

    public void Release()
    {
        if (IsReleased) return;
        IsReleased = true;
        Free();
    }

    protected abstract void Free();
}
