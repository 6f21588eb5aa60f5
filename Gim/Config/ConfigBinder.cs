using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Gim.Config;

/// <summary>
/// Checks a tree of values against the config records and gives clean JSON that becomes the record: known keys only,
/// in order, paths absolute. Every error names the place, the key, what was found and what was expected.
/// </summary>
internal static class ConfigBinder
{
    private static readonly JsonTypeInfo Root = ConfigJson.TypeOf(typeof(JobConfig));

    /// <exception cref="InputException">The values are not a config.</exception>
    public static JobConfig Bind(ConfigNode root)
    {
        if (root.Kind != JsonValueKind.Object)
            throw new InputException($"{root.Place}: a config is an object {{...}}; found {root.Found}");
        return (JobConfig)Object(root, Root, "").Deserialize(Root)!;
    }

    private static JsonObject Object(ConfigNode node, JsonTypeInfo type, string key)
    {
        var shape = new ConfigShape(type);
        string? kind = shape.KindOf(node, key);
        JsonTypeInfo record = shape.Record(node, key);
        var fields = ConfigShape.Fields(record).ToDictionary(field => field.Name);
        var json = new JsonObject();
        // The serializer wants to meet the kind before what depends on it.
        if (kind is not null) json.Add(shape.KindKey!, kind);
        foreach (var (name, place, value) in node.Members)
        {
            if (name == shape.KindKey) continue;
            if (key.Length == 0 && name == ConfigKey.Schema)
            {
                if (value.Kind != JsonValueKind.String)
                    throw new InputException($"{value.Place}: '{name}' must be text in quotes; found {value.Found}");
                continue;
            }
            if (!fields.TryGetValue(name, out var field)) throw shape.UnknownKey(place, key, name, kind);
            json.Add(name, Value(value, field, ConfigKey.Join(key, name)));
        }
        foreach (var field in fields.Values)
        {
            if (!field.Required || json.ContainsKey(field.Name)) continue;
            string of = kind is null ? "" : $" for {shape.KindKey} '{kind}'";
            throw new InputException($"{node.Place}: the key {Quote.Of(ConfigKey.Join(key, field.Name))} is missing{of}: {field.Description}");
        }
        return json;
    }

    private static JsonNode? Value(ConfigNode node, ConfigField field, string key)
    {
        if (node.Kind == JsonValueKind.Null && field.Nullable) return null;
        return field.Type.Kind switch
        {
            JsonTypeInfoKind.Object when node.Kind == JsonValueKind.Object => Object(node, field.Type, key),
            JsonTypeInfoKind.Object => throw Wrong(node, key, field.Expected, ObjectForm(node, field, key)),
            JsonTypeInfoKind.Enumerable => List(node, field, key),
            _ => Scalar(node, field, key),
        };
    }

    private static JsonArray List(ConfigNode node, ConfigField field, string key)
    {
        if (node.Kind != JsonValueKind.Array || (field.NotEmpty && node.Items.Count == 0))
            throw Wrong(node, key, field.Expected, ListForm(node, field, key));
        var list = new JsonArray();
        var element = ConfigJson.TypeOf(field.ValueType);
        var seen = new HashSet<string>();
        foreach (var (i, item) in node.Items.Index())
        {
            string itemKey = ConfigKey.Join(key, i);
            if (element.Kind == JsonTypeInfoKind.Object)
            {
                if (item.Kind != JsonValueKind.Object) throw Wrong(item, itemKey, "an object {...}", "");
                list.Add((JsonNode)Object(item, element, itemKey));
                continue;
            }
            list.Add(Scalar(item, field, itemKey));
            if (field.Names.Count > 0 && !seen.Add(item.Scalar))
                throw new InputException($"{item.Place}: {Quote.Of(key)} has '{item.Scalar}' twice; keep one of them");
        }
        return list;
    }

    private static JsonValue Scalar(ConfigNode node, ConfigField field, string key) => field.ValueType switch
    {
        { } type when type == typeof(string) => String(node, field, key),
        { } type when type == typeof(bool) => node.Kind is JsonValueKind.True or JsonValueKind.False
            ? JsonValue.Create(node.Kind == JsonValueKind.True)
            : throw Wrong(node, key, field.ExpectedValue, ""),
        { } type when type == typeof(int) => JsonValue.Create((int)Number(node, field, key, whole: true)),
        { } type when type == typeof(double) => JsonValue.Create(Number(node, field, key, whole: false)),
        { } type when type == typeof(ThresholdConfig) => Threshold(node, field, key),
        { } type => throw new NotSupportedException($"The config key {key} has a type that is not read: {type}"),
    };

    private static JsonValue String(ConfigNode node, ConfigField field, string key)
    {
        if (node.Kind != JsonValueKind.String) throw Wrong(node, key, field.ExpectedValue, "");
        if (field.IsPath) return JsonValue.Create(Absolute(node, key));
        if (node.Scalar.Length == 0) throw new InputException($"{node.Place}: {Quote.Of(key)} must be {field.ExpectedValue}; found empty text");
        if (field.Names.Count > 0 && !field.Names.Contains(node.Scalar))
        {
            string hint = NearestName.Of(node.Scalar, field.Names) is { } near ? $"; did you mean '{near}'?" : "";
            throw Wrong(node, key, field.ExpectedValue, hint);
        }
        return JsonValue.Create(node.Scalar);
    }

    private static JsonValue Threshold(ConfigNode node, ConfigField field, string key)
    {
        if (node.Kind == JsonValueKind.String && node.Scalar == ThresholdConfig.AutoName) return JsonValue.Create(ThresholdConfig.AutoName);
        double number = Number(node, field, key, whole: true);
        return number is >= 0 and <= ThresholdConfig.Maximum ? JsonValue.Create((int)number) : throw Wrong(node, key, field.ExpectedValue, "");
    }

    private static string Absolute(ConfigNode node, string key)
    {
        if (string.IsNullOrWhiteSpace(node.Scalar) || node.Scalar.Contains('\0'))
            throw Wrong(node, key, "a path", "");
        try
        {
            return Path.GetFullPath(node.Scalar, node.Place.Text.Folder);
        }
        catch (Exception error) when (error is ArgumentException or IOException or NotSupportedException)
        {
            throw new InputException($"{node.Place}: {Quote.Of(key)} must be a path; {Quote.Of(node.Scalar)} is none: {Quote.OneLine(error.Message)}", error);
        }
    }

    /// <summary>
    /// The number, in range. A whole number may be written as 1e5 or 2.0: JSON has one kind of number, and the schema
    /// takes these too.
    /// </summary>
    private static double Number(ConfigNode node, ConfigField field, string key, bool whole)
    {
        if (node.Kind != JsonValueKind.Number) throw Wrong(node, key, field.ExpectedValue, "");
        double number = double.Parse(node.Scalar, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number) || (whole && (number != Math.Floor(number) || number is < int.MinValue or > int.MaxValue)))
            throw Wrong(node, key, field.ExpectedValue, "");
        if (field.Range is { } range && !range.IsValid(whole ? (int)number : number))
            throw Wrong(node, key, field.ExpectedValue, "");
        return number;
    }

    private static InputException Wrong(ConfigNode node, string key, string expected, string hint) =>
        new($"{node.Place}: {Quote.Of(key)} must be {expected}; found {node.Found}{hint}");

    /// <summary>On the command line, shows how a list is written: shells eat the quotes of ["a"], which is easily missed.</summary>
    private static string ListForm(ConfigNode node, ConfigField field, string key)
    {
        if (node.Place.Text.IsFile) return "";
        string example = field.ValueType switch
        {
            { } type when type == typeof(string) => ConfigJson.Text(field.Names.Count > 0 ? field.Names[0] : "..."),
            { } type when type == typeof(int) || type == typeof(double) => node.Kind == JsonValueKind.Number ? node.Scalar : "1,2,3",
            { } type => ExampleObject(type, ""),
        };
        if (node.Kind == JsonValueKind.String && field.ValueType == typeof(string))
        {
            string[] given = node.Scalar.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (given.Length > 0) example = string.Join(',', given.Select(one => ConfigJson.Text(one.Trim('"', '\''))));
        }
        return Quote.OneLine($"; write --set '{key}=[{example}]'");
    }

    private static string ObjectForm(ConfigNode node, ConfigField field, string key) => node.Place.Text.IsFile
        ? ""
        : Quote.OneLine($"; write --set '{key}={ExampleObject(field.Type.Type, node.Scalar)}', or one key at a time: --set {key}.{new ConfigShape(field.Type).KindKey ?? ConfigShape.Fields(field.Type)[0].Name}=...");

    private static string ExampleValue(ConfigField field) => field.Type.Kind == JsonTypeInfoKind.Object ? ExampleObject(field.Type.Type, "") : "\"...\"";

    /// <summary>An example: the kind that was given in place of its object, else the first with required keys, and those.</summary>
    private static string ExampleObject(Type type, string given)
    {
        var shape = new ConfigShape(ConfigJson.TypeOf(type));
        if (shape.KindKey is null)
            return $"{{{string.Join(',', ConfigShape.Fields(ConfigJson.TypeOf(type)).Where(field => field.Required).Select(field => $"\"{field.Name}\":{ExampleValue(field)}"))}}}";
        var (kind, record) = shape.Kinds.FirstOrDefault(one => one.Key == given);
        if (kind is null) (kind, record) = shape.Kinds.FirstOrDefault(one => ConfigShape.Fields(one.Value).Any(field => field.Required));
        if (kind is null) (kind, record) = shape.Kinds.First();
        var required = ConfigShape.Fields(record).Where(field => field.Required).Select(field => $",\"{field.Name}\":\"...\"");
        return $"{{\"{shape.KindKey}\":\"{kind}\"{string.Concat(required)}}}";
    }
}
