using Gim.Text.Sources;

namespace Gim.Tests.Text.Sources;

public sealed class SourcePathTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string[] Paths(string path) => [.. new TextFileSource(path).All().Documents.Select(d => d.Path)];

    private void Fill(params string[] names)
    {
        foreach (string name in names)
            folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? TempFolder.Gzip("x")
                : name.EndsWith(".zst", StringComparison.Ordinal) ? TempFolder.Zstd("x") : "x"u8.ToArray());
    }

    [Fact]
    public void A_folder_gives_its_text_files_in_ordinal_order()
    {
        Fill("b.txt", "B.txt", "a/z.md", "a.txt", "a/b/c.txt.gz", "z.MD.zst", "no.json", "a/no.txt.bak", ".hidden.txt", ".git/x.txt");
        Assert.Equal(["B.txt", "a.txt", "a/b/c.txt.gz", "a/z.md", "b.txt", "z.MD.zst"], Paths(folder.Root));
        Assert.Equal(["b/c.txt.gz", "z.md"], Paths(folder["a"] + "/"));
    }

    [Theory]
    [InlineData("*.txt", "a1.txt b2.txt")]
    [InlineData("?1.*", "a1.log a1.txt")]
    [InlineData("a?.txt", "a1.txt")]
    [InlineData("a1?.txt", null)]
    [InlineData("A*.txt", null)]
    [InlineData("*/*.txt", "s/c.txt")]
    [InlineData("**/*.txt", "a1.txt b2.txt s/c.txt s/t/d.txt")]
    [InlineData("s/**/*.txt", "c.txt t/d.txt")]
    [InlineData("s/**", "c.txt t/d.txt")]
    [InlineData("**/t/**/d.*", "s/t/d.txt")]
    [InlineData("**/.h*", ".h.txt")]
    [InlineData("s/?/d.txt", "t/d.txt")]
    [InlineData("**/**/d.txt", "s/t/d.txt")]
    public void A_pattern_gives_what_it_matches(string pattern, string? expected)
    {
        Fill("a1.txt", "b2.txt", "a1.log", "s/c.txt", "s/t/d.txt", ".h.txt");
        string path = $"{folder.Root}/{pattern}";
        if (expected is null)
            Assert.Contains($"no file matches the pattern '{path}'", Reading.Error(() => new TextFileSource(path)));
        else
            Assert.Equal(expected.Split(' '), Paths(path));
    }

    [Fact]
    public void A_pattern_works_with_the_systems_own_separator()
    {
        Fill("s/t/d.txt");
        char c = Path.DirectorySeparatorChar;
        Assert.Equal(["s/t/d.txt"], Paths($"{folder.Root}{c}*{c}t{c}*.txt"));
    }

    [Fact]
    public void A_pattern_is_relative_to_the_working_folder()
    {
        Assert.Contains("no file matches the pattern 'no-such-*.txt'", Reading.Error(() => new TextFileSource("no-such-*.txt")));
    }

    [Fact]
    public void An_existing_file_is_meant_literally_and_whatever_its_extension()
    {
        Fill("data.log");
        Assert.Equal(["data.log"], Paths(folder["data.log"]));
        if (OperatingSystem.IsWindows())
            return; // Windows allows no wildcard in a file name.
        Fill("what?.txt", "whats.txt");
        Assert.Equal(["what?.txt"], Paths(folder["what?.txt"]));
    }

    [Fact]
    public void A_folder_without_such_files_says_what_was_looked_for_and_what_is_there()
    {
        Fill("a.csv");
        string error = Reading.Error(() => new TextFileSource(folder.Root));
        Assert.Contains(".txt, .md, .txt.gz", error);
        Assert.Contains("'a.csv'", error);
        folder.Write("empty/x", []);
        File.Delete(folder["empty/x"]);
        Assert.Contains("holds no files", Reading.Error(() => new TextFileSource(folder["empty"])));
    }

    [Theory]
    [InlineData("valid.tx", "did you mean 'valid.txt'?")]
    [InlineData("Valid.txt", "did you mean 'valid.txt'?")]
    [InlineData("vlaid.txt", "did you mean 'valid.txt'?")]
    [InlineData("something-else.bin", "check the path")]
    [InlineData("bokos/x.txt", "did you mean 'books'?")]
    [InlineData("bokos/*.txt", "did you mean 'books'?")]
    public void A_missing_path_is_an_error_that_names_what_is_near(string path, string advice)
    {
        Fill("valid.txt", "books/x.txt");
        if (File.Exists(folder[path]))
            return; // A file system that does not tell case apart finds the file.
        string error = Reading.Error(() => new TextFileSource(folder[path]));
        Assert.StartsWith("there is no ", error);
        Assert.Contains(advice, error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_path_is_an_error(string path) =>
        Assert.Contains("path is empty", Reading.Error(() => new TextFileSource(path)));

    [Fact]
    public void Links_to_files_are_followed_and_links_to_folders_are_not()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a privilege there.
        folder.Write("s/a.txt", "hello");
        File.CreateSymbolicLink(folder["link.txt"], folder["s/a.txt"]);
        Directory.CreateSymbolicLink(folder["s/loop"], folder.Root);
        var source = new TextFileSource(folder.Root);
        Assert.Equal(["hello", "hello"], source.Texts());
        Assert.Equal(10, source.TotalBytes);
        File.CreateSymbolicLink(folder["broken.txt"], folder["gone"]);
        Assert.Contains("link", Reading.Error(() => new TextFileSource(folder.Root)));
        Assert.Contains("link", Reading.Error(() => new TextFileSource(folder["broken.txt"])));
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_an_error()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
            return; // Root may read everything; Windows has no such mode.
        string path = folder.Write("a.txt", "x");
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Contains("may not be read", Reading.Error(() => new TextFileSource(path)));
    }
}
