using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gim.Config;

/// <summary>
/// The keys that an object may have. Where a record is one of several kinds, which keys depends on the key that names
/// the kind (<c>task</c>, <c>kind</c>).
/// </summary>
internal sealed class ConfigShape
{
    /// <summary>Attributes are slow to read and do not change.</summary>
    private static readonly ConcurrentDictionary<JsonTypeInfo, ConfigField[]> FieldsOf = new();

    private readonly JsonTypeInfo type;

    public ConfigShape(JsonTypeInfo type)
    {
        this.type = type;
        if (type.PolymorphismOptions is not { } options) return;
        KindKey = options.TypeDiscriminatorPropertyName;
        foreach (var derived in options.DerivedTypes)
            Kinds.Add((string)derived.TypeDiscriminator!, ConfigJson.TypeOf(derived.DerivedType));
    }

    /// <summary>The key that names the kind, or null where there is only one.</summary>
    public string? KindKey { get; }

    /// <summary>Each kind and its record, in the order of their declaration.</summary>
    public OrderedDictionary<string, JsonTypeInfo> Kinds { get; } = [];

    private static bool IsIgnored(JsonPropertyInfo property) => property.Get is null && property.Set is null;

    /// <summary>The fields of a kind, or of the one record where there are no kinds.</summary>
    public static IReadOnlyList<ConfigField> Fields(JsonTypeInfo record) => FieldsOf.GetOrAdd(
        record, static one => [.. one.Properties.Where(property => !IsIgnored(property)).Select(property => new ConfigField(property))]);

    /// <summary>Whether some kind has this key.</summary>
    public bool Knows(string name) => KindsWith(name).Any();

    public IEnumerable<string> KindsWith(string name) =>
        Kinds.Where(kind => Fields(kind.Value).Any(field => field.Name == name)).Select(kind => kind.Key);

    /// <summary>The name of the kind that <paramref name="node"/> says it is, or null where it does not say.</summary>
    /// <exception cref="InputException">It is not a kind that may stand here.</exception>
    public string? KindOf(ConfigNode node, string key)
    {
        if (KindKey is null || node.Find(KindKey) is not { Value: var value }) return null;
        CheckKind(value, key);
        return value.Scalar;
    }

    /// <exception cref="InputException"><paramref name="value"/> is not a kind that may stand at <paramref name="key"/>.</exception>
    public void CheckKind(ConfigNode value, string key)
    {
        string place = $"{value.Place}: {Quote.Of(ConfigKey.Join(key, KindKey!))}";
        string known = string.Join(", ", Kinds.Keys);
        if (value.Kind != JsonValueKind.String)
            throw new InputException($"{place} must be one of {known}; found {value.Found}");
        if (Kinds.ContainsKey(value.Scalar)) return;
        string? near = NearestName.Of(value.Scalar, Kinds.Keys);
        string hint = near is null ? "" : $"; did you mean '{near}'?";
        throw new InputException($"{place} is {Quote.Of(value.Scalar)}, which cannot stand here (known: {known}){hint}");
    }

    /// <summary>The record that <paramref name="node"/> is to become.</summary>
    /// <exception cref="InputException">The key that names the kind is missing or wrong.</exception>
    public JsonTypeInfo Record(ConfigNode node, string key)
    {
        if (KindKey is null) return type;
        if (KindOf(node, key) is { } kind) return Kinds[kind];
        throw new InputException(
            $"{node.Place}: the key {Quote.Of(ConfigKey.Join(key, KindKey))} is missing; it says which of {string.Join(", ", Kinds.Keys)} this is");
    }

    /// <summary>The error for a key that is not known in an object of kind <paramref name="kind"/>.</summary>
    public InputException UnknownKey(ConfigPlace place, string key, string name, string? kind)
    {
        string[] known = kind is null
            ? [.. Kinds.Values.DefaultIfEmpty(type).SelectMany(Fields).Select(field => field.Name).Distinct()]
            : [.. Fields(Kinds[kind]).Select(field => field.Name)];
        if (KindKey is not null) known = [KindKey, .. known];
        if (key.Length == 0) known = [.. known, ConfigKey.Schema];
        string start = $"{place}: unknown key {Quote.Of(ConfigKey.Join(key, name))}";
        string[] others = [.. KindsWith(name)];
        if (kind is not null && others.Length > 0)
        {
            string first = place.Text.IsFile ? "" : $" (to change the kind, put --set {ConfigKey.Join(key, KindKey!)}={others[0]} before it)";
            return new InputException($"{start} for {KindKey} '{kind}'; '{name}' belongs to {KindKey} {string.Join(", ", others)}{first}");
        }
        string where = kind is null ? "" : $" for {KindKey} '{kind}'";
        return NearestName.Of(name, known) is { } near
            ? new InputException($"{start}; did you mean '{near}'?")
            : new InputException($"{start}; the keys{where} are {string.Join(", ", known)}");
    }
}
