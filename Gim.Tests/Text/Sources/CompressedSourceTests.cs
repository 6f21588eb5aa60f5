using System.IO.Compression;
using System.Text;
using Gim.Text.Sources;

namespace Gim.Tests.Text.Sources;

public sealed class CompressedSourceTests : IDisposable
{
    /// <summary>A gzip member that holds nothing; .NET writes no byte at all for it.</summary>
    private static readonly byte[] EmptyMember =
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly TempFolder folder = new();
    private readonly string words = TempFolder.Words(50_000).TrimEnd('\n');

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Gzip_and_zstd_give_the_text_that_was_packed()
    {
        Assert.Equal([words], new TextFileSource(folder.Write("a.txt.gz", TempFolder.Gzip(words))).Texts());
        Assert.Equal([words], new TextFileSource(folder.Write("a.txt.zst", TempFolder.Zstd(words))).Texts());
    }

    [Fact]
    public void Members_and_frames_one_behind_another_are_read_whole()
    {
        byte[] gzip = [.. TempFolder.Gzip("one "), .. EmptyMember, .. TempFolder.Gzip(words), .. TempFolder.Gzip(" two")];
        byte[] zstd = [.. TempFolder.Zstd("one "), .. TempFolder.Zstd(words), .. TempFolder.Zstd(" two")];
        Assert.Equal([$"one {words} two"], new TextFileSource(folder.Write("a.txt.gz", gzip)).Texts());
        Assert.Equal([$"one {words} two"], new TextFileSource(folder.Write("a.txt.zst", zstd)).Texts());
    }

    [Fact]
    public void A_gzip_member_may_end_at_any_place_of_the_readers_buffer()
    {
        // Stored data makes the packed length follow the text's: ends lie before, on and behind the buffer's end.
        for (int length = 8192 - 60; length <= 8192 + 5; length++)
        {
            string text = new('q', length);
            byte[] member = TempFolder.Gzip(Encoding.UTF8.GetBytes(text), CompressionLevel.NoCompression);
            string path = folder.Write("a.txt.gz", member);
            Assert.Equal([text], new TextFileSource(path).Texts());
            folder.Write("a.txt.gz", [.. member, .. member]);
            Assert.Equal([text + text], new TextFileSource(path).Texts());
        }
    }

    [Fact]
    public void An_archive_of_nothing_is_an_empty_document()
    {
        Assert.Equal(1, new TextFileSource(folder.Write("a.txt.gz", EmptyMember)).All().Counts.Skipped);
        Assert.Equal(1, new TextFileSource(folder.Write("a.txt.zst", TempFolder.Zstd(""))).All().Counts.Skipped);
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_is_an_error()
    {
        byte[] whole = TempFolder.Gzip(words);
        var cuts = Enumerable.Range(0, 30).Concat(Enumerable.Range(whole.Length - 30, 30)).Append(whole.Length / 2);
        foreach (int cut in cuts)
        {
            string path = folder.Write("a.txt.gz", whole[..cut]);
            Assert.Contains($"file '{path}' is not a readable gzip file", Reading.Error(() => new TextFileSource(path)));
        }
    }

    [Fact]
    public void A_second_gzip_member_that_is_cut_is_an_error()
    {
        byte[] member = TempFolder.Gzip(words);
        foreach (int cut in new[] { 1, 2, 5, 10, 1000, member.Length - 9, member.Length - 8, member.Length - 1 })
        {
            string path = folder.Write("a.txt.gz", [.. member, .. member[..cut]]);
            Assert.Contains("is not a readable gzip file", Reading.Error(() => new TextFileSource(path)));
        }
    }

    [Fact]
    public void A_stored_gzip_block_that_is_cut_is_an_error()
    {
        // In a stored block whatever follows a cut would be taken for text.
        byte[] whole = TempFolder.Gzip(Encoding.UTF8.GetBytes(words), CompressionLevel.NoCompression);
        for (int missing = 1; missing < 150; missing++)
        {
            string path = folder.Write("a.txt.gz", whole[..^missing]);
            Assert.Contains("is not a readable gzip file", Reading.Error(() => new TextFileSource(path)));
        }
    }

    [Fact]
    public void A_zstd_file_cut_anywhere_is_an_error()
    {
        byte[] whole = TempFolder.Zstd(words);
        foreach (int cut in Enumerable.Range(0, 30).Concat(Enumerable.Range(whole.Length - 30, 30)).Append(whole.Length / 2))
        {
            string path = folder.Write("a.txt.zst", whole[..cut]);
            Assert.Contains($"file '{path}' is not a readable zstd file", Reading.Error(() => new TextFileSource(path)));
        }
    }

    [Theory]
    [InlineData("a.txt.gz", "gzip")]
    [InlineData("a.txt.zst", "zstd")]
    [InlineData("A.TXT.GZ", "gzip")]
    public void Text_that_is_only_named_like_an_archive_is_an_error(string name, string format)
    {
        string path = folder.Write(name, words);
        Assert.Contains($"is not a readable {format} file (", Reading.Error(() => new TextFileSource(path)));
    }

    [Fact]
    public void A_changed_byte_in_gzip_is_an_error()
    {
        byte[] packed = TempFolder.Gzip(words);
        packed[packed.Length / 2] ^= 0x10;
        string path = folder.Write("a.jsonl.gz", packed);
        Assert.Contains("gzip", Reading.Error(() => new TextFileSource(path)));
    }

    [Fact]
    public void What_stands_before_the_damage_is_given_first()
    {
        byte[] packed = TempFolder.Gzip($"first\n<|endoftext|>\n{words}");
        var source = new TextFileSource(folder.Write("a.txt.gz", packed[..^100]));
        var given = new List<string>();
        Assert.Throws<InputException>(() =>
        {
            foreach (var document in source.Read(new Gim.Text.SourceCounts()))
                given.Add(document.Text);
        });
        Assert.Equal(["first"], given);
    }
}
