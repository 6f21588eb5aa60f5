using System.IO.Compression;
using System.Text;
using Gim.Progress;
using Gim.Text;
using ZstdSharp;

namespace Gim.Tests.Text.Sources;

/// <summary>A folder of one test's own, deleted with all in it when the test ends.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Root = Directory.CreateTempSubdirectory("gim-sources-").FullName;

    public string Root { get; }

    public string this[string name] => Path.Combine(Root, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static byte[] Gzip(byte[] bytes, CompressionLevel level = CompressionLevel.Optimal)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Zstd(string text)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    /// <summary>Words without much repetition, so that archives of it are not trivially small.</summary>
    public static string Words(int count, int seed = 42)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
            text.Append((char)('a' + random.Next(26))).Append(random.Next(1000)).Append(i % 12 == 11 ? '\n' : ' ');
        return text.ToString();
    }
}

/// <summary>What a source gave, as tests look at it.</summary>
internal static class Reading
{
    public static (List<Document> Documents, SourceCounts Counts) All(this IDocumentSource source)
    {
        var counts = new SourceCounts();
        var documents = source.Read(counts).ToList();
        Assert.Equal(documents.Count, counts.Documents);
        return (documents, counts);
    }

    public static string[] Texts(this IDocumentSource source) => [.. source.All().Documents.Select(d => d.Text)];

    /// <summary>The reasons and first places of what was left out, as a user reads them.</summary>
    public static string Skips(this SourceCounts counts)
    {
        var log = new Lines();
        counts.Report("source", log);
        return string.Join('\n', log.All);
    }

    /// <summary>The error of reading to the end, which must be one line without a stack trace.</summary>
    public static string Error(Func<IDocumentSource> source)
    {
        var e = Assert.Throws<InputException>(() => source().All());
        Assert.DoesNotContain('\n', e.Message);
        return e.Message;
    }

    private sealed class Lines : IJobLog
    {
        public List<string> All { get; } = [];

        public void Info(string line) => All.Add(line);

        public void Warn(string line) => All.Add(line);

        public IJobProgress Start(string title, long total, string unit) => new Bytes();
    }
}

/// <summary>Progress that adds up what it is told.</summary>
internal sealed class Bytes : IJobProgress
{
    public long Sum { get; private set; }

    public void Advance(long amount) => Sum += amount;

    public void Dispose() { }
}
