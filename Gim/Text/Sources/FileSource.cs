using System.Globalization;
using Gim.Progress;

namespace Gim.Text.Sources;

/// <summary>
/// What the sources that read files have in common: which files, their sizes, and one document after another through
/// all of them. A subclass says how one file is read.
/// </summary>
public abstract class FileSource : IDocumentSource
{
    private readonly IReadOnlyList<SourceFile> files;
    private readonly string options;

    /// <summary>Finds the files now, so that a wrong path is an error before any work is done.</summary>
    /// <exception cref="InputException">Nothing is found, or something may not be read.</exception>
    private protected FileSource(string kind, string path, string options, string[] extensions, int maxDocumentBytes)
    {
        files = SourceFiles.Resolve(path, extensions);
        Name = $"{kind} {path}";
        this.options = $"{kind}|{options}|{maxDocumentBytes.ToString(CultureInfo.InvariantCulture)}";
        MaxDocumentBytes = DocumentBytes.CheckLimit(maxDocumentBytes);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The files that are read, absolute.</summary>
    public IEnumerable<string> Paths => files.Select(static file => file.FullPath);

    /// <inheritdoc/>
    public string Fingerprint => string.Join('\n', files.Select(static f => f.Fingerprint).Prepend(options));

    /// <inheritdoc/>
    public long TotalBytes => files.Sum(static f => f.Length);

    /// <summary>Bytes of the longest document that is taken; a longer one is left out and counted.</summary>
    private protected int MaxDocumentBytes { get; }

    /// <inheritdoc/>
    public IEnumerable<Document> Read(
        SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
    {
        foreach (var file in files)
        {
            using var documents = Open(file, counts, progress, cancellation);
            while (documents.Next() is { } document)
            {
                cancellation.ThrowIfCancellationRequested();
                counts.AddDocument();
                yield return document;
            }
        }
    }

    /// <summary>Starts reading one file. What is left out is counted by the reader.</summary>
    private protected abstract IDocumentReader Open(
        SourceFile file, SourceCounts counts, IJobProgress? progress, CancellationToken cancellation);
}

/// <summary>The documents of one file, one after another.</summary>
internal interface IDocumentReader : IDisposable
{
    /// <returns>Null at the end of the file.</returns>
    /// <exception cref="InputException">The file is damaged or not what was expected.</exception>
    Document? Next();
}
