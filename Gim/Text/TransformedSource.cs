using System.Globalization;
using Gim.Progress;

namespace Gim.Text;

/// <summary>A source whose documents' text is changed; a document that has no text left is left out and counted.</summary>
internal sealed class TransformedSource(IDocumentSource inner, TextTransform transform) : IDocumentSource
{
    // A change to what the transform gives changes this number, and with it every fingerprint.
    private const int Recipe = 1;

    private const string Title = "lower case without punctuation";

    /// <inheritdoc/>
    public string Name => transform == TextTransform.None ? inner.Name : $"{inner.Name} in {Title}";

    /// <inheritdoc/>
    public string Fingerprint => transform == TextTransform.None ? inner.Fingerprint : $"{inner.Fingerprint}\n{Title} {Recipe}";

    /// <inheritdoc/>
    public long TotalBytes => inner.TotalBytes;

    /// <inheritdoc/>
    public IEnumerable<Document> Read(SourceCounts counts, IJobProgress? progress = null, CancellationToken cancellation = default)
    {
        foreach (Document document in inner.Read(counts, progress, cancellation))
        {
            string text = TextTransforms.Apply(document.Text, transform);
            if (text.Length > 0)
                yield return document with { Text = text };
            else
                counts.TakeBack("it has no word", string.Create(CultureInfo.InvariantCulture, $"{document.Path} line {document.Line + 1}"));
        }
    }
}
