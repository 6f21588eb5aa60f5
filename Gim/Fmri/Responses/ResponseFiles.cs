using Gim.Config;

namespace Gim.Fmri.Responses;

/// <summary>The kinds of files that responses come in.</summary>
internal static class ResponseFiles
{
    /// <summary>Endings of file names, in the order they are looked for.</summary>
    public static readonly string[] Endings = [".hf5", ".h5", ".hdf5", ".npy", ".csv"];

    /// <summary>What a message says of a file that should be there.</summary>
    public const string Expected = "responses, [TRs, targets], as .hf5, .h5, .hdf5, .npy or .csv";

    /// <exception cref="InputException">The file cannot be read, or its ending is none of <see cref="Endings"/>.</exception>
    public static IResponseFile Open(string path) => Path.GetExtension(path) switch
    {
        ".hf5" or ".h5" or ".hdf5" => HdfResponseFile.Open(path),
        ".npy" => NpyFile.Open(path),
        ".csv" => CsvResponseFile.Read(path),
        _ => throw new InputException($"{Quote.OneLine(path)} has an ending that says nothing of its kind; expected {Expected}"),
    };

    /// <summary>The stories of a folder and their files.</summary>
    /// <exception cref="InputException">The folder cannot be read, or a story has two files.</exception>
    public static Dictionary<string, string> In(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string ending in Endings)
        {
            foreach (string story in DataFile.Names(folder, ending, $"a folder with a file of {Expected}, for each story"))
            {
                string path = Path.Combine(folder, story + ending);
                if (!files.TryAdd(story, path))
                    throw new InputException($"{Quote.OneLine(path)} and {Quote.OneLine(Path.GetFileName(files[story]))} are of one story; keep one of them");
            }
        }
        return files;
    }

    public static void CheckRange(IResponseFile file, int first, int count, int destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (first > file.Columns - count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"columns {first} to {(long)first + count} of {file.Columns} were asked for");
        if (destination != (long)file.Rows * count)
            throw new ArgumentException($"a destination of {destination} values for [{file.Rows}, {count}]", nameof(destination));
    }
}
