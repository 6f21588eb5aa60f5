using System.Text.Json;

namespace Gim.Index.Query;

/// <summary>What a person calls a document: the path in its metadata, and the line of the file at which it begins, counted from 1.</summary>
public static class DocumentName
{
    /// <param name="metadata">The document's line of metadata; infini-gram's keys are path and linenum, which counts from 0.</param>
    /// <returns>"path:line", the path alone where there is no line, null where there is no path.</returns>
    public static string? Of(string metadata)
    {
        if (string.IsNullOrWhiteSpace(metadata))
            return null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(metadata);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("path", out JsonElement path) || path.ValueKind != JsonValueKind.String)
                return null;
            bool hasLine = json.RootElement.TryGetProperty("linenum", out JsonElement number) && number.ValueKind == JsonValueKind.Number;
            return hasLine && number.TryGetInt64(out long line) && line is >= 0 and < long.MaxValue ? $"{path.GetString()}:{line + 1}" : path.GetString();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // Metadata of another making, or text that is no Unicode.
            return null;
        }
    }
}
