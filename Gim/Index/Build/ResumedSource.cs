using Gim.Progress;
using Gim.Text;

namespace Gim.Index.Build;

/// <summary>A source without its first documents, which an earlier process has dealt with: they are read, for the counts, and not given.</summary>
internal sealed class ResumedSource(IDocumentSource source, long documents) : IDocumentSource
{
    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public string Fingerprint => source.Fingerprint;

    /// <inheritdoc/>
    public long TotalBytes => source.TotalBytes;

    /// <inheritdoc/>
    /// <exception cref="UnusableBuildException">There are not so many documents.</exception>
    public IEnumerable<Document> Read(SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
    {
        long left = documents;
        foreach (Document document in source.Read(counts, progress, cancellation))
        {
            if (left > 0)
                left--;
            else
                yield return document;
        }
        if (left > 0)
            throw new UnusableBuildException($"{source.Name} gave {documents:N0} documents then and {documents - left:N0} now");
    }
}
