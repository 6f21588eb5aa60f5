using System.Text;
using System.Text.Unicode;

namespace Gim.Text.Sources;

/// <summary>
/// The bytes of one document while it is read, and the one place where a document is judged: too long, empty, or not
/// UTF-8 means left out and counted. Past the limit nothing more is kept.
/// </summary>
internal sealed class DocumentBytes(int limit)
{
    /// <summary>The longest document that sources take unless told otherwise: 256 MiB.</summary>
    public const int DefaultLimit = 256 << 20;

    // A newline behind the document is no part of it, and comes in before that is known.
    private const int Newline = 2;
    private byte[] bytes = [];
    private int length;

    public bool Overlong { get; private set; }

    /// <exception cref="InputException">The limit is not usable.</exception>
    public static int CheckLimit(int limit) => limit is > 0 and <= DefaultLimit * 2
        ? limit
        : throw new InputException($"the limit for one document is {limit} bytes: give 1 to {DefaultLimit * 2}");

    public void Clear() => (length, Overlong) = (0, false);

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (Overlong || piece.Length > limit + Newline - length)
        {
            Overlong = true;
            return;
        }
        if (bytes.Length - length < piece.Length)
        {
            long doubled = Math.Max(4096, Math.Max(2L * bytes.Length, (long)length + piece.Length));
            Array.Resize(ref bytes, (int)Math.Min(doubled, limit + Newline));
        }
        piece.CopyTo(bytes.AsSpan(length));
        length += piece.Length;
    }

    /// <summary>What was appended, without its final newline.</summary>
    public ReadOnlySpan<byte> Written => WithoutNewline(bytes.AsSpan(0, length));

    public static ReadOnlySpan<byte> WithoutNewline(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith("\r\n"u8))
            return line[..^2];
        return line.EndsWith("\n"u8) ? line[..^1] : line;
    }

    /// <summary>The text of a document, or null where it is left out; <paramref name="line"/> is where it starts.</summary>
    public string? Decode(ReadOnlySpan<byte> document, SourceCounts counts, SourceFile file, long line)
    {
        if (!Fits(document, counts, file, line))
            return null;
        if (!Utf8.IsValid(document))
        {
            counts.Skip("its bytes are not valid UTF-8", file.Place(line));
            return null;
        }
        return Judge(Encoding.UTF8.GetString(document), counts, file, line);
    }

    /// <summary>Whether a document is within the limit; counts it as left out where it is not.</summary>
    public bool Fits(ReadOnlySpan<byte> document, SourceCounts counts, SourceFile file, long line)
    {
        if (!Overlong && document.Length <= limit)
            return true;
        counts.Skip($"it is longer than {limit:N0} bytes", file.Place(line));
        return false;
    }

    /// <summary>The text itself, or null, counted, where there is nothing but white space in it.</summary>
    public static string? Judge(string text, SourceCounts counts, SourceFile file, long line)
    {
        if (!string.IsNullOrWhiteSpace(text))
            return text;
        counts.Skip("it is empty", file.Place(line));
        return null;
    }
}
