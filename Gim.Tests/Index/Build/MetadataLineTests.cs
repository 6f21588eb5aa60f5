using Gim.Index.Build;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Tests.Index.Build;

/// <summary>Lines of metadata against what Python's json.dumps writes for the same document, given here in full.</summary>
public class MetadataLineTests
{
    [Theory]
    [InlineData("a/b.txt", null, """{"path": "a/b.txt", "linenum": 7, "metadata": {}}""")]
    [InlineData("a", "{}", """{"path": "a", "linenum": 7, "metadata": {}}""")]
    [InlineData("a", """{"n":1e3,"big":123456789012345678901234567890,"x":-1.50,"t":true,"f":false,"no":null}""",
        """{"path": "a", "linenum": 7, "metadata": {"n": 1e3, "big": 123456789012345678901234567890, "x": -1.50, "t": true, "f": false, "no": null}}""")]
    [InlineData("a", """{"in":{"deep":[1,[2,{"k":"v"}],[]],"e":{}}}""",
        """{"path": "a", "linenum": 7, "metadata": {"in": {"deep": [1, [2, {"k": "v"}], []], "e": {}}}}""")]
    [InlineData("ü/<&'+>.txt", """{"k:,[":"a,b:c \" \\ \/ { } \b\f\n\r\t"}""",
        """{"path": "\u00fc/<&'+>.txt", "linenum": 7, "metadata": {"k:,[": "a,b:c \" \\ / { } \b\f\n\r\t"}}""")]
    [InlineData("a\"\\\n\u007f\u0001", null, """{"path": "a\"\\\n\u007f\u0001", "linenum": 7, "metadata": {}}""")]
    [InlineData("a", """{"é":"日本 😀","s":"\u0041\u00E9\ud83d\uDE00\ud800"}""",
        """{"path": "a", "linenum": 7, "metadata": {"\u00e9": "\u65e5\u672c \ud83d\ude00", "s": "A\u00e9\ud83d\ude00\ud800"}}""")]
    [InlineData("a", "{ \"k\" :\t[ 1 ,\n2 ] }", """{"path": "a", "linenum": 7, "metadata": {"k": [1, 2]}}""")]
    public void A_line_is_what_Python_writes(string path, string? metadata, string expected)
        => Assert.Equal(expected, MetadataLine.Of(new Document("text", path, 7, metadata)));

    [Theory]
    [InlineData("{\"k")]
    [InlineData("{\"k\\")]
    [InlineData("{\"k\\u12\"}")]
    [InlineData("{\"k\\uzzzz\"}")]
    public void What_is_not_JSON_is_refused(string metadata)
        => Assert.Throws<ArgumentException>(() => MetadataLine.Of(new Document("text", "a", 0, metadata)));

    [Fact]
    public void Fields_of_a_jsonl_file_come_through_as_they_are()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["d.jsonl"], """{"id": 1e3, "text": "words", "tags": ["x\u00e4", {"u": "é\/"}], "n": 9007199254740993}""" + "\n");
        Document document = Assert.Single(new JsonLinesSource(folder["d.jsonl"]).Read(new SourceCounts()));
        Assert.Equal(
            """{"path": "d.jsonl", "linenum": 0, "metadata": {"id": 1e3, "tags": ["x\u00e4", {"u": "\u00e9/"}], "n": 9007199254740993}}""",
            MetadataLine.Of(document));
    }
}
