namespace Gim.Kernels.Devices;

/// <summary>
/// Something that computes: buffers, and one list of operations on float32 values in row-major order. What a device is
/// never shows in results beyond rounding. Every operation is a public method here, which checks its operands once for
/// all devices, and a protected <c>...Core</c> method in each device. Operands come in the order sources, sizes,
/// destinations. Operations may return before they are done; <see cref="Download"/> and <see cref="Synchronize"/> wait.
/// A device is used by one thread at a time.
/// </summary>
/// <remarks>
/// To add an operation: the public method with its checks and the abstract core in a file <c>Device.Name.cs</c>, one file
/// in each of Reference, Simd and Ilgpu, and one entry in each of the tests' lists: operation checks, hostile calls, and
/// calls that must not allocate.
/// </remarks>
public abstract partial class Device : IDisposable
{
    /// <summary>The most values in a buffer: every place, and the end of the last group of threads, fits 32 bits.</summary>
    public const int MaximumLength = 0x7FFF_F000;

    private readonly StoragePool pool;
    private bool disposed;

    private protected Device(DeviceDescription description)
    {
        Description = description;
        MemoryLimit = description.MemoryBytes > 0 ? description.MemoryBytes : long.MaxValue;
        pool = new StoragePool(CreateStorage);
    }

    public DeviceDescription Description { get; }

    /// <summary>Bytes that the buffers may take together; the device's memory unless set lower.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long MemoryLimit
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Bytes of the buffers that are not disposed, each rounded up to its size class.</summary>
    public long UsedBytes => pool.LentBytes;

    /// <summary>A buffer of <paramref name="length"/> zeros.</summary>
    /// <param name="length">From 0 to <see cref="MaximumLength"/>.</param>
    /// <param name="smallerBy">What the user can do where memory does not suffice: "lower 'batch'".</param>
    /// <exception cref="DeviceMemoryException">There is not so much memory.</exception>
    public DeviceBuffer<float> AllocateFloats(int length, string? smallerBy = null) => Allocate<float>(length, smallerBy);

    /// <inheritdoc cref="AllocateFloats"/>
    public DeviceBuffer<int> AllocateInts(int length, string? smallerBy = null) => Allocate<int>(length, smallerBy);

    /// <summary>A buffer with the values of <paramref name="source"/>.</summary>
    public DeviceBuffer<float> Upload(ReadOnlySpan<float> source, string? smallerBy = null) => Filled(source, smallerBy);

    /// <inheritdoc cref="Upload(ReadOnlySpan{float}, string?)"/>
    public DeviceBuffer<int> Upload(ReadOnlySpan<int> source, string? smallerBy = null) => Filled(source, smallerBy);

    private DeviceBuffer<T> Filled<T>(ReadOnlySpan<T> source, string? smallerBy) where T : unmanaged
    {
        DeviceBuffer<T> buffer = Allocate<T>(source.Length, smallerBy);
        Upload(source, buffer);
        return buffer;
    }

    private unsafe DeviceBuffer<T> Allocate<T>(int length, string? smallerBy) where T : unmanaged
    {
        ThrowIfDisposed();
        if (length is < 0 or > MaximumLength)
            throw new ShapeException($"allocate: a buffer of {length} values; from 0 to {MaximumLength} are possible");
        long bytes = (long)length * sizeof(T);
        DeviceStorage? storage = Take(bytes, out Exception? cause);
        if (storage is null)
        {
            throw new DeviceMemoryException(
                $"{Description.Choice}: {bytes:N0} bytes were asked for where {Math.Max(0, MemoryLimit - pool.LentBytes):N0} of {MemoryLimit:N0} are free; "
                + (smallerBy ?? "use a smaller model or batch, or another device")
                + (cause is null ? "" : $" (the driver: {cause.Message})"), cause);
        }
        var buffer = new DeviceBuffer<T>(this, storage, length);
        ClearCore<T>(buffer);
        return buffer;
    }

    private DeviceStorage? Take(long bytes, out Exception? cause)
    {
        cause = null;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                return pool.Take(bytes, MemoryLimit);
            }
            catch (OutOfMemoryException refused)
            {
                // The driver's own count, as other programs use the same memory: what is kept for later may suffice.
                cause = refused;
                pool.Trim();
            }
        }
        return null;
    }

    /// <summary>Copies <paramref name="source"/> to <paramref name="destination"/> of the same length.</summary>
    public void Upload<T>(ReadOnlySpan<T> source, DeviceView<T> destination) where T : unmanaged
    {
        RequireLength("upload", nameof(destination), destination, source.Length);
        if (source.Length > 0) UploadCore(source, destination);
    }

    /// <summary>Copies <paramref name="source"/> to <paramref name="destination"/> of the same length, once all is computed.</summary>
    public void Download<T>(DeviceView<T> source, Span<T> destination) where T : unmanaged
    {
        RequireLength("download", nameof(source), source, destination.Length);
        if (destination.Length > 0) DownloadCore(source, destination);
    }

    internal void Clear<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        ThrowIfDisposed();
        if (buffer.Length > 0) ClearCore<T>(buffer);
    }

    /// <summary>Waits until everything asked for is computed.</summary>
    public void Synchronize()
    {
        ThrowIfDisposed();
        SynchronizeCore();
    }

    /// <summary>Gives the memory of disposed buffers back to the system.</summary>
    public void TrimMemory() => pool.Trim();

    internal void Return(DeviceStorage storage) => pool.Return(storage);

    private protected abstract DeviceStorage CreateStorage(long bytes);

    private protected abstract void ClearCore<T>(DeviceView<T> destination) where T : unmanaged;

    private protected abstract void UploadCore<T>(ReadOnlySpan<T> source, DeviceView<T> destination) where T : unmanaged;

    private protected abstract void DownloadCore<T>(DeviceView<T> source, Span<T> destination) where T : unmanaged;

    private protected virtual void SynchronizeCore()
    {
    }

    /// <summary>Frees what the device itself holds; its buffers are freed already.</summary>
    private protected virtual void Close()
    {
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        SynchronizeCore();
        pool.ReleaseAll();
        Close();
        GC.SuppressFinalize(this);
    }

    private void ThrowIfDisposed()
    {
        if (disposed) throw new BufferException($"device {Description.Choice} was used after it was disposed");
    }
}
