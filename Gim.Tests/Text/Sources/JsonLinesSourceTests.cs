using System.Text;
using System.Text.Json;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Tests.Text.Sources;

public sealed class JsonLinesSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_field_is_the_text_and_the_others_are_metadata()
    {
        string path = folder.Write("a.jsonl", """
            {"text": "one"}
            { "id": 7, "text": "t\u0077o\n🦊", "meta": { "set": "x y", "list": [1, 2.50, {"a": null}, []], "e": {} } }
            {"t\u0065xt":"three","ok":true}
            """);
        var (documents, counts) = new JsonLinesSource(path).All();
        Assert.Equal(
            [
                new Document("one", "a.jsonl", 0),
                new Document("two\n🦊", "a.jsonl", 1, """{"id":7,"meta":{"set":"x y","list":[1,2.50,{"a":null},[]],"e":{}}}"""),
                new Document("three", "a.jsonl", 2, """{"ok":true}"""),
            ],
            documents);
        Assert.Equal(0, counts.Skipped);
    }

    [Fact]
    public void Metadata_keeps_escapes_and_numbers_as_they_were_written()
    {
        string path = folder.Write("a.jsonl", """{"a\"b": "q\"\u00e9\\", "n": 1e400, "s": "\ud800", "text": "x"}""");
        string? metadata = new JsonLinesSource(path).All().Documents[0].Metadata;
        Assert.Equal("""{"a\"b":"q\"\u00e9\\","n":1e400,"s":"\ud800"}""", metadata);
        using var parsed = JsonDocument.Parse(metadata!);
        Assert.Equal("q\"é\\", parsed.RootElement.GetProperty("a\"b").GetString());
    }

    [Fact]
    public void Any_field_can_be_the_text()
    {
        string path = folder.Write("a.jsonl", """{"body": "one", "text": 3}""");
        Assert.Equal([new Document("one", "a.jsonl", 0, """{"text":3}""")], new JsonLinesSource(path, "body").All().Documents);
    }

    [Theory]
    [InlineData("[1]", "holds an array where a JSON object is expected")]
    [InlineData("\"text\"", "holds a string where a JSON object is expected")]
    [InlineData("17", "holds a number where a JSON object is expected")]
    [InlineData("null", "holds null where a JSON object is expected")]
    [InlineData("{\"text\": 17}", "has a number in the field 'text'")]
    [InlineData("{\"text\": null}", "has null in the field 'text'")]
    [InlineData("{\"text\": [\"a\"]}", "has an array in the field 'text'")]
    [InlineData("{\"texts\": \"a\", \"id\": 1}", "has no field 'text' (its fields are texts, id): did you mean 'texts'?")]
    [InlineData("{\"content\": \"a\"}", "has no field 'text' (its fields are content): name the field")]
    [InlineData("{\"meta\": {\"text\": \"a\"}}", "has no field 'text' (its fields are meta)")]
    [InlineData("{}", "has no field 'text' (its object is empty)")]
    [InlineData("{\"text\": \"a\"", "is not a JSON object (at byte")]
    [InlineData("{\"text\": \"a\"} x", "is not a JSON object (at byte 15")]
    [InlineData("{\"text\": \"a\"}{\"text\": \"a\"}", "is not a JSON object (at byte")]
    [InlineData("{'text': 'a'}", "is not a JSON object (at byte 2")]
    [InlineData("plain words", "is not a JSON object (at byte 1")]
    public void A_line_that_is_not_such_an_object_is_an_error_with_its_line(string line, string expected)
    {
        string path = folder.Write("a.jsonl", $"{{\"text\": \"fine\"}}\n\n{line}\n{{\"text\": \"fine\"}}\n");
        string error = Reading.Error(() => new JsonLinesSource(path));
        Assert.StartsWith($"'{path}' line 3 {expected}", error);
    }

    [Fact]
    public void Json_nested_too_deep_is_an_error()
    {
        string path = folder.Write("a.jsonl", $"{{\"text\":\"a\",\"b\":{new string('[', 5000)}{new string(']', 5000)}}}");
        Assert.Contains("line 1 is not a JSON object", Reading.Error(() => new JsonLinesSource(path)));
    }

    [Fact]
    public void What_is_no_text_is_left_out_with_its_place()
    {
        byte[] content =
        [
            .. Encoding.UTF8.GetBytes("\uFEFF{\"text\": \"one\"}\r\n\r\n{\"text\": \"\"}\n{\"text\": \" \\n\"}\n{\"text\": \"a\\ud800b\"}\n{\"text\": \""),
            0xFF,
            .. Encoding.UTF8.GetBytes("\"}\n{\"text\": \"two\"}"),
        ];
        var (documents, counts) = new JsonLinesSource(folder.Write("a.jsonl", content)).All();
        Assert.Equal([("one", 0L), ("two", 6L)], documents.Select(d => (d.Text, d.Line)));
        Assert.Equal(
            """
            source: skipped 2 documents because it is empty (first: a.jsonl line 3)
            source: skipped 1 document because its bytes are not valid UTF-8 (first: a.jsonl line 6)
            source: skipped 1 document because its line is blank (first: a.jsonl line 2)
            source: skipped 1 document because its text has half a surrogate pair (first: a.jsonl line 5)
            """.ReplaceLineEndings("\n"), counts.Skips());
    }

    [Fact]
    public void Long_lines_are_whole_or_left_out()
    {
        string text = new('x', 2_000_000);
        string path = folder.Write("a.jsonl", $"{{\"text\":\"{text}\",\"n\":1}}\n{{\"text\":\"end\"}}\n");
        Assert.Equal([text, "end"], new JsonLinesSource(path).Texts());
        var (documents, counts) = new JsonLinesSource(path, "text", 1000).All();
        Assert.Equal([new Document("end", "a.jsonl", 1)], documents);
        Assert.Equal("source: skipped 1 document because it is longer than 1,000 bytes (first: a.jsonl line 1)", counts.Skips());
    }

    [Fact]
    public void Many_lines_come_whole_and_in_order()
    {
        var content = new StringBuilder();
        for (int i = 0; i < 50_000; i++)
            content.Append($"{{\"i\":{i},\"text\":\"t{i}\"}}\n");
        var documents = new JsonLinesSource(folder.Write("a.jsonl.gz", TempFolder.Gzip(content.ToString()))).All().Documents;
        Assert.Equal(50_000, documents.Count);
        for (int i = 0; i < documents.Count; i++)
            Assert.Equal(new Document($"t{i}", "a.jsonl.gz", i, $"{{\"i\":{i}}}"), documents[i]);
    }

    [Fact]
    public void A_folder_gives_its_jsonl_files()
    {
        const string line = "{\"text\":\"x\"}\n";
        folder.Write("b.jsonl", line);
        folder.Write("a.json.gz", TempFolder.Gzip(line));
        folder.Write("c/a.jsonl.zst", TempFolder.Zstd(line));
        folder.Write("d.ndjson", line);
        folder.Write("info.json", "{\n}");
        folder.Write("a.txt", "x");
        Assert.Equal(["a.json.gz", "b.jsonl", "c/a.jsonl.zst", "d.ndjson"],
            new JsonLinesSource(folder.Root).All().Documents.Select(d => d.Path));
    }

    [Fact]
    public void An_empty_file_has_no_lines()
    {
        var (documents, counts) = new JsonLinesSource(folder.Write("a.jsonl", "")).All();
        Assert.Empty(documents);
        Assert.Equal(0, counts.Skipped);
    }
}
