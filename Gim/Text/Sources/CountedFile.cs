using Gim.Progress;

namespace Gim.Text.Sources;

/// <summary>
/// A file read from start to end, with <paramref name="tail"/> behind its last byte. Reports what was taken from the
/// disk as progress, and keeps the disk's own failure, so that it is not taken for a damaged archive.
/// </summary>
internal sealed class CountedFile(SourceFile file, IJobProgress? progress, byte[] tail) : Stream
{
    // No buffer: all readers above read in large pieces.
    private readonly FileStream stream = new(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1,
        FileOptions.SequentialScan);
    private int tailRead;

    public Exception? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = stream.Read(buffer);
        }
        catch (Exception e)
        {
            Failure = e;
            throw;
        }
        if (read > 0)
        {
            progress?.Advance(read);
            return read;
        }
        read = Math.Min(buffer.Length, tail.Length - tailRead);
        tail.AsSpan(tailRead, read).CopyTo(buffer);
        tailRead += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
