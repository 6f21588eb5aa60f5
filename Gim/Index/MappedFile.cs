using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Gim.Index;

/// <summary>
/// A file mapped into memory, read-only: it may be larger than memory, and several processes share its pages.
/// Readers go through <see cref="Pointer"/> and keep inside <see cref="Length"/> themselves.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;

    private MappedFile(string path, MemoryMappedFile? file, MemoryMappedViewAccessor? view, byte* pointer, long length)
    {
        Path = path;
        this.file = file;
        this.view = view;
        Pointer = pointer;
        Length = length;
    }

    public string Path { get; }

    /// <summary>First byte, or null for an empty file (which no system maps).</summary>
    public byte* Pointer { get; }

    public long Length { get; }

    /// <exception cref="InputException">The file is missing or cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        MemoryMappedFile? file = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            long length = RandomAccess.GetLength(handle);
            if (length == 0)
                return new MappedFile(path, null, null, null, 0);
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            return new MappedFile(path, file, view, pointer + view.PointerOffset, length);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            view?.Dispose();
            file?.Dispose();
            throw new InputException($"index file {path} cannot be read: {problem.Message}", problem);
        }
    }

    public void Dispose()
    {
        if (view is null)
            return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file?.Dispose();
    }
}
