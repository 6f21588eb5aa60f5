using Gim.Config;

namespace Gim.Files;

/// <summary>Opens files that a user names, with a line for them where that fails.</summary>
internal static class InputFile
{
    /// <summary>The file, to be read from the front.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should have been: "a TextGrid file".</param>
    /// <param name="bufferBytes">Small where the reader takes large pieces itself.</param>
    /// <exception cref="InputException">It is missing, a folder, not readable or no file on a disk.</exception>
    public static FileStream Open(string path, string expected, int bufferBytes = 1 << 16)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string reason = problem is FileNotFoundException or DirectoryNotFoundException ? "was not found"
                : Directory.Exists(path) ? "is a folder"
                : $"cannot be read ({Quote.OneLine(problem.Message.TrimEnd('.'))})";
            throw new InputException($"{Quote.OneLine(path)} {reason}; expected {expected}", problem);
        }
        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw new InputException($"{Quote.OneLine(path)} is a pipe or a device; expected {expected}");
    }

    /// <summary>Does a file's reading, where a disk that fails or a file cut short meanwhile ends in one line.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            string reason = problem is EndOfStreamException ? "it ends early" : Quote.OneLine(problem.Message.TrimEnd('.'));
            throw new InputException($"{Quote.OneLine(path)} cannot be read: {reason}; fetch or copy it again", problem);
        }
    }
}
