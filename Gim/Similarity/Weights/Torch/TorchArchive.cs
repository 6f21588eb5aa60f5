using System.IO.Compression;
using Gim.Config;

namespace Gim.Similarity.Weights.Torch;

/// <summary>
/// The zip archive that <c>torch.save</c> writes: <c>{name}/data.pkl</c> and, stored as they are, <c>{name}/data/{key}</c>.
/// An archive's word on sizes is not taken: an entry must hold exactly what it says, and all that is read together stays
/// within a few times the file.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    /// <summary>Times the file's length: archives packed again by hand are smaller than what is in them, but not by much.</summary>
    private const int MostExpansion = 4;

    /// <summary>What any archive may hold, however small.</summary>
    private const int SmallBytes = 4096;

    private const string PickleName = "data.pkl";

    private readonly string path;
    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly string prefix;
    private long left;

    /// <exception cref="InputException">The archive is damaged, or none of PyTorch's.</exception>
    public TorchArchive(FileStream file, string path)
    {
        this.path = path;
        left = (MostExpansion * file.Length) + SmallBytes;
        zip = Try(() => new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true));
        foreach (ZipArchiveEntry entry in Try(() => zip.Entries))
        {
            if (!entries.TryAdd(entry.FullName, entry))
                throw Damaged($"has {Quote.Of(entry.FullName)} twice");
        }
        string[] pickles = [.. entries.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal)).Take(2)];
        if (pickles.Length == 0)
            throw new InputException($"{path} is a zip archive without {PickleName}; {TorchCheckpoint.Advice}");
        if (pickles.Length > 1)
            throw new InputException($"{path} has both {Quote.Of(pickles[0])} and {Quote.Of(pickles[1])}; {TorchCheckpoint.Advice}");
        prefix = pickles[0][..^PickleName.Length];
        if (entries.ContainsKey(prefix + "byteorder") && !ReadAll("byteorder").AsSpan().SequenceEqual("little"u8))
            throw new InputException($"{path} was written with the high byte first; save it again on a machine that writes the low byte first");
    }

    /// <summary>The pickle.</summary>
    public byte[] ReadPickle() => ReadAll(PickleName);

    /// <summary>Bytes of a storage, as the archive says; null where there is none of that key.</summary>
    public long? StorageLength(string key) => entries.TryGetValue($"{prefix}data/{key}", out ZipArchiveEntry? entry) ? entry.Length : null;

    /// <summary>Hands a storage's bytes to a reader that takes all of them; it takes memory for them only then, when the file can hold them.</summary>
    public void ReadStorage(string key, Action<Stream> read) => Read($"data/{key}", (stream, _) => read(stream));

    public void Dispose() => zip.Dispose();

    private byte[] ReadAll(string name)
    {
        byte[] bytes = [];
        Read(name, (stream, length) =>
        {
            if (length > Array.MaxLength)
                throw Damaged($"has {length} bytes of {Quote.Of(name)}");
            bytes = new byte[length];
            stream.ReadExactly(bytes);
        });
        return bytes;
    }

    private void Read(string name, Action<Stream, long> read) => Try(() =>
    {
        ZipArchiveEntry entry = entries[prefix + name];
        if (entry.Length > left)
            throw Damaged($"says that {Quote.Of(entry.FullName)} holds {entry.Length} bytes, more than the file can");
        left -= entry.Length;
        using Stream stream = entry.Open();
        read(stream, entry.Length);
        if (stream.ReadByte() >= 0)
            throw Damaged($"has more in {Quote.Of(entry.FullName)} than the {entry.Length} bytes that it says");
        return true;
    });

    /// <summary>Which exceptions a damaged archive raises is up to the library; here it is always the one line.</summary>
    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException
            or OverflowException or InvalidOperationException)
        {
            throw Damaged($"cannot be unpacked ({Quote.OneLine(problem.Message.TrimEnd('.'))})", problem);
        }
    }

    private InputException Damaged(string what, Exception? cause = null) => new($"{path} {what}; {TorchCheckpoint.Advice}", cause);
}
