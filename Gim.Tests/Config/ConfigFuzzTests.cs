using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gim.Config;

namespace Gim.Tests.Config;

/// <summary>Whatever is written: a config, or an <see cref="InputException"/> of one line. Never another exception.</summary>
public sealed class ConfigFuzzTests : ConfigTestBase
{
    private const string Valid = """
        {
          "$schema": "./gim.schema.json", "task": "lm", "device": "cpu", "seed": 3, "threads": 2, "output": "out",
          "tokenizer": { "kind": "tiktoken", "path": "ranks", "pattern": "\\p{L}+", "endOfText": 9 },
          "reference": [
            { "kind": "index", "path": "i", "tokenType": "u16", "eos": 2 },
            { "kind": "text", "path": "é/*.txt", "separator": "---" }
          ],
          "test": { "kind": "sample", "name": "dotnet-docs", "part": "runtime" },
          "models": ["infini-gram", "gim"], "similarityModel": "s", "window": 8, "temperature": 0.1, "threshold": 3,
          "context": 64, "stride": 32, "examples": 10, "consecutive": 2, "crossDocuments": false,
          "referenceContext": 20, "perplexity": true, "smoothing": 0.5, "cache": "c"
        }
        """;

    /// <summary>Values that stand where others are expected.</summary>
    private static readonly string[] Odd =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "-1e400", "99999999999", "1e-400", "123456789012345678901234567890",
        "\"\"", "\"x\"", "\"\\u0000\"", "\"a\\nb\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "[]", "{}", "[[]]", "[null]", "{\"kind\":\"text\"}",
        "[{\"kind\":\"sample\"}]", "\"NaN\"", "\"lm\"", "\"index\"", "\"text\"", "NaN", "Infinity", "'x'",
    ];

    [Fact]
    public void Damaged_bytes()
    {
        byte[] valid = Encoding.UTF8.GetBytes(Valid);
        var random = new Random(42);
        int read = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] bytes = [.. valid];
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(bytes.Length);
                bytes = random.Next(4) switch
                {
                    0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                    1 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 20))..]],
                    2 => [.. bytes[..at], (byte)"{}[]\",:0-\\/*\n"[random.Next(13)], .. bytes[at..]],
                    _ => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                };
                if (bytes.Length == 0) break;
            }
            if (Reads(bytes, [])) read++;
        }
        // Neither all nor nothing: the damage reaches the inner checks.
        Assert.InRange(read, 40, 3000);
    }

    [Fact]
    public void Renamed_dropped_and_doubled_keys_and_swapped_values()
    {
        var random = new Random(43);
        int read = 0;
        for (int i = 0; i < 4000; i++)
        {
            string json = Valid;
            for (int edits = random.Next(1, 3); edits > 0; edits--) json = Mutate(json, random);
            if (Reads(Encoding.UTF8.GetBytes(json), [])) read++;
        }
        Assert.InRange(read, 40, 3000);
    }

    [Fact]
    public void Every_odd_value_for_every_key_in_the_file_and_on_the_command_line()
    {
        foreach (string key in Keys(JsonNode.Parse(Valid)!, ""))
        {
            foreach (string odd in Odd)
            {
                Reads(Encoding.UTF8.GetBytes(Replace(Valid, key, odd)), []);
                Reads(Encoding.UTF8.GetBytes(Valid), [$"{key}={odd}"]);
                Reads(Encoding.UTF8.GetBytes(Replace(Valid, key, odd)), [$"{key}.x={odd}"]);
                Reads(Encoding.UTF8.GetBytes(Replace(Valid, key, odd)), [$"{key}.0={odd}", $"{key}.kind=jsonl"]);
            }
        }
    }

    [Fact]
    public void Random_overrides()
    {
        string[] words = ["test", "reference", "models", "tokenizer", "0", "1", "2", "7", "kind", "path", "task", "examples", "", "é", "\ud800", "$schema", "=", "\n"];
        var random = new Random(44);
        for (int i = 0; i < 4000; i++)
        {
            var sets = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => string.Join('.', random.GetItems(words, random.Next(1, 4))) + (random.Next(20) == 0 ? "" : "=") + (random.Next(10) == 0 ? "x\ud800\u2028" : Odd[random.Next(Odd.Length)]));
            Reads(Encoding.UTF8.GetBytes(random.Next(5) == 0 ? "{}" : Valid), [.. sets]);
        }
    }

    [Theory]
    [InlineData("{\"a\":", "}")]
    [InlineData("[", "]")]
    [InlineData("{\"task\":\"lm\",\"reference\":[", "]}")]
    public void Deep_nesting(string open, string close)
    {
        foreach (int depth in (int[])[10, 63, 64, 65, 1000, 20_000])
            Assert.False(Reads(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth))), []));
    }

    /// <summary>Whether it is a config; then its effective text must be one too, and an equal one.</summary>
    private bool Reads(byte[] config, string[] sets)
    {
        File.WriteAllBytes(ConfigPath, config);
        LoadedConfig loaded;
        try
        {
            loaded = ConfigReader.Read(ConfigPath, sets, null, null, Working);
        }
        catch (InputException error)
        {
            OneLine(error);
            return false;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{error.GetType().Name} for --set {string.Join(" --set ", sets)} on {Encoding.UTF8.GetString(config)}", error);
        }
        Assert.All(loaded.Overrides, line => Assert.DoesNotContain('\n', line));
        File.WriteAllText(ConfigPath, loaded.EffectiveJson);
        Assert.Equal(loaded.Config, ConfigReader.Read(ConfigPath, [], null, null, Folder).Config);
        return true;
    }

    private static string Mutate(string json, Random random)
    {
        // Half of a surrogate pair and text that is no JSON cannot be taken apart once more.
        if (json.Contains("\\ud83d\"", StringComparison.Ordinal)) return json;
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return json;
        }
        string[] keys = [.. Keys(root!, "")];
        if (keys.Length == 0) return json;
        string key = keys[random.Next(keys.Length)];
        return random.Next(5) switch
        {
            0 => Replace(json, key, Odd[random.Next(Odd.Length)]),
            1 => Replace(json, key, Find(root!, keys[random.Next(keys.Length)])?.ToJsonString() ?? "null"),
            2 => Rename(root!, key, new string([.. key.Split('.')[^1].Select(c => random.Next(6) == 0 ? (char)random.Next('/', 1000) : c)])),
            3 => Rename(root!, key, null),
            _ => json.Replace($"\"{key.Split('.')[^1]}\":", $"\"{keys[random.Next(keys.Length)].Split('.')[^1]}\":", StringComparison.Ordinal),
        };
    }

    private static IEnumerable<string> Keys(JsonNode node, string key)
    {
        IEnumerable<(string Name, JsonNode? Value)> children = node switch
        {
            JsonObject members => members.Select(member => (member.Key, member.Value)),
            JsonArray items => items.Select((item, i) => ($"{i}", item)),
            _ => [],
        };
        foreach (var (name, value) in children)
        {
            string full = key.Length == 0 ? name : $"{key}.{name}";
            yield return full;
            foreach (string below in value is null ? [] : Keys(value, full)) yield return below;
        }
    }

    private static JsonNode? Find(JsonNode root, string key) =>
        key.Split('.').Aggregate((JsonNode?)root, (node, name) => node is JsonArray ? node[int.Parse(name)] : node?[name]);

    /// <summary>The text with the value of <paramref name="key"/> replaced by text that need not be JSON.</summary>
    private static string Replace(string json, string key, string value)
    {
        const string mark = "\"<<here>>\"";
        JsonNode root = JsonNode.Parse(json)!;
        Set(root, key, JsonNode.Parse(mark));
        return root.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace(mark, value, StringComparison.Ordinal);
    }

    private static void Set(JsonNode root, string key, JsonNode? value)
    {
        string name = key.Split('.')[^1];
        JsonNode parent = key.Contains('.', StringComparison.Ordinal) ? Find(root, key[..key.LastIndexOf('.')])! : root;
        if (parent is JsonArray list) list[int.Parse(name)] = value;
        else parent[name] = value;
    }

    private static string Rename(JsonNode root, string key, string? name)
    {
        int dot = key.LastIndexOf('.');
        JsonNode parent = dot < 0 ? root : Find(root, key[..dot])!;
        string old = key[(dot + 1)..];
        if (parent is JsonArray list)
            list.RemoveAt(int.Parse(old));
        else if (parent is JsonObject members)
        {
            JsonNode? value = members[old];
            members.Remove(old);
            if (name is not null) members[name] = value;
        }
        return root.ToJsonString();
    }
}
