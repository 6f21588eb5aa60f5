using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Gim.Config;

/// <summary>
/// The JSON schema of configs, made from the records: editors complete and check keys by it. It says what
/// <see cref="ConfigReader"/> checks, as far as a schema can.
/// </summary>
public static class ConfigSchema
{
    private static readonly JsonTypeInfo Root = ConfigJson.TypeOf(typeof(JobConfig));

    /// <summary>The schema as JSON text, with a final line break.</summary>
    public static string Generate()
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            // The exporter knows nothing of a type with its own converter, and gives "true".
            TransformSchemaNode = (context, node) => Transform(context, IsThreshold(context.TypeInfo) ? Threshold() : node.AsObject()),
        };
        JsonObject schema = Root.GetJsonSchemaAsNode(options).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A config of Gim");
        return schema.ToJsonString(ConfigJson.Options) + "\n";
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonObject node)
    {
        if (context.PropertyInfo is { } property) AddRules(node, new ConfigField(property), Owner(property));
        if (context.BaseTypeInfo is not { } parent) return node;

        string? description = context.TypeInfo.Type.GetCustomAttribute<DescriptionAttribute>()?.Description;
        if (description is not null) node.Insert(0, "description", description);
        if (parent.Type == typeof(JobConfig))
            node["properties"]!.AsObject().Insert(0, ConfigKey.Schema, new JsonObject { ["type"] = "string" });
        return node;
    }

    private static void AddRules(JsonObject node, ConfigField field, JsonTypeInfo owner)
    {
        if (field.Description is not null) node.Insert(0, "description", field.Description);
        if (field.Type.Kind == JsonTypeInfoKind.Enumerable)
        {
            if (field.NotEmpty) node["minItems"] = 1;
            if (field.Names.Count > 0)
            {
                node["uniqueItems"] = true;
                node["items"]!["enum"] = Names(field, orNull: false);
            }
        }
        else if (field.Names.Count > 0)
            node["enum"] = Names(field, orNull: field.Nullable);
        else if (field.ValueType == typeof(string))
            node["minLength"] = 1;

        if (field.Range is { } range)
        {
            // Of a list every value is in range.
            JsonObject one = field.Type.Kind == JsonTypeInfoKind.Enumerable ? node["items"]!.AsObject() : node;
            one[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(range.Minimum);
            if (range.Maximum is not int.MaxValue)
                one[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Number(range.Maximum);
        }
        if (field.Default(owner) is { ValueKind: not JsonValueKind.Null } value)
            node["default"] = JsonNode.Parse(value.GetRawText());
    }

    private static bool IsThreshold(JsonTypeInfo type) => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(ThresholdConfig);

    private static JsonObject Threshold() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject
            {
                ["description"] = "Tokens that a match must have.",
                ["type"] = "integer",
                ["minimum"] = 0,
                ["maximum"] = ThresholdConfig.Maximum,
            },
            new JsonObject { ["description"] = "Chosen on a held-out part of the reference; null: as the model's file says.", ["enum"] = new JsonArray(ThresholdConfig.AutoName, null) }),
    };

    private static JsonArray Names(ConfigField field, bool orNull)
    {
        JsonArray names = [.. field.Names];
        if (orNull) names.Add(null);
        return names;
    }

    private static JsonValue Number(object number) => number is int whole ? JsonValue.Create(whole) : JsonValue.Create((double)number);

    /// <summary>A record that has the property, to ask for its default: keys of the base record are alike in all tasks.</summary>
    private static JsonTypeInfo Owner(JsonPropertyInfo property) => property.DeclaringType.IsAbstract
        ? new ConfigShape(ConfigJson.TypeOf(property.DeclaringType)).Kinds.GetAt(0).Value
        : ConfigJson.TypeOf(property.DeclaringType);
}
