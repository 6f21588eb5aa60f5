using System.Text;
using System.Text.Json;

namespace Gim.Config;

/// <summary>Reads the file of a config: bytes to values, with a message for each way in which that can fail.</summary>
internal static class ConfigFile
{
    /// <summary>More than any config needs; a data file given by mistake is refused before it fills the memory.</summary>
    private const int MaximumBytes = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InputException">There is no such file, or it is not JSON.</exception>
    public static ConfigNode Read(string path, string workingDirectory)
    {
        string name = Quote.OneLine(path);
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new InputException("the path of the config file is empty or has a null character in it");
        string full = Path.GetFullPath(path, workingDirectory);
        if (Directory.Exists(full))
            throw new InputException($"{name} is a folder, not a config file{FilesOf(full)}");
        if (!File.Exists(full)) throw new InputException(Missing(name, full));

        byte[] bytes = Bytes(name, full);
        // Some editors begin UTF-8 files with this mark.
        ReadOnlySpan<byte> json = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes;
        CheckText(name, json);
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            throw new InputException($"{name} is empty; a config is at least {{\"task\": \"lm\"}}");
        try
        {
            return ConfigParser.Parse(json, new ConfigText(name, Path.GetDirectoryName(full)!, IsFile: true));
        }
        catch (JsonException error)
        {
            throw new InputException($"{name}, {LineAndColumn(json, error)}: not JSON: {Reason(error)}", error);
        }
    }

    private static byte[] Bytes(string name, string full)
    {
        try
        {
            // Not File.ReadAllBytes: a pipe has no length, and may have no end.
            using var file = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            byte[] part = new byte[1 << 14];
            while (file.Read(part) is > 0 and var count)
            {
                bytes.Write(part, 0, count);
                if (bytes.Length > MaximumBytes)
                    throw new InputException($"{name} is larger than {MaximumBytes} bytes, which no config is; is it a data file?");
            }
            return bytes.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{name} cannot be read: {Quote.OneLine(error.Message)}", error);
        }
    }

    private static void CheckText(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            StrictUtf8.GetCharCount(bytes);
        }
        catch (DecoderFallbackException error)
        {
            int line = 1 + bytes[..Math.Max(0, error.Index)].Count((byte)'\n');
            throw new InputException($"{name}, line {line}: not UTF-8 text; save the file as UTF-8", error);
        }
    }

    private static string Missing(string name, string full)
    {
        string? folder = Path.GetDirectoryName(full);
        if (!Directory.Exists(folder))
            return $"the config file {name} does not exist, nor does its folder";
        string wanted = Path.GetFileName(full);
        // The ending is left out of the comparison: it is alike in all and would make any short name near.
        string? near = NearestName.Of(Path.GetFileNameWithoutExtension(wanted), Configs(folder).Select(file => Path.GetFileNameWithoutExtension(file)));
        return near is null
            ? $"the config file {name} does not exist{FilesOf(folder)}"
            : $"the config file {name} does not exist; did you mean '{Quote.OneLine(near)}.json'?";
    }

    private static string FilesOf(string folder)
    {
        const int shown = 10;
        string[] files = Configs(folder);
        if (files.Length == 0) return "; there is no .json file in that folder";
        string more = files.Length > shown ? $" and {files.Length - shown} more" : "";
        return $"; the config files in that folder are {string.Join(", ", files.Take(shown).Select(Quote.OneLine))}{more}";
    }

    private static string[] Configs(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.json").Select(file => Path.GetFileName(file))
                .Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The list is only a help.
            return [];
        }
    }

    /// <summary>System.Text.Json counts from 0, and columns in bytes; editors count from 1, and in characters.</summary>
    private static string LineAndColumn(ReadOnlySpan<byte> json, JsonException error)
    {
        int line = (int)(error.LineNumber ?? 0);
        var rest = json;
        for (int i = 0; i < line; i++) rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        int bytes = (int)Math.Min(error.BytePositionInLine ?? 0, rest.Length);
        return $"line {line + 1}, column {Encoding.UTF8.GetCharCount(rest[..bytes]) + 1}";
    }

    private static string Reason(JsonException error)
    {
        int place = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Quote.OneLine(place < 0 ? error.Message : error.Message[..place]).TrimEnd('.');
    }
}
