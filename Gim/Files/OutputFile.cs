namespace Gim.Files;

/// <summary>
/// A file that appears whole or not at all: it is written under a temporary name beside its place and renamed by
/// <see cref="Commit"/>. Disposed before that, it leaves nothing behind.
/// </summary>
public sealed class OutputFile : IDisposable
{
    private const string TemporaryEnding = ".tmp";

    private readonly string temporaryPath;
    private readonly FileStream stream;
    private bool committed;

    private OutputFile(string path, string temporaryPath, FileStream stream)
    {
        Path = path;
        this.temporaryPath = temporaryPath;
        this.stream = stream;
    }

    public string Path { get; }

    public Stream Stream => stream;

    /// <summary>Starts a file, making its folder where needed.</summary>
    /// <exception cref="InputException">The place cannot be written to.</exception>
    public static OutputFile Create(string path)
    {
        string temporary = path + TemporaryEnding;
        CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        try
        {
            return new OutputFile(path, temporary, new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {path}: {problem.Message.TrimEnd('.')}; choose another place with --output (an index: \"cache\")", problem);
        }
    }

    /// <summary>Writes a small file in one go.</summary>
    public static void WriteAllText(string path, string text)
    {
        using OutputFile file = Create(path);
        file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Commit();
    }

    /// <summary>Removes a file of an earlier run, where there is one.</summary>
    /// <exception cref="InputException">It cannot be removed.</exception>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot replace {path}: {problem.Message.TrimEnd('.')}; choose another place with --output (an index: \"cache\")", problem);
        }
    }

    /// <summary>Removes what a process that was killed left unfinished in a folder that only this one writes to.</summary>
    public static void RemoveUnfinished(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, $"*{TemporaryEnding}"))
            Remove(path);
    }

    /// <exception cref="InputException">The folder cannot be made.</exception>
    public static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot make the folder {folder}: {problem.Message.TrimEnd('.')}; choose another place with --output (an index: \"cache\")", problem);
        }
    }

    /// <summary>Reads back what has been flushed so far.</summary>
    public Stream OpenWritten() => new FileStream(temporaryPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    /// <summary>Gives the finished file its name, in place of an earlier one.</summary>
    public void Commit()
    {
        try
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(temporaryPath, Path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"cannot write {Path}: {problem.Message.TrimEnd('.')}; choose another place with --output (an index: \"cache\")", problem);
        }
        committed = true;
    }

    public void Dispose()
    {
        try
        {
            stream.Dispose();
        }
        finally
        {
            // A full disk makes the last write fail, and what was written of it is of no use.
            if (!committed)
                File.Delete(temporaryPath);
        }
    }
}
