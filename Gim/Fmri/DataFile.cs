using System.Text.Json;
using Gim.Config;

namespace Gim.Fmri;

/// <summary>Opens the files of stories and responses, with a line for the user where that fails.</summary>
internal static class DataFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The file, to be read from the front.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should have been: "a TextGrid file".</param>
    /// <exception cref="InputException">It is missing, a folder, not readable or no file on a disk.</exception>
    public static FileStream Open(string path, string expected)
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

    /// <summary>All bytes of a file, which is checked to be no longer than such a file can be.</summary>
    public static byte[] ReadAll(string path, string expected, long most) => Guard(path, () =>
    {
        using FileStream file = Open(path, expected);
        if (file.Length > most)
            throw new InputException($"{Quote.OneLine(path)} has {file.Length:N0} bytes, of at most {most:N0}; expected {expected}");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>A JSON file.</summary>
    /// <exception cref="InputException">It cannot be read or is no JSON.</exception>
    public static JsonDocument ReadJson(string path, string expected)
    {
        const long Longest = 64 << 20;
        ReadOnlyMemory<byte> bytes = ReadAll(path, expected, Longest);
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes["\uFEFF"u8.Length..];
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException problem)
        {
            throw new InputException(
                $"{Quote.OneLine(path)} line {problem.LineNumber + 1} is not JSON; expected {expected}: fetch or export it again", problem);
        }
    }

    /// <summary>The names, without their ending, of the files of a folder that have it; in the order of their characters.</summary>
    public static string[] Names(string folder, string ending, string expected)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*" + ending)
                .Where(path => path.EndsWith(ending, StringComparison.Ordinal))
                .Select(path => Path.GetFileName(path)[..^ending.Length]).Order(StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            string reason = problem is DirectoryNotFoundException ? "was not found" : $"cannot be read ({Quote.OneLine(problem.Message.TrimEnd('.'))})";
            throw new InputException($"{Quote.OneLine(folder)} {reason}; expected {expected}", problem);
        }
    }
}
