using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gim.Config;

/// <summary>One key of a config record and the rules that its attributes state.</summary>
internal sealed class ConfigField
{
    private readonly JsonPropertyInfo property;
    private readonly ICustomAttributeProvider? attributes;

    public ConfigField(JsonPropertyInfo property)
    {
        this.property = property;
        attributes = property.AttributeProvider;
        Type = ConfigJson.TypeOf(property.PropertyType);
        Nullable = System.Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType && property.IsSetNullable);
        IsPath = Attribute<ConfigPathAttribute>() is not null;
        Names = Attribute<OneOfAttribute>()?.Names ?? [];
        Range = Attribute<RangeAttribute>();
        NotEmpty = Attribute<MinLengthAttribute>() is not null;
        Description = Attribute<DescriptionAttribute>()?.Description;
    }

    public string Name => property.Name;

    public JsonTypeInfo Type { get; }

    public bool Nullable { get; }

    public bool Required => property.IsRequired;

    public bool IsPath { get; }

    /// <summary>The names that the value, or each value of a list, may have; empty where any text may stand.</summary>
    public IReadOnlyList<string> Names { get; }

    public RangeAttribute? Range { get; }

    public bool NotEmpty { get; }

    public string? Description { get; }

    /// <summary>The type of one value: of a list's elements, of a nullable number the number.</summary>
    public Type ValueType
    {
        get
        {
            Type one = Type.ElementType ?? Type.Type;
            return System.Nullable.GetUnderlyingType(one) ?? one;
        }
    }

    /// <summary>What may stand here, for messages.</summary>
    public string Expected => (Type.Kind, ValueType) switch
    {
        (JsonTypeInfoKind.Enumerable, _) => NotEmpty ? "a list [...] with at least one value" : "a list [...]",
        (JsonTypeInfoKind.Object, _) => "an object {...}",
        _ => ExpectedValue,
    };

    /// <summary>What one value may be, for messages.</summary>
    public string ExpectedValue => ValueType switch
    {
        { } type when type == typeof(bool) => "true or false",
        { } type when type == typeof(int) => "a whole number" + ExpectedRange,
        { } type when type == typeof(double) => "a number" + ExpectedRange,
        { } type when type == typeof(ThresholdConfig) => $"{ThresholdConfig.AutoName} or a whole number from 0 to {ThresholdConfig.Maximum}",
        _ when Names.Count > 0 => "one of " + string.Join(", ", Names),
        _ => IsPath ? "a path" : "text in quotes",
    };

    private string ExpectedRange => Range switch
    {
        null when ValueType == typeof(int) => $" from {int.MinValue} to {int.MaxValue}",
        null => "",
        { Maximum: int.MaxValue } => $" of at least {Range.Minimum}",
        { MinimumIsExclusive: true, MaximumIsExclusive: true } => $" above {Range.Minimum} and below {Range.Maximum}",
        { MinimumIsExclusive: true } => $" above {Range.Minimum} and at most {Range.Maximum}",
        { MaximumIsExclusive: true } => $" from {Range.Minimum} to below {Range.Maximum}",
        _ => $" from {Range.Minimum} to {Range.Maximum}",
    };

    /// <summary>
    /// The value, as JSON, that stands here in <paramref name="owner"/> when the key is left out; null where the key
    /// is required.
    /// </summary>
    public JsonElement? Default(JsonTypeInfo owner) => Required || owner.CreateObject is null
        ? null
        : JsonSerializer.SerializeToElement(property.Get!(owner.CreateObject()), Type);

    private T? Attribute<T>() where T : Attribute =>
        attributes?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault() as T;
}
