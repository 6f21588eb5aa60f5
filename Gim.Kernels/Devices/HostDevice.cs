namespace Gim.Kernels.Devices;

/// <summary>A device whose buffers are plain memory.</summary>
public abstract class HostDevice : Device
{
    private protected HostDevice(DeviceDescription description) : base(description)
    {
    }

    /// <summary>The values themselves; valid until the buffer is disposed.</summary>
    private protected static unsafe Span<T> Span<T>(DeviceView<T> view) where T : unmanaged
        => view.Buffer is null ? [] : new((T*)((HostStorage)view.Buffer.Storage).Memory + view.Start, view.Length);

    /// <summary>The same for work that threads share.</summary>
    private protected static unsafe HostValues<T> Values<T>(DeviceView<T> view) where T : unmanaged
        => view.Buffer is null ? default : new((T*)((HostStorage)view.Buffer.Storage).Memory + view.Start, view.Length);

    private protected override DeviceStorage CreateStorage(long bytes) => new HostStorage(bytes);

    private protected override void ClearCore<T>(DeviceView<T> destination) => Span(destination).Clear();

    private protected override void UploadCore<T>(ReadOnlySpan<T> source, DeviceView<T> destination) => source.CopyTo(Span(destination));

    private protected override void DownloadCore<T>(DeviceView<T> source, Span<T> destination) => Span(source).CopyTo(destination);
}
