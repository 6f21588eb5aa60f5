using System.Buffers.Binary;
using System.Reflection;
using Gim.Config;
using Gim.Files;
using PureHDF;
using PureHDF.VOL.Native;

namespace Gim.Fmri.Responses;

/// <summary>
/// An HDF5 file, read by PureHDF. Whatever goes wrong inside a file that is no HDF5 or is damaged ends in one line with the
/// file's name; a file shorter than its own first bytes say is refused when it is opened, not hours later.
/// </summary>
internal sealed class HdfFile : IDisposable
{
    public const string Expected = "an HDF5 file";

    private readonly NativeFile file;

    private HdfFile(string path, NativeFile file)
    {
        Path = path;
        this.file = file;
    }

    /// <summary>The file, fit for a message.</summary>
    public string Path { get; }

    /// <exception cref="InputException">It cannot be read, is cut short or is no HDF5 file.</exception>
    public static HdfFile Open(string path)
    {
        FileStream stream = InputFile.Open(path, Expected);
        path = Quote.OneLine(path);
        try
        {
            CheckLength(stream, path);
            return new HdfFile(path, Guard(path, () => H5File.Open(stream, leaveOpen: false)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A dataset of the file's root, null where there is none of that name.</summary>
    public HdfDataset? Find(string name) => Guard(Path, () => file.LinkExists(name) ? Wrap(file.Get(name)) : null);

    /// <exception cref="InputException">The root has no such dataset.</exception>
    public HdfDataset Dataset(string name)
    {
        if (Find(name) is { } dataset)
            return dataset;
        HdfDataset[] there = [.. Datasets()];
        string list = there.Length == 0 ? "none at all" : string.Join(", ", there.Take(5).Select(other => Quote.Of(other.Name)));
        throw new InputException($"{Path} has no dataset '{name}' (it has {list}); give the one to be read that name");
    }

    /// <summary>The datasets of the file's root.</summary>
    public IReadOnlyList<HdfDataset> Datasets()
        => Guard<IReadOnlyList<HdfDataset>>(Path, () => [.. file.Children().Select(Wrap).OfType<HdfDataset>()]);

    public void Dispose() => file.Dispose();

    /// <summary>Does a part of the reading.</summary>
    internal static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException)
        {
            throw;
        }
#pragma warning disable CA1031 // Over damaged bytes the reader throws almost anything.
        catch (Exception problem)
        {
            Exception cause = problem;
            while (cause is TargetInvocationException or AggregateException && cause.InnerException is { } inner)
                cause = inner;
            string reason = cause switch
            {
                EndOfStreamException => "it ends early",
                OutOfMemoryException or OverflowException => "its sizes fit no memory, so it is damaged",
                InvalidDataException => "its compressed data are damaged",
                _ => Quote.OneLine(cause.Message.TrimEnd('.')),
            };
            throw new InputException($"{path} cannot be read as HDF5: {reason}; expected {Expected}: fetch or write it again", problem);
        }
#pragma warning restore CA1031
    }

    private HdfDataset? Wrap(IH5Object found) => found is NativeDataset dataset ? new HdfDataset(this, dataset) : null;

    /// <summary>The superblock (versions 0 to 3) says where the file ends.</summary>
    private static void CheckLength(FileStream stream, string path)
    {
        ReadOnlySpan<byte> signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];
        const int Version = 8, EndInFirstVersions = 40, End = 28, Longest = EndInFirstVersions + 4 + sizeof(long);
        Span<byte> start = stackalloc byte[Longest];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        // A file may begin with a block of its user's own: the library looks for the signature behind it.
        if (read < Longest || !start.StartsWith(signature))
            return;
        // Sizes of addresses stand at 13 in the first two versions, at 9 in the others; version 1 has four bytes more before its own.
        int version = start[Version];
        int place = version <= 1 ? EndInFirstVersions + 4 * version : End;
        if (version > 3 || start[version <= 1 ? 13 : 9] != sizeof(long))
            return;
        long end = BinaryPrimitives.ReadInt64LittleEndian(start[place..]);
        if (end > stream.Length)
            throw new InputException($"{path} ends early: it has {stream.Length:N0} bytes of {end:N0}; fetch or copy it again");
    }
}
