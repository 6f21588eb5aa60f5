using Gim.Config;

namespace Gim.Similarity.Weights;

/// <summary>Opens files of weights, with a line for the user where that fails.</summary>
internal static class WeightStream
{
    /// <summary>For headers and directories, read in small pieces; tensors are longer and go past it, straight into their arrays.</summary>
    private const int BufferBytes = 4096;

    /// <summary>The file, to be read from the front.</summary>
    /// <exception cref="InputException">It is missing, a folder, not readable or no file on a disk.</exception>
    public static FileStream Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string reason = problem is FileNotFoundException or DirectoryNotFoundException ? "was not found"
                : Directory.Exists(path) ? "is a folder"
                : $"cannot be read ({Quote.OneLine(problem.Message.TrimEnd('.'))})";
            throw new InputException($"{Quote.OneLine(path)} {reason}; expected a file of weights, *.safetensors or *.pt", problem);
        }
        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw new InputException($"{Quote.OneLine(path)} is a pipe or a device; expected a file of weights, *.safetensors or *.pt");
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
