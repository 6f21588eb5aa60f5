using Gim.Files;

namespace Gim.Index.Build;

/// <summary>
/// Where an index is made before it is one: the folder <c>building</c> inside the index's own, with the files of all
/// shards and the journal. Nothing else in it is touched.
/// </summary>
/// <param name="indexFolder">The index's folder.</param>
/// <param name="flushToDisk">Whether what is flushed must outlive a loss of power.</param>
internal sealed class BuildFolder(string indexFolder, bool flushToDisk = true)
{
    private const string Name = "building";

    private static readonly string[] Kinds =
        [IndexFiles.Tokens, IndexFiles.Table, IndexFiles.Offsets, IndexFiles.Metadata, IndexFiles.MetadataOffsets, IndexFiles.Unigram];

    public string IndexFolder => indexFolder;

    public bool FlushToDisk => flushToDisk;

    public string Path { get; } = System.IO.Path.Combine(indexFolder, Name);

    public string Journal => System.IO.Path.Combine(Path, BuildJournal.FileName);

    /// <summary>Whether a build in the folder was begun and not ended.</summary>
    public bool Exists => File.Exists(Journal);

    /// <summary>A shard's file while it is made.</summary>
    public string ShardFile(string kind, int shard) => System.IO.Path.Combine(Path, $"{kind}.{shard}");

    public void Create() => OutputFile.CreateFolder(Path);

    /// <summary>Removes what a build left; the folder too, where it holds nothing else.</summary>
    /// <exception cref="InputException">A file cannot be removed.</exception>
    public void Delete()
    {
        if (!Directory.Exists(Path))
            return;
        // The journal first: without it the rest is of no use to anybody.
        OutputFile.Remove(Journal);
        OutputFile.RemoveUnfinished(Path);
        foreach (string file in Directory.EnumerateFiles(Path))
        {
            if (IsIndexFile(System.IO.Path.GetFileName(file)))
                OutputFile.Remove(file);
        }
        if (!Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
    }

    /// <summary>Whether a file has the name of one of a shard's.</summary>
    public static bool IsIndexFile(string name)
    {
        int point = name.IndexOf('.');
        return point > 0 && point < name.Length - 1 && Kinds.Contains(name[..point])
            && !name.AsSpan(point + 1).ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Free bytes of the disk that a folder is on, null where that cannot be told.</summary>
    public static long? FreeBytes(string folder)
    {
        try
        {
            string full = System.IO.Path.GetFullPath(folder);
            return new DriveInfo(OperatingSystem.IsWindows() ? System.IO.Path.GetPathRoot(full)! : full).AvailableFreeSpace;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
