using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Gim.Tests.Jobs;

/// <summary>An index built on its own: what it holds, how it is opened again, and what is refused.</summary>
[Collection(ProcessTests.Name)]
public sealed class IndexRunTests : JobTestBase
{
    private const string Gpt2 = "tokenizer.kind=gpt2";

    [Fact]
    public void An_index_says_what_it_holds_and_answers_as_its_text_does()
    {
        Write("index.json", IndexJob);
        GimRun run = Gim("index.json").Done();
        Assert.Contains("index of ", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["config.json", "gim.json", "log.txt", "metadata.0", "metaoff.0", "offset.0", "summary.json", "table.0", "tokenized.0", "unigram.0"],
            Directory.GetFileSystemEntries(In("index")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

        JsonObject manifest = ReadJson(In("index", "gim.json"));
        Assert.Equal(
            ["version", "tokenType", "eos", "vocabularySize", "tokenizer", "documents", "tokens", "key", "files"],
            manifest.Select(pair => pair.Key));
        Assert.Equal("u16", (string?)manifest["tokenType"]);
        Assert.Equal((50256, 50257), ((int)manifest["eos"]!, (int)manifest["vocabularySize"]!));
        Assert.Equal("gpt2", (string?)manifest["tokenizer"]!["name"]);
        Assert.Equal(12, (int)manifest["documents"]!);
        Assert.Equal(new FileInfo(In("index", "tokenized.0")).Length, 2 * (long)manifest["tokens"]!);
        foreach (var (name, record) in manifest["files"]!.AsObject())
        {
            byte[] content = File.ReadAllBytes(In("index", name));
            Assert.Equal(content.Length, (long)record!["bytes"]!);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), (string?)record["sha256"]);
        }
        Assert.Equal((string?)Summary(In("index"))["tokenType"], (string?)manifest["tokenType"]);
        Assert.Equal((long)Summary(In("index"))["tokens"]!, (long)manifest["tokens"]!);
        Assert.Equal(1, (int)Summary(In("index"))["shards"]!);

        GimWith(Gpt2, "output=of-text").Done();
        GimWith(Gpt2, "output=of-index", Reference("index")).Done();
        Assert.Contains("index opened", Log(In("of-index")), StringComparison.Ordinal);
        Assert.Equal(Predictions(In("of-text")), Predictions(In("of-index")));
        Assert.Equal(Figures(In("of-text")), Figures(In("of-index")));

        // Without gim.json it is a folder as the original engine writes it.
        File.Delete(In("index", "gim.json"));
        GimWith(Gpt2, "output=of-bare", Reference("index", ",\"tokenType\":\"u16\",\"eos\":50256")).Done();
        Assert.Equal(Predictions(In("of-text")), Predictions(In("of-bare")));
    }

    [Fact]
    public void Metadata_is_written_as_the_original_builder_writes_it()
    {
        Write("docs.jsonl", """{"text": "one", "title": "Caf\u00e9 \"Ü\"", "n": 1e3, "nested": {"a": [1,2], "b": null}}""" + "\n" + """{"text":"two"}""" + "\n");
        Write("index.json", """{"task": "index", "tokenizer": {"kind": "bytes"}, "reference": [{"kind": "jsonl", "path": "docs.jsonl"}], "output": "index"}""");
        Gim("index.json").Done();
        Assert.Equal(
            """{"path": "docs.jsonl", "linenum": 0, "metadata": {"title": "Caf\u00e9 \"\u00dc\"", "n": 1e3, "nested": {"a": [1, 2], "b": null}}}""" + "\n"
            + """{"path": "docs.jsonl", "linenum": 1, "metadata": {}}""" + "\n",
            File.ReadAllText(In("index", "metadata.0")));
    }

    [Fact]
    public void An_index_of_other_tokens_is_refused()
    {
        BuildIndex();
        AssertRefused(GimWith(Reference("index")), "was tokenised with gpt2", "set \"tokenizer\" to the same");

        // A bare folder does not say which tokenizer made it; the tokens themselves do.
        File.Delete(In("index", "gim.json"));
        AssertRefused(GimWith(Gpt2, Reference("index")), "has no gim.json", "tokenType");
        AssertRefused(GimWith(Reference("index", ",\"tokenType\":\"u16\",\"eos\":0")), "the reference holds token id ", "only the ids 0 to 255");
        AssertRefused(GimWith(Reference("index", ",\"tokenType\":\"u16\",\"eos\":50256")), "\"eos\" 50256 is not a token of bytes");
        AssertRefused(GimWith(Gpt2, Reference("index", ",\"tokenType\":\"u8\",\"eos\":50256")), "\"tokenType\" u8 cannot hold the tokens of gpt2");
    }

    [Fact]
    public void A_damaged_index_is_refused()
    {
        BuildIndex();
        string table = In("index", "table.0");
        byte[] whole = File.ReadAllBytes(table);

        File.WriteAllBytes(table, whole[..^3]);
        AssertRefused(GimWith(Gpt2, Reference("index")), "table.0 has ", "must be built again");
        whole[^1] ^= 1;
        File.WriteAllBytes(table, whole);
        AssertRefused(GimWith(Gpt2, Reference("index")), "table.0 is damaged", "must be built again");
        Write("index/gim.json", """
            {"version":1,"tokenType":"u16","eos":50256,"vocabularySize":50257,"tokenizer":{"name":"gpt2","hash":""},
             "documents":1,"tokens":1,"key":"","files":{"table.0":null}}
            """);
        AssertRefused(GimWith(Gpt2, Reference("index")), "gim.json cannot be read", "table.0");

        File.Delete(In("index", "gim.json"));
        string bare = Reference("index", ",\"tokenType\":\"u16\",\"eos\":50256");
        File.WriteAllBytes(table, whole[..^3]);
        AssertRefused(GimWith(Gpt2, bare), "table.0 has ", "it is truncated or belongs to another index");
        // Half of it has one byte for each token, which is whole but points to places inside tokens.
        File.WriteAllBytes(table, whole[..(whole.Length / 2)]);
        AssertRefused(GimWith(Gpt2, bare), "table.0: entry ", "must be built again");
        File.Delete(table);
        AssertRefused(GimWith(Gpt2, bare), "tokenized.0 has no table.0");
    }

    private static string Reference(string path, string more = "") => $$"""reference=[{"kind":"index","path":"{{path}}"{{more}}}]""";

    /// <summary>Builds an index and removes the traces of the run, so that what is left is what a refused run leaves.</summary>
    private void BuildIndex()
    {
        Write("index.json", IndexJob);
        Gim("index.json").Done();
        File.Delete(In("index", "summary.json"));
    }
}
