using System.Text;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Tests.Text.Sources;

public sealed class TextFileSourceTests : IDisposable
{
    private const string Sep = "<|endoftext|>";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("one\n<|endoftext|>\ntwo\n", new[] { "one", "two" })]
    [InlineData("one\n<|endoftext|>\ntwo", new[] { "one", "two" })]
    [InlineData("one\n<|endoftext|>\ntwo\n<|endoftext|>\n", new[] { "one", "two" })]
    [InlineData("one\n<|endoftext|>\ntwo\n<|endoftext|>", new[] { "one", "two" })]
    [InlineData("<|endoftext|>\none\n", new[] { "one" })]
    [InlineData("one\r\n<|endoftext|>\r\ntwo\r\nlines\r\n", new[] { "one", "two\r\nlines" })]
    [InlineData("one\n\n<|endoftext|>\n\ntwo\n\n", new[] { "one\n", "\ntwo\n" })]
    [InlineData("\uFEFFone\n", new[] { "one" })]
    [InlineData("\uFEFF<|endoftext|>\none\n", new[] { "one" })]
    [InlineData("one\uFEFFtwo\n", new[] { "one\uFEFFtwo" })]
    [InlineData("one <|endoftext|>\n<|endoftext|> two\n <|endoftext|>\n", new[] { "one <|endoftext|>\n<|endoftext|> two\n <|endoftext|>" })]
    [InlineData("one\r", new[] { "one\r" })]
    [InlineData("x", new[] { "x" })]
    [InlineData("naïve 🦊 日本\n", new[] { "naïve 🦊 日本" })]
    public void Documents_are_divided_at_separator_lines(string content, string[] expected)
    {
        var (documents, counts) = new TextFileSource(folder.Write("a.txt", content)).All();
        Assert.Equal(expected, documents.Select(d => d.Text));
        Assert.Equal(0, counts.Skipped);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("\uFEFF", 1)]
    [InlineData(" \n\t\r\n", 1)]
    [InlineData("<|endoftext|>\n", 0)]
    [InlineData("<|endoftext|>\n<|endoftext|>\n<|endoftext|>\n", 2)]
    [InlineData("<|endoftext|>\n\n<|endoftext|>", 1)]
    public void Empty_documents_are_counted_and_not_given(string content, int skipped)
    {
        var (documents, counts) = new TextFileSource(folder.Write("a.txt", content)).All();
        Assert.Empty(documents);
        Assert.Equal(skipped, counts.Skipped);
    }

    [Fact]
    public void A_document_knows_its_file_and_its_0_based_line()
    {
        folder.Write("books/b.txt", $"first\nlines\n{Sep}\nsecond\n");
        folder.Write("a.txt", "third\n");
        var (documents, _) = new TextFileSource(folder.Root).All();
        Assert.Equal(
            [new Document("third", "a.txt", 0), new Document("first\nlines", "books/b.txt", 0), new Document("second", "books/b.txt", 3)],
            documents);
        Assert.Equal("b.txt", new TextFileSource(folder["books/b.txt"]).All().Documents[0].Path);
    }

    [Fact]
    public void A_document_that_is_not_utf8_is_left_out_with_its_place()
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"good\n{Sep}\nbad "), 0xC3, 0x28, .. Encoding.UTF8.GetBytes($"\nmore\n{Sep}\nfine\n")];
        var (documents, counts) = new TextFileSource(folder.Write("a.txt", content)).All();
        Assert.Equal(["good", "fine"], documents.Select(d => d.Text));
        Assert.Equal("source: skipped 1 document because its bytes are not valid UTF-8 (first: a.txt line 3)", counts.Skips());
    }

    [Fact]
    public void A_character_cut_by_the_end_of_the_file_is_not_utf8()
    {
        Assert.Equal(1, new TextFileSource(folder.Write("a.txt", [0x61, 0xE2, 0x82])).All().Counts.Skipped);
    }

    [Theory]
    [InlineData("1234567890", true)]
    [InlineData("1234567890\n", true)]
    [InlineData("1234567890\r\n", true)]
    [InlineData("12345678901", false)]
    [InlineData("1234567\n901\n", false)]
    [InlineData("ééééé", true)]
    [InlineData("éééééé", false)]
    public void The_limit_counts_the_bytes_of_a_document_without_its_final_newline(string document, bool fits)
    {
        var source = new TextFileSource(folder.Write("a.txt", $"{document}{(document.EndsWith('\n') ? "" : "\n")}{Sep}\nnext"), Sep, 10);
        var (documents, counts) = source.All();
        Assert.Equal(fits ? 2 : 1, documents.Count);
        Assert.Equal("next", documents[^1].Text);
        Assert.Equal(fits ? "" : "source: skipped 1 document because it is longer than 10 bytes (first: a.txt line 1)", counts.Skips());
    }

    [Fact]
    public void Lines_and_documents_longer_than_any_buffer_are_whole_or_left_out()
    {
        string line = new('x', 3_000_000);
        string lines = TempFolder.Words(480_000);
        string path = folder.Write("a.txt", $"{line}\n{Sep}\n{lines}{Sep}\nend\n");
        Assert.Equal([line, lines.TrimEnd('\n'), "end"], new TextFileSource(path).Texts());
        var (documents, counts) = new TextFileSource(path, Sep, 1_000_000).All();
        Assert.Equal(["end"], documents.Select(d => d.Text));
        Assert.Equal(2, counts.Skipped);
        Assert.Equal(lines.Count(c => c == '\n') + 3, documents[0].Line);
    }

    [Fact]
    public void Separators_at_every_place_of_the_buffer_are_seen()
    {
        // Lengths around the reader's buffer put the separator across its end at every offset.
        for (int length = (1 << 18) - 20; length < (1 << 18) + 3; length++)
        {
            string path = folder.Write("a.txt", $"{new string('y', length)}\n{Sep}\nend");
            Assert.Equal([length, 3], new TextFileSource(path).Texts().Select(t => t.Length));
        }
    }

    [Fact]
    public void A_million_byte_line_that_begins_like_the_separator_is_text()
    {
        string text = Sep + new string(' ', 1_000_000) + "z";
        Assert.Equal([text], new TextFileSource(folder.Write("a.txt", text)).Texts());
    }

    [Fact]
    public void Another_separator_can_be_given()
    {
        string path = folder.Write("a.txt", $"one\n====\ntwo\n{Sep}\nthree\n");
        Assert.Equal(["one", $"two\n{Sep}\nthree"], new TextFileSource(path, "====").Texts());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\r")]
    public void A_separator_that_is_no_line_is_an_error(string separator)
    {
        string path = folder.Write("a.txt", "x");
        Assert.Contains("separator", Assert.Throws<InputException>(() => new TextFileSource(path, separator)).Message);
    }

    [Fact]
    public void A_limit_below_one_is_an_error()
    {
        string path = folder.Write("a.txt", "x");
        Assert.Contains("limit", Assert.Throws<InputException>(() => new TextFileSource(path, Sep, 0)).Message);
    }

    [Fact]
    public void Progress_adds_up_to_the_bytes_on_disk()
    {
        folder.Write("a.txt", TempFolder.Words(100_000));
        folder.Write("b.txt.gz", TempFolder.Gzip(TempFolder.Words(100_000)));
        folder.Write("c.txt.zst", TempFolder.Zstd(TempFolder.Words(100_000)));
        var source = new TextFileSource(folder.Root);
        var progress = new Bytes();
        Assert.Equal(3, source.Read(new SourceCounts(), progress).Count());
        Assert.Equal(source.TotalBytes, progress.Sum);
        Assert.Equal(new DirectoryInfo(folder.Root).GetFiles().Sum(f => f.Length), progress.Sum);
    }

    [Fact]
    public void Reading_stops_when_it_is_cancelled()
    {
        string path = folder.Write("a.txt", $"one\n{Sep}\ntwo\n{Sep}\nthree\n");
        using var stop = new CancellationTokenSource();
        var given = new List<string>();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var document in new TextFileSource(path).Read(new SourceCounts(), null, stop.Token))
            {
                given.Add(document.Text);
                stop.Cancel();
            }
        });
        Assert.Equal(["one"], given);
    }

    [Fact]
    public void The_fingerprint_follows_the_files_and_the_options()
    {
        string path = folder.Write("a.txt", "one");
        string first = new TextFileSource(path).Fingerprint;
        Assert.Equal(first, new TextFileSource(path).Fingerprint);
        Assert.NotEqual(first, new TextFileSource(path, "--").Fingerprint);
        Assert.NotEqual(first, new TextFileSource(path, Sep, 5).Fingerprint);
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        string changed = new TextFileSource(path).Fingerprint;
        Assert.NotEqual(first, changed);
        folder.Write("a.txt", "one two");
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.NotEqual(changed, new TextFileSource(path).Fingerprint);
    }

    [Fact]
    public void A_source_can_be_read_twice_and_names_its_path()
    {
        var source = new TextFileSource(folder.Write("a.txt", $"one\n{Sep}\ntwo\n"));
        Assert.Equal(source.Texts(), source.Texts());
        Assert.Equal($"text {folder["a.txt"]}", source.Name);
    }

    [Fact]
    public void A_file_removed_after_the_source_was_made_is_an_error()
    {
        var source = new TextFileSource(folder.Write("a.txt", "x"));
        File.Delete(folder["a.txt"]);
        Assert.Contains("not there any more", Reading.Error(() => source));
    }
}
