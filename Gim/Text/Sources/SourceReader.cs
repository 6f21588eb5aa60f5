using System.IO.Compression;
using Gim.Progress;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Gim.Text.Sources;

/// <summary>
/// The bytes of a source's file, unpacked where its name ends with .gz or .zst. Whatever goes wrong below (the file
/// vanishes, the disk fails, the archive is damaged or cut short) comes out as one <see cref="InputException"/>.
/// </summary>
/// <remarks>
/// .NET's gzip reader takes a file that is cut short for a complete one. So a member of our own with known content is
/// put behind the file's last byte: only when the file ends where a member ends does that content come out at the end.
/// A cut file would take our member's bytes for its own and fail, or end with something else.
/// </remarks>
internal sealed class SourceReader : IDisposable
{
    private static readonly byte[] EndMark = "the end of the file, and of a gzip member"u8.ToArray();
    private static readonly byte[] EndMember = Gzip(EndMark);

    private readonly SourceFile file;
    private readonly string format;
    private readonly CountedFile bytes;
    private readonly Stream unpacked;

    /// <summary>Unpacked gzip bytes not given yet; the last <see cref="EndMark"/>.Length of them may be the mark.</summary>
    private readonly byte[] held = [];
    private int heldStart;
    private int heldEnd;

    private SourceReader(SourceFile file, IJobProgress? progress)
    {
        this.file = file;
        if (file.FullPath.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            format = "gzip";
            bytes = new CountedFile(file, progress, EndMember);
            unpacked = new GZipStream(bytes, CompressionMode.Decompress);
            held = new byte[1 << 16];
        }
        else if (file.FullPath.EndsWith(".zst", StringComparison.OrdinalIgnoreCase))
        {
            format = "zstd";
            bytes = new CountedFile(file, progress, []);
            var zstd = new DecompressionStream(bytes);
            // Archives made with --long need windows above the default 128 MiB.
            zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Environment.Is64BitProcess ? 31 : 30);
            unpacked = zstd;
        }
        else
        {
            format = "";
            unpacked = bytes = new CountedFile(file, progress, []);
        }
    }

    /// <summary>Opens <paramref name="file"/>; progress counts the bytes taken from the disk.</summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static SourceReader Open(SourceFile file, IJobProgress? progress)
    {
        try
        {
            return new SourceReader(file, progress);
        }
        catch (Exception e) when (SourceFile.IsFileError(e))
        {
            throw SourceFile.Unreadable(file.FullPath, e);
        }
    }

    /// <summary>Fills <paramref name="buffer"/> from its start as far as one read goes; 0 at the end of the file.</summary>
    /// <exception cref="InputException">The file cannot be read or unpacked.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            if (format.Length > 0 && file.Length == 0)
                throw new InvalidDataException("the file is empty");
            return held.Length > 0 ? ReadGzip(buffer) : unpacked.Read(buffer);
        }
        catch (Exception e) when (format.Length > 0
            && e is InvalidDataException or ZstdException or EndOfStreamException && bytes.Failure is null)
        {
            string cause = e is EndOfStreamException ? "it is cut short" : e.Message.TrimEnd('.');
            throw new InputException(
                $"file '{file.FullPath}' is not a readable {format} file ({cause}): it is damaged or cut short; fetch or write it again", e);
        }
        catch (Exception e) when (SourceFile.IsFileError(e))
        {
            throw SourceFile.Unreadable(file.FullPath, e);
        }
    }

    public void Dispose()
    {
        unpacked.Dispose();
        bytes.Dispose();
    }

    private int ReadGzip(Span<byte> buffer)
    {
        while (heldEnd - heldStart <= EndMark.Length)
        {
            held.AsSpan(heldStart, heldEnd - heldStart).CopyTo(held);
            (heldStart, heldEnd) = (0, heldEnd - heldStart);
            int read = unpacked.Read(held.AsSpan(heldEnd));
            heldEnd += read;
            if (read > 0)
                continue;
            return held.AsSpan(heldStart, heldEnd - heldStart).SequenceEqual(EndMark)
                ? 0
                : throw new InvalidDataException("it is cut short, or bytes that are not gzip follow its end");
        }
        int count = Math.Min(buffer.Length, heldEnd - heldStart - EndMark.Length);
        held.AsSpan(heldStart, count).CopyTo(buffer);
        heldStart += count;
        return count;
    }

    private static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
