using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Text;
using Gim.Text.Sources;
using Gim.Text.Tokenizers;

namespace Gim.Bench.Harness;

/// <summary>
/// A token corpus to measure on, under a short name. Tokens and indexes are kept in the system's temporary folder under
/// the key of what they were made from.
/// </summary>
internal sealed class Corpus
{
    private const int Millions = 1_000_000;

    private static readonly Lazy<Gpt2Tokenizer> Tokenizer = new(() => new Gpt2Tokenizer());

    private readonly Func<IDocumentSource> source;
    private readonly long maxTokens;
    private readonly Lazy<(string Path, string Key)> tokens;

    private Corpus(string name, string description, Func<IDocumentSource> source, long maxTokens = long.MaxValue)
    {
        Name = name;
        Description = description;
        this.source = source;
        this.maxTokens = maxTokens;
        tokens = new(MakeTokens);
    }

    public string Name { get; }

    public string Description { get; }

    /// <summary>Text of the same kind that the corpus does not hold.</summary>
    public Corpus? HeldOut { get; private init; }

    /// <summary>The token file, made where it is not there yet.</summary>
    public string TokenPath => tokens.Value.Path;

    /// <summary>The sample, and 20 million tokens of the shared text where that is present.</summary>
    public static IReadOnlyList<Corpus> All { get; } = List();

    /// <summary>Those to build indexes of: all, and three times as much of the shared text.</summary>
    public static IReadOnlyList<Corpus> ForBuilding { get; } = [.. All, .. Large()];

    /// <summary>Those to ask: the smallest and the largest.</summary>
    public static IReadOnlyList<Corpus> ForQueries { get; } = [ForBuilding[0], .. ForBuilding.Skip(1).TakeLast(1)];

    public static IEnumerable<string> Names => All.Select(corpus => corpus.Name);

    public static Corpus Named(string name) => ForBuilding.Single(corpus => corpus.Name == name);

    private static List<Corpus> List()
    {
        var sample = new Corpus("sample", "the built-in sample dotnet-docs, part runtime", () => new SampleSource("dotnet-docs", "runtime"))
        {
            HeldOut = new Corpus("sample-heldout", "the built-in sample dotnet-docs, part aspnetcore", () => new SampleSource("dotnet-docs", "aspnetcore")),
        };
        if (SharedData.Folder is not { } shared)
            return [sample];
        var train = new Corpus(
            "train-20M", "the first 20 million GPT-2 tokens of the shared training text, files in ordinal order",
            () => Training(shared), 20 * Millions)
        {
            HeldOut = Evaluation(shared),
        };
        return [sample, train];
    }

    private static Corpus[] Large()
        => SharedData.Folder is { } shared
            ? [new Corpus("train-60M", "the first 60 million GPT-2 tokens of the same text", () => Training(shared), 60 * Millions) { HeldOut = Evaluation(shared) }]
            : [];

    private static Corpus Evaluation(string shared)
        => new("eval", "the shared evaluation text", () => new TextFileSource(Path.Combine(shared, "text", "eval", "*.txt")));

    private static TextFileSource Training(string shared) => new(Path.Combine(shared, "text", "train", "*.txt.gz"));

    public IEnumerable<int[]> ReadDocuments() => TokenFile.Read(TokenPath);

    /// <summary>Builds an index as the program does, from the text and on all cores. It is not cut at any number of tokens.</summary>
    public IndexManifest BuildFromText(string folder)
        => IndexBuilder.Build([source()], Tokenizer.Value, folder, new IndexBuildSettings(), SilentLog.Instance, CancellationToken.None);

    /// <summary>The text itself, one string per document.</summary>
    public IEnumerable<string> ReadText() => source().Read(new SourceCounts()).Select(document => document.Text);

    /// <summary>Opens the corpus's index, built where it is not there yet.</summary>
    public CorpusIndex OpenIndex()
    {
        var (path, key) = tokens.Value;
        string folder = Path.ChangeExtension(path, ".index");
        if (!Directory.Exists(folder) || IndexManifest.Read(folder)?.Key != key)
            BuildIndex(TokenFile.Stream(path), folder, key);
        return CorpusIndex.Open(folder);
    }

    /// <summary>Builds an index with the program's own writer, a document at a time.</summary>
    public static IndexManifest BuildIndex(IEnumerable<ReadOnlyMemory<int>> documents, string folder, string key)
    {
        // As the index builder writes it for a text file, so that the metadata file costs what it costs there.
        const string Metadata = """{"path": "documents-00.txt.gz", "linenum": 123456, "metadata": {}}""";
        const int Vocabulary = 50257, EndOfText = 50256;
        using var writer = new IndexWriter(folder, TokenWidth.U16, Vocabulary);
        foreach (ReadOnlyMemory<int> document in documents)
            writer.Append(document.Span, Metadata);
        return writer.Finish(new IndexTokenizer("gpt2", ""), EndOfText, key, SilentLog.Instance, CancellationToken.None);
    }

    private (string Path, string Key) MakeTokens()
    {
        IDocumentSource documents = source();
        string key = IndexBuilder.Key([documents], Tokenizer.Value);
        string path = Path.Combine(Temporary.Folder, $"{Name}-{key[..16]}.tokens");
        if (!File.Exists(path))
        {
            var run = DocumentTokenizer.Run(
                documents, Tokenizer.Value, Environment.ProcessorCount, new SourceCounts(),
                SilentLog.Instance.Start("", 0, ""), CancellationToken.None);
            TokenFile.Write(path, run.Select(document => document.Tokens), maxTokens);
        }
        return (path, key);
    }
}

/// <summary>Where tokens and indexes are kept between runs.</summary>
internal static class Temporary
{
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "gim-bench")).FullName;

    /// <summary>A folder that no other process uses; the caller deletes it.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;
}
