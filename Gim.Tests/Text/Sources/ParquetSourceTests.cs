using Gim.Text;
using Gim.Text.Sources;
using Parquet;
using Parquet.Schema;

namespace Gim.Tests.Text.Sources;

public sealed class ParquetSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static async Task<byte[]> Texts(params string?[][] groups)
    {
        var schema = new ParquetSchema(new DataField<int>("id"), new DataField<string>("text"));
        var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            foreach (var texts in groups)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(schema.DataFields[0], Enumerable.Range(0, texts.Length).ToArray());
                await group.WriteAsync(schema.DataFields[1], texts!);
                group.CompleteValidate();
            }
        }
        return file.ToArray();
    }

    private static async Task<byte[]> Bytes(bool nullable, params byte[][] cells)
    {
        var schema = new ParquetSchema(new DataField<byte[]>("text", nullable));
        var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], cells);
            group.CompleteValidate();
        }
        return file.ToArray();
    }

    [Fact]
    public async Task Rows_of_all_row_groups_are_documents()
    {
        string path = folder.Write("a.parquet", await Texts(["one", null, "", "naïve 🦊"], [" \n"], ["five\r\n", "six"]));
        var (documents, counts) = new ParquetSource(path).All();
        Assert.Equal(
            [
                new Document("one", "a.parquet", 0), new Document("naïve 🦊", "a.parquet", 3),
                new Document("five\r\n", "a.parquet", 5), new Document("six", "a.parquet", 6),
            ],
            documents);
        Assert.Equal("source: skipped 3 documents because it is empty (first: a.parquet line 2)", counts.Skips());
    }

    [Fact]
    public async Task Columns_of_bytes_are_text_too_and_checked()
    {
        foreach (bool nullable in new[] { true, false })
        {
            string path = folder.Write("a.parquet", await Bytes(nullable, "one"u8.ToArray(), [0x61, 0xFF], "two"u8.ToArray()));
            var (documents, counts) = new ParquetSource(path).All();
            Assert.Equal(["one", "two"], documents.Select(d => d.Text));
            Assert.Equal("source: skipped 1 document because its bytes are not valid UTF-8 (first: a.parquet line 2)", counts.Skips());
        }
    }

    [Fact]
    public async Task Cells_above_the_limit_are_left_out()
    {
        string path = folder.Write("a.parquet", await Texts(["12345", "123456", "1"]));
        var (documents, counts) = new ParquetSource(path, "text", 5).All();
        Assert.Equal(["12345", "1"], documents.Select(d => d.Text));
        Assert.Equal(1, counts.Skipped);
    }

    [Fact]
    public async Task A_missing_column_names_those_there_are_and_the_nearest()
    {
        string path = folder.Write("a.parquet", await Texts(["one"]));
        string error = Reading.Error(() => new ParquetSource(path, "test"));
        Assert.Equal($"'{path}' has no column 'test' (its columns are id, text): did you mean 'text'?", error);
        Assert.Contains("(its columns are id, text): name the column", Reading.Error(() => new ParquetSource(path, "summary")));
    }

    [Fact]
    public async Task A_column_of_numbers_or_lists_is_an_error()
    {
        string path = folder.Write("a.parquet", await Texts(["one"]));
        Assert.Contains("column 'id' of", Reading.Error(() => new ParquetSource(path, "id")));
        var schema = new ParquetSchema(new ListField("text", new DataField<string>("element")));
        var file = new MemoryStream();
        await using (await ParquetWriter.CreateAsync(schema, file))
        {
        }
        folder.Write("a.parquet", file.ToArray());
        Assert.Contains("not text", Reading.Error(() => new ParquetSource(path)));
    }

    [Fact]
    public async Task A_file_that_is_no_parquet_or_cut_or_damaged_is_an_error()
    {
        byte[] whole = await Texts(["one", "two"], [TempFolder.Words(1000)]);
        byte[] damaged = [.. whole];
        for (int i = 4; i < whole.Length / 2; i++)
            damaged[i] ^= 0x5A;
        byte[] joined = [.. whole[..40], .. whole[^8..]];
        foreach (var content in new[] { [], "text"u8.ToArray(), new byte[500], whole[..^1], whole[..(whole.Length / 2)], joined, damaged })
        {
            string path = folder.Write("a.parquet", content);
            Assert.Contains($"file '{path}' is not a readable parquet file (", Reading.Error(() => new ParquetSource(path)));
        }
    }

    [Fact]
    public async Task A_file_without_rows_gives_nothing_and_progress_reaches_the_total()
    {
        folder.Write("a.parquet", await Texts());
        folder.Write("b/c.parquet", await Texts(["one"], ["two"]));
        var source = new ParquetSource(folder.Root);
        var progress = new Bytes();
        Assert.Equal(["b/c.parquet", "b/c.parquet"], source.Read(new SourceCounts(), progress).Select(d => d.Path));
        Assert.Equal(source.TotalBytes, progress.Sum);
    }
}
