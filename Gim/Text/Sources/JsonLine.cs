using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gim.Text.Sources;

/// <summary>Takes one line of a jsonl file apart: the text field, and the other fields as one compact object.</summary>
internal sealed class JsonLine(string field)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };
    private readonly ArrayBufferWriter<byte> others = new();
    private bool needsComma;

    /// <summary>The text of the last line parsed.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The other fields of the last line parsed as a JSON object without white space; null without others.</summary>
    public string? Metadata => others.WrittenCount > 2 ? Encoding.UTF8.GetString(others.WrittenSpan) : null;

    /// <returns>False where the text is no Unicode text (half a surrogate pair).</returns>
    /// <exception cref="JsonException">
    /// The line is not an object with such a field; the message follows "file line n".
    /// </exception>
    public bool Parse(ReadOnlySpan<byte> line)
    {
        others.ResetWrittenCount();
        needsComma = false;
        string? text = null;
        bool found = false;
        var reader = new Utf8JsonReader(line, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException($"holds {What(reader.TokenType)} where a JSON object is expected: "
                    + "each line of a jsonl file is one object such as {\"text\": \"...\"}");
            Copy(ref reader);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals(field))
                {
                    CopyProperty(ref reader);
                    continue;
                }
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                    throw new JsonException($"has {What(reader.TokenType)} in the field '{field}' where a text (a JSON "
                        + "string) is expected: mend the line or name another field");
                (text, found) = (TextOrNull(ref reader), true);
            }
            Copy(ref reader);
            reader.Read();
        }
        catch (JsonException e) when (e.BytePositionInLine is not null)
        {
            string cause = e.Message[..Math.Max(0, e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal))];
            throw new JsonException($"is not a JSON object (at byte {e.BytePositionInLine + 1}: {cause.TrimEnd('.')}): "
                + "each line of a jsonl file is one object such as {\"text\": \"...\"}", e);
        }
        if (!found)
            throw Missing(line);
        Text = text ?? "";
        return text is not null;
    }

    private static string? TextOrNull(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void CopyProperty(ref Utf8JsonReader reader)
    {
        Copy(ref reader);
        reader.Read();
        Copy(ref reader);
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        // The end of an object or array has the depth of its start; all in between is deeper.
        int depth = reader.CurrentDepth;
        do
        {
            reader.Read();
            Copy(ref reader);
        }
        while (reader.CurrentDepth > depth);
    }

    /// <summary>Copies one token as it stands in the file, so that no number and no escape changes.</summary>
    private void Copy(ref Utf8JsonReader reader)
    {
        var token = reader.TokenType;
        if (needsComma && token is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            others.Write(","u8);
        needsComma = token is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);
        bool quoted = token is JsonTokenType.String or JsonTokenType.PropertyName;
        if (quoted)
            others.Write("\""u8);
        others.Write(reader.ValueSpan);
        if (quoted)
            others.Write("\""u8);
        if (token == JsonTokenType.PropertyName)
            others.Write(":"u8);
    }

    private JsonException Missing(ReadOnlySpan<byte> line)
    {
        using var document = JsonDocument.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = Options.MaxDepth });
        var names = document.RootElement.EnumerateObject().Select(static p => p.Name).ToList();
        string there = names.Count == 0 ? "its object is empty" : $"its fields are {string.Join(", ", names)}";
        string advice = NearestName.Of(field, names) is { } near
            ? $"did you mean '{near}'?"
            : "name the field that holds the text with \"field\"";
        return new JsonException($"has no field '{field}' ({there}): {advice}");
    }

    private static string What(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
