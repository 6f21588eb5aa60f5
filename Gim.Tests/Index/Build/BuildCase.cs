using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Text;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Index.Build;

/// <summary>Documents of a test; those that read "skip" are left out and counted.</summary>
internal sealed class ListedSource(string name, string fingerprint, IReadOnlyList<string> texts) : IDocumentSource
{
    public string Name => name;

    public string Fingerprint => fingerprint;

    public long TotalBytes => texts.Sum(text => (long)text.Length);

    public IEnumerable<Document> Read(SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (texts[i] == "skip")
            {
                counts.Skip("it says so", $"{name} line {i + 1}");
                continue;
            }
            counts.AddDocument();
            yield return new Document(texts[i], name, i, $$"""{"i":{{i}}}""");
        }
    }
}

/// <summary>A tokenizer that counts what it is asked.</summary>
internal sealed class CountingTokenizer(Tokenizer inner) : Tokenizer
{
    private int asked;

    public int Asked => asked;

    public override string Name => inner.Name;

    public override int VocabularySize => inner.VocabularySize;

    public override int EndOfText => inner.EndOfText;

    public override string Hash => inner.Hash;

    public override bool IsBytes => inner.IsBytes;

    public override int[] Encode(string text)
    {
        Interlocked.Increment(ref asked);
        return inner.Encode(text);
    }

    public override string Decode(ReadOnlySpan<int> tokens) => inner.Decode(tokens);
}

/// <summary>What a build says.</summary>
internal sealed class BuildLog : IJobLog
{
    public List<string> Said { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Stretches { get; } = [];

    public void Info(string line) => Said.Add(line);

    public void Warn(string line) => Warnings.Add(line);

    public IJobProgress Start(string title, long total, string unit)
    {
        Stretches.Add(title);
        return SilentLog.Instance.Start(title, total, unit);
    }
}

/// <summary>A build that was ended as a kill ends it.</summary>
internal sealed class KilledException : Exception;

/// <summary>A corpus of a few dozen documents in three sources, with empty ones and left-out ones, and its builds.</summary>
internal sealed class BuildCase
{
    private readonly int[][] documents;

    public BuildCase(TokenWidth width, int shardTokens, int seed = 42)
    {
        var random = new Random(seed);
        int vocabulary = width == TokenWidth.U32 ? 70_000 : 300;
        Tokenizer = new CountingTokenizer(width == TokenWidth.U8 ? new ByteTokenizer() : new Gim.Tests.Text.NumberTokenizer(vocabulary));
        ShardTokens = shardTokens;
        var sources = new List<ListedSource>();
        var all = new List<int[]>();
        for (int s = 0; s < 3; s++)
        {
            var texts = new List<string>();
            for (int d = 0; d < 5 + 4 * s; d++)
            {
                // Of many different tokens few would occur twice.
                string text = string.Join(' ', Enumerable.Range(0, random.Next(7)).Select(_ => random.Next(4) * (vocabulary - 2) / 3));
                texts.Add(text);
                if (random.Next(4) == 0)
                    texts.Add("skip");
                all.Add(Tokenizer.Encode(text));
            }
            sources.Add(new ListedSource($"source {s}", $"print {s}", texts));
        }
        Sources = sources;
        documents = [.. all];
    }

    public CountingTokenizer Tokenizer { get; }

    public int ShardTokens { get; init; }

    public IReadOnlyList<IDocumentSource> Sources { get; init; }

    public TestCorpus Corpus => new(documents, Tokenizer.EndOfText);

    public IndexBuildSettings Settings => new() { Threads = 1, ShardTokens = ShardTokens, SaveInterval = TimeSpan.Zero, FlushToDisk = false };

    public IndexManifest Build(string folder, IndexBuildSettings? settings = null, IJobLog? log = null, CancellationToken cancellation = default)
        => IndexBuilder.Build(Sources, Tokenizer, folder, settings ?? Settings, log ?? SilentLog.Instance, cancellation);

    /// <summary>A build that ends at its step of that number; false where it came to its end before.</summary>
    public bool BuildAndKill(string folder, int at, Action<BuildStep>? killed = null)
    {
        int step = 0;
        try
        {
            Build(folder, Settings with
            {
                OnStep = what =>
                {
                    if (step++ != at)
                        return;
                    killed?.Invoke(what);
                    throw new KilledException();
                },
            });
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    /// <summary>All of a folder's files.</summary>
    public static SortedDictionary<string, byte[]> Files(string folder)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            files.Add(Path.GetRelativePath(folder, path), File.ReadAllBytes(path));
        return files;
    }

    public static void AssertSame(SortedDictionary<string, byte[]> expected, string folder, string context = "")
    {
        SortedDictionary<string, byte[]> found = Files(folder);
        Assert.Equal(expected.Keys, found.Keys);
        foreach (var (name, content) in expected)
            Assert.True(content.AsSpan().SequenceEqual(found[name]), $"{name} differs {context}");
        Assert.False(Directory.Exists(Path.Combine(folder, "building")), context);
    }
}
