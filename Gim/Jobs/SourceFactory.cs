using Gim.Config;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Jobs;

/// <summary>The folders a run writes to.</summary>
/// <param name="Output">The run's folder.</param>
/// <param name="Cache">Where its indexes are kept.</param>
public sealed record OwnFolders(string Output, string Cache)
{
    /// <summary>Whether a file lies in one of them.</summary>
    public bool Contain(string file) => IsBelow(file, Output) || IsBelow(file, Cache);

    private static bool IsBelow(string file, string folder)
        => file.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>The source of documents that a config names.</summary>
public static class SourceFactory
{
    /// <exception cref="InputException">
    /// A file or folder is missing, nothing matches, or what matches is the run's own: read as text, its log would
    /// change the corpus with every run.
    /// </exception>
    public static IDocumentSource Create(DocumentSourceConfig config, OwnFolders own)
    {
        IDocumentSource source = Create(config);
        if (source is FileSource files && files.Paths.FirstOrDefault(own.Contain) is { } file)
        {
            throw new InputException(
                $"{source.Name} would read the run's own file {file}; choose an output and cache outside it (--output, \"cache\"), or a narrower path");
        }
        return config.Transform == DocumentSourceConfig.LowerCase ? new TransformedSource(source, TextTransform.LowerCaseWithoutPunctuation) : source;
    }

    private static IDocumentSource Create(DocumentSourceConfig config) => config switch
    {
        SampleSourceConfig sample => new SampleSource(sample.Name, sample.Part ?? SampleSourceConfig.Runtime),
        TextSourceConfig text => new TextFileSource(text.Path, text.Separator),
        JsonLinesSourceConfig lines => new JsonLinesSource(lines.Path, lines.Field),
        ParquetSourceConfig parquet => new ParquetSource(parquet.Path, parquet.Column),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.GetType().Name),
    };
}
