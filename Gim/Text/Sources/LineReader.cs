using System.Buffers;
using Gim.Progress;

namespace Gim.Text.Sources;

/// <summary>
/// Cuts a file into lines without ever holding more than one buffer: a line longer than that comes in several pieces.
/// A byte order mark at the start of the file is dropped. Nothing is decoded here.
/// </summary>
internal sealed class LineReader(SourceFile source, IJobProgress? progress, CancellationToken cancellation) : IDisposable
{
    // Fits the second-level cache, so that finding newlines and copying lines both run from it.
    private const int BufferSize = 1 << 18;
    private readonly SourceReader file = SourceReader.Open(source, progress);
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int start;
    private int end;
    private bool ended;
    private bool opened;

    /// <summary>0-based number of the line that the last piece belongs to.</summary>
    public long Line { get; private set; } = -1;

    /// <summary>Whether the last piece is the first of its line.</summary>
    public bool StartsLine { get; private set; }

    /// <summary>Whether the last piece is the last of its line; it then ends with <c>\n</c>, or the file has none there.</summary>
    public bool EndsLine { get; private set; } = true;

    /// <summary>The next piece, its newline included; valid until the next call.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public bool Next(out ReadOnlySpan<byte> piece)
    {
        if (!opened)
            Open();
        int searched = start;
        while (true)
        {
            int newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
                return Give(searched + newline + 1, endsLine: true, out piece);
            if (ended)
                return Give(end, endsLine: true, out piece);
            if (start == 0 && end == buffer.Length)
                return Give(end, endsLine: false, out piece);
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            searched = end;
            Fill();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private bool Give(int pieceEnd, bool endsLine, out ReadOnlySpan<byte> piece)
    {
        piece = buffer.AsSpan(start, pieceEnd - start);
        if (piece.IsEmpty)
            return false;
        StartsLine = EndsLine;
        if (StartsLine)
            Line++;
        EndsLine = endsLine;
        start = pieceEnd;
        return true;
    }

    private void Open()
    {
        opened = true;
        while (end < 3 && !ended)
            Fill();
        if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8))
            start = 3;
    }

    private void Fill()
    {
        cancellation.ThrowIfCancellationRequested();
        int read = file.Read(buffer.AsSpan(end));
        ended = read == 0;
        end += read;
    }
}
