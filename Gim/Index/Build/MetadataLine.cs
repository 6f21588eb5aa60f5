using System.Globalization;
using System.Text;
using Gim.Text;

namespace Gim.Index.Build;

/// <summary>
/// A document's line of metadata as infini-gram writes it, which is how Python's json.dumps does: ASCII alone, a space
/// after each comma and colon. Numbers stay as the source wrote them; Python would write 1e3 as 1000.0.
/// </summary>
internal static class MetadataLine
{
    /// <summary>Where the document stood and its other fields, without a newline.</summary>
    /// <exception cref="ArgumentException">The document's metadata is not JSON.</exception>
    public static string Of(Document document)
    {
        var line = new StringBuilder();
        line.Append("{\"path\": \"");
        foreach (char unit in document.Path)
            Append(line, unit);
        line.Append(CultureInfo.InvariantCulture, $"\", \"linenum\": {document.Line}, \"metadata\": ");
        AppendJson(line, document.Metadata ?? "{}");
        return line.Append('}').ToString();
    }

    private static void AppendJson(StringBuilder line, string json)
    {
        for (int i = 0; i < json.Length;)
        {
            char unit = json[i++];
            if (unit == '"')
            {
                line.Append('"');
                i = AppendText(line, json, i);
                line.Append('"');
            }
            else if (unit is ',' or ':')
            {
                line.Append(unit).Append(' ');
            }
            else if (unit is not (' ' or '\t' or '\r' or '\n'))
            {
                line.Append(unit);
            }
        }
    }

    /// <summary>Writes a text's characters as Python escapes them, whichever way they were escaped; gives the place behind its end.</summary>
    private static int AppendText(StringBuilder line, string json, int start)
    {
        int i = start;
        while (i < json.Length && json[i] != '"')
        {
            char unit = json[i++];
            if (unit == '\\' && i < json.Length)
            {
                unit = json[i++];
                unit = unit switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'u' => Unit(json, i), _ => unit };
                i += json[i - 1] == 'u' ? 4 : 0;
            }
            Append(line, unit);
        }
        return i < json.Length ? i + 1 : throw NotJson(json);
    }

    private static char Unit(string json, int at)
        => at + 4 <= json.Length && ushort.TryParse(json.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? (char)unit
            : throw NotJson(json);

    private static ArgumentException NotJson(string json) => new($"a document's metadata is not JSON: {json}");

    private static void Append(StringBuilder line, char unit)
    {
        switch (unit)
        {
            case '"': line.Append("\\\""); break;
            case '\\': line.Append(@"\\"); break;
            case '\n': line.Append(@"\n"); break;
            case '\r': line.Append(@"\r"); break;
            case '\t': line.Append(@"\t"); break;
            case '\b': line.Append(@"\b"); break;
            case '\f': line.Append(@"\f"); break;
            case >= ' ' and <= '~': line.Append(unit); break;
            // Units beyond 16 bits are pairs, and are escaped one by one.
            default: line.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"); break;
        }
    }
}
