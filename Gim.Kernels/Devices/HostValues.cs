namespace Gim.Kernels.Devices;

/// <summary>
/// The values of an operand in plain memory: what a view is to code that runs on several threads, where spans and
/// references cannot be kept. Valid until the buffer is disposed.
/// </summary>
internal readonly unsafe struct HostValues<T>(T* first, int length) where T : unmanaged
{
    public T* First => first;

    public int Length => length;

    public Span<T> All => new(first, length);

    public ref T this[int index] => ref first[index];

    /// <summary>Values from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public Span<T> Range(int start, int end) => new(first + start, end - start);

    /// <summary>Row <paramref name="row"/> of a matrix of so many columns.</summary>
    public Span<T> Row(int row, int columns) => new(first + (nint)row * columns, columns);
}
