using Gim.Config;
using Gim.Text;
using Gim.Text.Sources;

namespace Gim.Jobs;

/// <summary>The source of documents that a config names.</summary>
public static class SourceFactory
{
    /// <exception cref="InputException">A file or folder is missing, or nothing matches.</exception>
    public static IDocumentSource Create(DocumentSourceConfig config) => config switch
    {
        SampleSourceConfig sample => new SampleSource(sample.Name, sample.Part ?? SampleSourceConfig.Runtime),
        TextSourceConfig text => new TextFileSource(text.Path, text.Separator),
        JsonLinesSourceConfig lines => new JsonLinesSource(lines.Path, lines.Field),
        ParquetSourceConfig parquet => new ParquetSource(parquet.Path, parquet.Column),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.GetType().Name),
    };
}
