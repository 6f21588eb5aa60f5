using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gim.Progress;
using Gim.Text;

namespace Gim.Index.Build;

/// <summary>Builds an index from sources of documents: tokenise on all cores, append, sort, write.</summary>
public static class IndexBuilder
{
    // A change to how indexes are made changes this number, and with it every key: old indexes are then not reused.
    private const int Recipe = 1;

    /// <summary>
    /// A fingerprint (64 hex digits) of everything that decides the index: the sources with their files' sizes and
    /// times, the tokenizer, and the recipe. Equal keys mean that a built index can be used again.
    /// </summary>
    public static string Key(IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer)
    {
        var text = new StringBuilder();
        text.Append("recipe ").Append(Recipe).Append('\n').Append("tokenizer ").Append(tokenizer.Hash).Append('\n');
        foreach (IDocumentSource source in sources)
            text.Append("source ").Append(source.Fingerprint).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Builds an index of all documents of <paramref name="sources"/> in <paramref name="folder"/>.</summary>
    /// <returns>What gim.json holds.</returns>
    /// <exception cref="InputException">The sources hold no document, cannot be read, or the folder cannot be written.</exception>
    public static IndexManifest Build(
        IReadOnlyList<IDocumentSource> sources, Tokenizer tokenizer, string folder, int threads, IJobLog log,
        CancellationToken cancellation)
    {
        TokenWidth width = TokenWidths.For(tokenizer.VocabularySize, tokenizer.IsBytes);
        using var writer = new IndexWriter(folder, width, tokenizer.VocabularySize);
        foreach (IDocumentSource source in sources)
        {
            var counts = new SourceCounts();
            using (IJobProgress progress = log.Start($"tokenising {source.Name}", source.TotalBytes, "bytes"))
            {
                foreach (TokenizedDocument document in DocumentTokenizer.Run(source, tokenizer, threads, counts, progress, cancellation))
                    writer.Append(document.Tokens, MetadataLine(document.Document));
            }
            counts.Report(source.Name, log);
        }
        if (writer.DocumentCount == 0)
        {
            throw new InputException(
                $"the reference corpus is empty: {string.Join(", ", sources.Select(source => source.Name))} gave no document; check the reference's path and field names");
        }
        return writer.Finish(
            new IndexTokenizer(tokenizer.Name, tokenizer.Hash), tokenizer.EndOfText, Key(sources, tokenizer), log, cancellation);
    }

    /// <summary>infini-gram's metadata: where the document stood, and its other fields.</summary>
    private static string MetadataLine(Document document)
        => $"{{\"path\": {JsonSerializer.Serialize(document.Path)}, \"linenum\": {document.Line}, \"metadata\": {document.Metadata ?? "{}"}}}";
}
