using System.IO.Compression;
using System.Text;

namespace Gim.Tests.Jobs;

/// <summary>Texts that cannot be used, as reference and as test text.</summary>
[Collection(ProcessTests.Name)]
public sealed class BadTextTests : JobTestBase
{
    [Theory]
    [InlineData("none.txt", null, "there is no file or folder")]
    [InlineData("*.book", null, "no file matches the pattern")]
    [InlineData("job.json/x.txt", null, "is a file, not a folder")]
    [InlineData("empty.txt", "", "gave no document")]
    [InlineData("separators.txt", "<|endoftext|>\n<|endoftext|>\n\n<|endoftext|>\n", "gave no document")]
    [InlineData("noise.txt.gz", "this is not gzip", "is not a readable gzip file")]
    public void A_reference_without_text_is_refused(string name, string? content, string message)
    {
        if (content is not null)
            Write(name, content);
        AssertRefused(GimWith($"reference.0.path={name}"), message, name);
    }

    [Fact]
    public void A_gzip_file_that_is_cut_short_is_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Documents(seed: 5, count: 10, words: 100)));
        Write("cut.txt.gz", packed.ToArray()[..(int)(packed.Length / 2)]);
        AssertRefused(GimWith("test.path=cut.txt.gz"), "cut.txt.gz", "is not a readable gzip file");
    }

    [Theory]
    [InlineData("<|endoftext|>\n", "the test text is empty")]
    [InlineData("short\n<|endoftext|>\nvery short\n", "no examples: the longest of 2 test documents has 10 tokens, and \"context\" 24")]
    public void A_test_text_without_examples_is_refused(string text, string message)
    {
        Write("test.txt", text);
        AssertRefused(Gim("job.json"), message);
    }

    [Fact]
    public void A_broken_line_of_jsonl_is_named()
    {
        Write("broken.jsonl", "{\"text\": \"one two three\"}\n{\"text\": \"four\n");
        AssertRefused(GimWith("reference=[{\"kind\":\"jsonl\",\"path\":\"broken.jsonl\"}]"), "broken.jsonl' line 2");
    }

    [Fact]
    public void A_parquet_file_that_is_none_is_refused()
    {
        Write("broken.parquet", "PAR1 but not much more than that, PAR1");
        AssertRefused(GimWith("reference=[{\"kind\":\"parquet\",\"path\":\"broken.parquet\"}]"), "broken.parquet' is not a readable parquet file");
    }

    [Theory]
    [InlineData("--set=reference.0.path=books", "--output=books/run")]
    [InlineData("--set=test.path=books", "--output=books")]
    [InlineData("--set=test.path=books/**", "--set=cache=books/cache", "--output=books/deep/run")]
    public void A_source_that_would_read_the_runs_own_files_is_refused(params string[] arguments)
    {
        Write("books/one.txt", Documents(seed: 3, count: 3, words: 40));
        AssertRefused(Gim(["job.json", .. arguments]), "would read the run's own file", "log.txt");
    }

    [Fact]
    public void A_wrong_test_path_is_said_before_the_reference_is_built()
    {
        AssertRefused(GimWith("test.path=tset.txt"), "did you mean 'test.txt'?");
        Assert.DoesNotContain("tokenising", Log(Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_are_not_taken_twice()
        => AssertRefused(GimWith("stride=7", "consecutive=8"), "\"consecutive\" 8 is more than \"stride\" 7");
}
