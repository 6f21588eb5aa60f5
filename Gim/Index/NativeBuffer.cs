using System.Runtime.InteropServices;

namespace Gim.Index;

/// <summary>
/// Memory outside the garbage-collected heap, given back when disposed: an index build holds a few bytes per token and
/// must neither be moved nor linger until a collection.
/// </summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly MemoryCount? count;
    private void* memory;

    /// <param name="count">Where the buffer's bytes are counted as long as it lives.</param>
    public NativeBuffer(long length, bool zeroed, MemoryCount? count = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        try
        {
            nuint bytes = Math.Max(1, checked((nuint)length * (nuint)sizeof(T)));
            memory = zeroed ? NativeMemory.AllocZeroed(bytes) : NativeMemory.Alloc(bytes);
            LargePages.Advise(memory, bytes);
        }
        catch (OutOfMemoryException problem)
        {
            throw new InputException(
                $"not enough memory: {length * sizeof(T) / 1e9:F1} GB more were needed to sort the reference text; use a smaller reference or a machine with more memory",
                problem);
        }
        this.count = count;
        count?.Add(Bytes);
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    public long Bytes => Length * sizeof(T);

    public T* Pointer => (T*)memory;

    /// <summary>All of the buffer; for lengths within an int.</summary>
    public Span<T> Span => new(memory, checked((int)Length));

    public void Dispose()
    {
        if (memory is not null)
            count?.Add(-Bytes);
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(memory);
        memory = null;
    }
}
