using System.Text.Json.Nodes;
using Gim.Config;

namespace Gim.Tests.Config;

public sealed class ConfigSchemaTests
{
    private const string WriteVariable = "GIM_WRITE_SCHEMA";

    private static string Configs { get; } = Repository.PathOf("configs");

    public static TheoryData<string> CommittedConfigs() =>
        [.. Directory.GetFiles(Configs, "*.json").Select(file => Path.GetFileName(file)).Where(name => name != "gim.schema.json").Order()];

    [Fact]
    public void The_committed_schema_is_the_generated_one()
    {
        string path = Path.Combine(Configs, "gim.schema.json");
        string generated = ConfigSchema.Generate();
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1") File.WriteAllText(path, generated);
        string committed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.True(
            committed == generated,
            $"configs/gim.schema.json differs from the records. Write it anew: {WriteVariable}=1 dotnet test Gim.Tests --filter ConfigSchema");
    }

    [Theory]
    [MemberData(nameof(CommittedConfigs))]
    public void Every_committed_config_can_be_read_and_names_the_schema(string name)
    {
        string path = Path.Combine(Configs, name);
        JobConfig config = ConfigReader.Read(path, [], null, null).Config;
        Assert.EndsWith(Path.Combine("runs", Path.GetFileNameWithoutExtension(name)), config.OutputFolder, StringComparison.Ordinal);
        // Plain JSON, without comments: other programs read these files too.
        Assert.Equal("./gim.schema.json", (string?)JsonNode.Parse(File.ReadAllText(path))!["$schema"]);
    }

    [Fact]
    public void The_schema_states_the_rules_of_the_records()
    {
        JsonNode schema = JsonNode.Parse(ConfigSchema.Generate())!;
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)schema["$schema"]);
        Assert.Equal(["lm", "index", "train", "fmri"], schema["anyOf"]!.AsArray().Select(task => (string?)task!["properties"]!["task"]!["const"]));
        JsonNode lm = schema["anyOf"]![0]!;
        Assert.False((bool)lm["additionalProperties"]!);
        JsonNode keys = lm["properties"]!;
        Assert.NotNull(keys["$schema"]);
        AssertJson("""{"type":"integer","minimum":1,"maximum":1048576,"default":1024}""", keys["context"]!);
        AssertJson("""{"type":"integer","minimum":0,"default":0}""", keys["examples"]!);
        AssertJson("""{"type":"number","exclusiveMinimum":1E-12,"exclusiveMaximum":1,"default":0.01}""", keys["smoothing"]!);
        AssertJson(
            """{"type":"array","items":{"type":"string","enum":["infini-gram","induction-exact","induction-fuzzy","gim"]},"minItems":1,"uniqueItems":true,"default":["infini-gram","induction-exact","induction-fuzzy","gim"]}""",
            keys["models"]!);
        JsonNode index = keys["reference"]!["items"]!["anyOf"]![4]!["properties"]!;
        AssertJson("""{"type":["string","null"],"enum":["u8","u16","u32",null]}""", index["tokenType"]!);
        AssertJson("""{"type":"string","minLength":1}""", index["path"]!);
    }

    [Fact]
    public void Every_key_and_every_kind_has_a_description()
    {
        var without = new List<string>();
        Walk(JsonNode.Parse(ConfigSchema.Generate())!, "");
        Assert.Empty(without);

        void Walk(JsonNode node, string path)
        {
            foreach (var (name, key) in node["properties"]?.AsObject() ?? [])
            {
                if (name is "$schema" or "kind" or "task") continue;
                string description = (string?)key!["description"] ?? "";
                if (!description.EndsWith('.') || description.Contains('\n', StringComparison.Ordinal)) without.Add($"{path}/{name}");
                Walk(key!, $"{path}/{name}");
            }
            foreach (JsonNode? kind in node["anyOf"]?.AsArray() ?? [])
            {
                if (kind!["description"] is null) without.Add($"{path} {kind["properties"]}");
                Walk(kind, path);
            }
            if (node["items"] is { } items) Walk(items, path);
        }
    }

    private static void AssertJson(string expected, JsonNode actual)
    {
        var rules = actual.DeepClone().AsObject();
        rules.Remove("description");
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), rules.ToJsonString());
    }
}
