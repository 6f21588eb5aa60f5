using Gim.Progress;

namespace Gim.Text;

/// <summary>
/// A stream of documents in a fixed order: the same files give the same documents in the same order on every machine.
/// </summary>
public interface IDocumentSource
{
    /// <summary>Short name for messages ("text books/*.txt.gz").</summary>
    string Name { get; }

    /// <summary>
    /// Text that changes whenever the documents could: kind, options, and per file its path, length and time of last
    /// change (a sample: its pinned version). Part of the key under which a built index is kept.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>Bytes to read in all (compressed bytes for compressed files); the unit of <see cref="Read"/>'s progress.</summary>
    long TotalBytes { get; }

    /// <summary>
    /// Reads the documents one after another, never all at once. What is skipped is counted in <paramref name="counts"/>.
    /// </summary>
    /// <exception cref="InputException">A file is missing, damaged, or not what the source expects.</exception>
    IEnumerable<Document> Read(SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default);
}
