using System.Text.Json;
using Gim.Config;
using Gim.Files;

namespace Gim.Fmri;

/// <summary>Whole small files of stories and responses, and the names in a folder, with a line for the user where that fails.</summary>
internal static class DataFile
{
    /// <summary>All bytes of a file, which is checked to be no longer than such a file can be.</summary>
    public static byte[] ReadAll(string path, string expected, long most) => InputFile.Guard(path, () =>
    {
        using FileStream file = InputFile.Open(path, expected);
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
