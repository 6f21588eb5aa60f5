using System.Security.Cryptography;
using Gim.Files;

namespace Gim.Index.Build;

/// <summary>A file of an index while it is written: buffered, and hashed on the way so that it is read once less.</summary>
internal sealed class HashedFile : IDisposable
{
    private readonly OutputFile file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[1 << 20];
    private int used;

    public HashedFile(string path)
    {
        file = OutputFile.Create(path);
        Name = Path.GetFileName(path);
    }

    public string Name { get; }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Room for <paramref name="bytes"/> more, at most the buffer's size; follow with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (buffer.Length - used < bytes)
            Flush();
        return buffer.AsSpan(used);
    }

    public void Advance(int bytes)
    {
        used += bytes;
        Length += bytes;
    }

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

    /// <summary>Writes out what is buffered, so that another reader sees all of it.</summary>
    public void Flush()
    {
        hash.AppendData(buffer, 0, used);
        file.Stream.Write(buffer, 0, used);
        file.Stream.Flush();
        used = 0;
    }

    /// <summary>What the manifest says of the file; nothing may be written after it.</summary>
    public IndexFileRecord Seal()
    {
        Flush();
        return new IndexFileRecord(Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Reads what was written and sealed, from its start, before the file has its name.</summary>
    public Stream OpenWritten() => file.OpenWritten();

    public void Commit() => file.Commit();

    public void Dispose()
    {
        file.Dispose();
        hash.Dispose();
    }
}
