using System.Text;
using System.Text.Json;

namespace Gim.Config;

/// <summary>JSON text to <see cref="ConfigNode"/>s. Refuses a key that stands twice in one object.</summary>
internal ref struct ConfigParser
{
    private readonly ConfigText text;
    private readonly ReadOnlySpan<byte> utf8;
    private Utf8JsonReader reader;
    private int line = 1;
    private int lineReachedAt;

    private ConfigParser(ReadOnlySpan<byte> utf8, ConfigText text)
    {
        this.utf8 = utf8;
        this.text = text;
        // Comments only in files: on the command line /* begins a path more often than a comment.
        reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            CommentHandling = text.IsFile ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = text.IsFile,
            MaxDepth = ConfigJson.MaximumDepth,
        });
    }

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InputException">A key stands twice, or text is not Unicode.</exception>
    public static ConfigNode Parse(ReadOnlySpan<byte> utf8, ConfigText text)
    {
        var parser = new ConfigParser(utf8, text);
        parser.reader.Read();
        ConfigNode root = parser.Value();
        // Throws where anything but comments follows the value.
        parser.reader.Read();
        return root;
    }

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InputException">A key stands twice.</exception>
    public static ConfigNode Parse(string json, ConfigText text) => Parse(Encoding.UTF8.GetBytes(json), text);

    private ConfigNode Value()
    {
        var place = Place();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(new ConfigNode(JsonValueKind.Object, place));
            case JsonTokenType.StartArray:
                var list = new ConfigNode(JsonValueKind.Array, place);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Items.Add(Value());
                return list;
            case JsonTokenType.String:
                return new ConfigNode(JsonValueKind.String, place, String());
            case JsonTokenType.Number:
                return new ConfigNode(JsonValueKind.Number, place, Encoding.ASCII.GetString(reader.ValueSpan));
            case JsonTokenType.True:
                return new ConfigNode(JsonValueKind.True, place);
            case JsonTokenType.False:
                return new ConfigNode(JsonValueKind.False, place);
            default:
                return new ConfigNode(JsonValueKind.Null, place);
        }
    }

    private ConfigNode Object(ConfigNode node)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var place = Place();
            string name = String();
            reader.Read();
            if (node.Find(name) is { } first)
            {
                string before = text.IsFile ? $" (first in line {first.Place.Line})" : "";
                throw new InputException($"{place}: the key {Quote.Of(name)} stands twice in one object{before}; keep one of them");
            }
            node.Members.Add(new ConfigMember(name, place, Value()));
        }
        return node;
    }

    private string String()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new InputException($"{Place()}: this text is not valid Unicode (half of a surrogate pair, such as \\ud800 alone)", error);
        }
    }

    /// <summary>Tokens come in order, so each line break is counted once.</summary>
    private ConfigPlace Place()
    {
        int at = (int)reader.TokenStartIndex;
        line += utf8[lineReachedAt..at].Count((byte)'\n');
        lineReachedAt = at;
        return new ConfigPlace(text, line);
    }
}
