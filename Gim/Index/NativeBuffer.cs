using System.Runtime.InteropServices;

namespace Gim.Index;

/// <summary>
/// Memory outside the garbage-collected heap, given back when disposed: an index build holds a few bytes per token and
/// must neither be moved nor linger until a collection.
/// </summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private void* memory;

    public NativeBuffer(long length, bool zeroed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        try
        {
            nuint bytes = checked((nuint)length * (nuint)sizeof(T));
            memory = zeroed ? NativeMemory.AllocZeroed(Math.Max(bytes, 1)) : NativeMemory.Alloc(Math.Max(bytes, 1));
        }
        catch (OutOfMemoryException problem)
        {
            throw new InputException(
                $"not enough memory: {length * sizeof(T) / 1e9:F1} GB more were needed to sort the reference text; use a smaller reference or a machine with more memory",
                problem);
        }
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    public T* Pointer => (T*)memory;

    /// <summary>All of the buffer; for lengths within an int.</summary>
    public Span<T> Span => new(memory, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(memory);
        memory = null;
    }
}
