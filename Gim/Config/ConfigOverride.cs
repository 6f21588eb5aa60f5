using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gim.Config;

/// <summary>One <c>key=value</c> of the command line, put into the tree of the config file.</summary>
internal sealed class ConfigOverride
{
    private readonly ConfigText text;
    private readonly string[] path;
    private readonly string value;
    private readonly bool literal;

    private ConfigOverride(ConfigText text, string key, string value, bool literal)
    {
        this.text = text;
        this.value = value;
        this.literal = literal;
        path = key.Split('.');
    }

    /// <summary>Parses the argument of <c>--set</c>.</summary>
    /// <exception cref="InputException">There is no key or no "=".</exception>
    public static ConfigOverride Parse(string argument, string folder)
    {
        string name = $"--set {Quote.Shorten(argument)}";
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw new InputException($"{name}: there is no '='; write --set key=value");
        string key = argument[..equals].Trim();
        if (key.Split('.').Any(string.IsNullOrWhiteSpace))
            throw new InputException($"{name}: the key before '=' is {(key.Length == 0 ? "missing" : "not complete")}; write --set key=value, such as --set test.path=file.txt");
        return new ConfigOverride(new ConfigText(name, folder, IsFile: false), key, argument[(equals + 1)..], literal: false);
    }

    /// <summary>An option that stands for a key: <c>--output x</c>. Its value is text as it stands, never JSON.</summary>
    public static ConfigOverride Option(string key, string value, string folder) =>
        new(new ConfigText($"--{key} {Quote.Shorten(value)}", folder, IsFile: false), key, value, literal: true);

    private ConfigPlace Place => new(text, 1);

    /// <summary>Puts the value into <paramref name="root"/>; gives the line for the log.</summary>
    /// <exception cref="InputException">The key is unknown or an index is out of range.</exception>
    public string Apply(ConfigNode root)
    {
        string was = InObject(root, ConfigJson.TypeOf(typeof(JobConfig)), 0);
        return $"{text.Name} ({Quote.Shorten(was)})";
    }

    private string KeyUpTo(int depth) => string.Join('.', path[..depth]);

    private bool IsLast(int depth) => depth == path.Length - 1;

    private string InObject(ConfigNode node, JsonTypeInfo type, int depth)
    {
        string key = KeyUpTo(depth), name = path[depth];
        if (node.Kind != JsonValueKind.Object)
            throw new InputException($"{Place}: {Quote.Of(key)} must be an object {{...}}; found {node.Found} ({node.Place})");
        var shape = new ConfigShape(type);
        if (name == shape.KindKey && IsLast(depth)) return SetKind(node, shape, key);
        if (depth == 0 && name == ConfigKey.Schema && IsLast(depth)) return "ignored";

        string? kind = shape.KindOf(node, key);
        // Before the kind is said, a key of any kind may come; the binder has the last word.
        var records = kind is not null ? [shape.Kinds[kind]] : shape.Kinds.Values.DefaultIfEmpty(type);
        var (record, field) = records.SelectMany(one => ConfigShape.Fields(one), (one, known) => (one, known))
            .FirstOrDefault(pair => pair.known.Name == name);
        if (field is null) throw shape.UnknownKey(Place, key, name, kind);

        ConfigNode? old = node.Find(name)?.Value ?? Default(field, record);
        if (IsLast(depth))
        {
            node.Put(name, Value(field.Type));
            return Was(old);
        }
        if (field.Type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Enumerable))
            throw new InputException($"{Place}: {Quote.Of(ConfigKey.Join(key, name))} is {field.Expected} and has no keys below it");
        bool isObject = field.Type.Kind == JsonTypeInfoKind.Object;
        // What may be null begins with the first key below it.
        ConfigNode child = old is null || (old.Kind == JsonValueKind.Null && field.Nullable)
            ? new ConfigNode(isObject ? JsonValueKind.Object : JsonValueKind.Array, Place)
            : old;
        if (node.Find(name)?.Value != child) node.Put(name, child);
        return isObject ? InObject(child, field.Type, depth + 1) : InList(child, field, depth + 1);
    }

    private string InList(ConfigNode list, ConfigField field, int depth)
    {
        string key = KeyUpTo(depth);
        if (list.Kind != JsonValueKind.Array)
            throw new InputException($"{Place}: {Quote.Of(key)} must be a list [...]; found {list.Found} ({list.Place})");
        int count = list.Items.Count;
        if (!int.TryParse(path[depth], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index > count)
        {
            throw new InputException(
                $"{Place}: {Quote.Of(path[depth])} is not an index of the list {Quote.Of(key)}, which has {count} {(count == 1 ? "value" : "values")}; write {key}.0 to {key}.{count} ({count} adds one)");
        }
        var element = ConfigJson.TypeOf(field.ValueType);
        ConfigNode? old = index < count ? list.Items[index] : null;
        if (!IsLast(depth) && element.Kind != JsonTypeInfoKind.Object)
            throw new InputException($"{Place}: {Quote.Of(KeyUpTo(depth + 1))} is {field.ExpectedValue} and has no keys below it");
        ConfigNode now = IsLast(depth) ? Value(element) : old ?? new ConfigNode(JsonValueKind.Object, Place);
        if (index < count) list.Items[index] = now;
        else list.Items.Add(now);
        return IsLast(depth) ? Was(old) : InObject(now, element, depth + 1);
    }

    /// <summary>
    /// Changes the kind and drops the keys that only the old kind has, so that <c>--set test.kind=text</c> can be
    /// followed by <c>--set test.path=x</c>. A key that no kind has stays, to be reported.
    /// </summary>
    private string SetKind(ConfigNode node, ConfigShape shape, string key)
    {
        ConfigNode kind = Value(ConfigJson.TypeOf(typeof(string)));
        shape.CheckKind(kind, key);
        ConfigNode? old = node.Find(shape.KindKey!)?.Value;
        var kept = ConfigShape.Fields(shape.Kinds[kind.Scalar]).Select(field => field.Name).ToHashSet();
        node.Members.RemoveAll(member => member.Name != shape.KindKey && !kept.Contains(member.Name) && shape.Knows(member.Name));
        node.Put(shape.KindKey!, kind);
        return Was(old);
    }

    private ConfigNode? Default(ConfigField field, JsonTypeInfo record) =>
        field.Default(record) is { } json ? ConfigParser.Parse(json.GetRawText(), text) : null;

    private static string Was(ConfigNode? old) => old is null ? "not set before" : $"was {old}";

    /// <summary>
    /// The value as JSON where it is JSON, else as text. Where text is expected, what is not JSON text (123, true, a
    /// regular expression [a-z]) is text as well; null stays null, and means the default.
    /// </summary>
    private ConfigNode Value(JsonTypeInfo type)
    {
        ConfigNode? json = null;
        bool textExpected = type.Type == typeof(string);
        try
        {
            if (!literal && (!textExpected || value.TrimStart() is ['"', ..] or "null")) json = ConfigParser.Parse(value, text);
        }
        catch (JsonException)
        {
            // Not JSON: text.
        }
        return json ?? new ConfigNode(JsonValueKind.String, Place, value);
    }
}
