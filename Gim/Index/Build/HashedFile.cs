using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Gim.Index.Build;

/// <summary>
/// A file of an index while it is written: buffered, and hashed on the way so that it is read once less. It stays as
/// it is when disposed, whole or not.
/// </summary>
internal sealed class HashedFile : IDisposable
{
    private const int BufferBytes = 1 << 16, BackgroundBufferBytes = 1 << 18;

    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly bool toDisk;
    private readonly bool background;
    private byte[] filling, leaving;
    private int used;
    private long handedOver;
    private Task writing = Task.CompletedTask;

    private HashedFile(string path, FileMode mode, bool toDisk, bool background)
    {
        this.path = path;
        this.toDisk = toDisk;
        this.background = background;
        filling = new byte[background ? BackgroundBufferBytes : BufferBytes];
        leaving = background ? new byte[BackgroundBufferBytes] : filling;
        try
        {
            file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException && mode == FileMode.Create)
        {
            throw new InputException($"cannot write {path}: {problem.Message.TrimEnd('.')}; choose another place with --output (an index: \"cache\")", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UnusableBuildException($"{Path.GetFileName(path)} cannot be opened ({problem.Message.TrimEnd('.')})", problem);
        }
    }

    /// <summary>Starts a file.</summary>
    /// <param name="path">Its path; what was there is dropped.</param>
    /// <param name="toDisk">Whether flushing brings it to the disk.</param>
    /// <param name="background">Whether another thread hashes and writes while the caller fills the next buffer.</param>
    /// <exception cref="InputException">The place cannot be written to.</exception>
    public static HashedFile Create(string path, bool toDisk, bool background = false) => new(path, FileMode.Create, toDisk, background);

    /// <summary>Goes on with a file that another process has begun.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="toDisk">Whether flushing brings it to the disk.</param>
    /// <param name="length">Bytes of it that count; what follows them is cut off.</param>
    /// <param name="seen">Called with these bytes, in pieces of whole 8 bytes but for the last.</param>
    /// <exception cref="UnusableBuildException">There are not so many bytes.</exception>
    public static HashedFile Continue(string path, bool toDisk, long length, Action<ReadOnlySpan<byte>> seen)
    {
        var file = new HashedFile(path, FileMode.Open, toDisk, background: false);
        try
        {
            file.ReadWritten(length, seen);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes written so far.</summary>
    public long Length => handedOver + used;

    private void ReadWritten(long length, Action<ReadOnlySpan<byte>> seen)
    {
        long there = RandomAccess.GetLength(file);
        if (there < length)
            throw new UnusableBuildException($"{Path.GetFileName(path)} has {there:N0} bytes where {length:N0} were written");
        RandomAccess.SetLength(file, length);
        while (handedOver < length)
        {
            Span<byte> piece = filling.AsSpan(0, (int)Math.Min(filling.Length, length - handedOver));
            int read = 0, one;
            while (read < piece.Length && (one = RandomAccess.Read(file, piece[read..], handedOver + read)) > 0)
                read += one;
            if (read < piece.Length)
                throw new UnusableBuildException($"{Path.GetFileName(path)} ends while it is read");
            hash.AppendData(piece);
            seen(piece);
            handedOver += read;
        }
    }

    /// <summary>Room for <paramref name="bytes"/> more, at most 64 KiB (in the background 256); follow with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (filling.Length - used < bytes)
            HandOver();
        return filling.AsSpan(used);
    }

    public void Advance(int bytes) => used += bytes;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = Reserve(1);
            int part = Math.Min(room.Length, bytes.Length);
            bytes[..part].CopyTo(room);
            Advance(part);
            bytes = bytes[part..];
        }
    }

    private void HandOver()
    {
        if (used == 0)
            return;
        writing.GetAwaiter().GetResult();
        (filling, leaving) = (leaving, filling);
        byte[] full = leaving;
        int count = used;
        long at = handedOver;
        handedOver += count;
        used = 0;
        if (background)
            writing = Task.Run(() => WriteOut(full, count, at));
        else
            WriteOut(full, count, at);
    }

    private void WriteOut(byte[] bytes, int count, long at)
    {
        RandomAccess.Write(file, bytes.AsSpan(0, count), at);
        hash.AppendData(bytes, 0, count);
    }

    /// <summary>Writes out what is buffered, so that it outlives a kill or, to the disk, a loss of power.</summary>
    public void Flush()
    {
        HandOver();
        writing.GetAwaiter().GetResult();
        if (toDisk)
            RandomAccess.FlushToDisk(file);
    }

    /// <summary>Flushes, and says what the file holds; nothing may be written after it.</summary>
    public IndexFileRecord Seal()
    {
        Flush();
        return new IndexFileRecord(Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public void Dispose()
    {
        // Whoever waits for it meets its failure; here only its end counts.
        writing.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        file.Dispose();
        hash.Dispose();
    }
}
