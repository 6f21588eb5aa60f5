using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>The value of <c>threshold</c>: GIM's τ as a number, or <c>auto</c>, to be chosen on a held-out part of the reference.</summary>
/// <param name="Value">τ; null: auto.</param>
[JsonConverter(typeof(ThresholdJson))]
public readonly record struct ThresholdConfig(int? Value)
{
    public const string AutoName = "auto";

    /// <summary>The largest τ that can be written: no match is longer than a context.</summary>
    public const int Maximum = LanguageModelConfig.MaximumContext + 1;

    private sealed class ThresholdJson : JsonConverter<ThresholdConfig>
    {
        public override ThresholdConfig Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => new(reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : null);

        public override void Write(Utf8JsonWriter writer, ThresholdConfig value, JsonSerializerOptions options)
        {
            if (value.Value is { } number) writer.WriteNumberValue(number);
            else writer.WriteStringValue(AutoName);
        }
    }
}
