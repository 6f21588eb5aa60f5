using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gim.Config;

/// <summary>How config records are written as JSON: one set of options for reading, writing and the schema.</summary>
internal static class ConfigJson
{
    /// <summary>Deepest nesting that is read; configs need four levels.</summary>
    public const int MaximumDepth = 64;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Options { get; } = MakeOptions();

    public static JsonTypeInfo TypeOf(Type type) => Options.GetTypeInfo(type);

    /// <summary>A string as JSON, quotes included.</summary>
    public static string Text(string value) => JsonSerializer.Serialize(value, Compact);

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            // ConfigBinder has checked everything before; these make a mistake of ours show as an exception.
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            WriteIndented = true,
            NewLine = "\n",
            // Configs are read by people, never put into a web page: <|endoftext|> and é stay as they are.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaximumDepth,
        };
        options.MakeReadOnly();
        return options;
    }
}
