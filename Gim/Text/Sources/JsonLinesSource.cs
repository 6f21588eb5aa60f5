using System.Text.Json;
using System.Text.Unicode;
using Gim.Progress;

namespace Gim.Text.Sources;

/// <summary>
/// Files with one JSON object per line. One field holds the text; the others become the document's metadata.
/// </summary>
/// <remarks>
/// A path is a file, a folder (all .jsonl and .ndjson files below it, plain, .gz or .zst, and .json.gz, .json.zst) or a
/// pattern with <c>*</c>, <c>?</c>, <c>**</c>. A plain .json is not taken from a folder: next to data it is mostly
/// something else; name it by a pattern. A line that is no JSON object, or has no such text, is an error, so that a
/// wrong field name never reads as an empty source. Lines that are blank, not UTF-8 or too long, and texts that are
/// empty or hold half a surrogate pair, are left out and counted. Of a field given twice the last counts.
/// </remarks>
public sealed class JsonLinesSource : FileSource
{
    private static readonly string[] Extensions =
        [".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".json.gz", ".jsonl.zst", ".ndjson.zst", ".json.zst"];
    private readonly string field;

    /// <param name="path">File, folder or pattern.</param>
    /// <param name="field">Name of the field, at the top of the object, that holds the text.</param>
    /// <param name="maxDocumentBytes">Longer lines are left out.</param>
    /// <exception cref="InputException">The path finds nothing, or the field has no name.</exception>
    public JsonLinesSource(string path, string field = "text", int maxDocumentBytes = DocumentBytes.DefaultLimit)
        : base("jsonl", path, field, Extensions, maxDocumentBytes)
    {
        if (field.Length == 0)
            throw new InputException($"field of '{path}' is empty: name the field that holds the text");
        this.field = field;
    }

    private protected override IDocumentReader Open(
        SourceFile file, SourceCounts counts, IJobProgress? progress, CancellationToken cancellation) =>
        new Reader(file, field, new DocumentBytes(MaxDocumentBytes), counts, progress, cancellation);

    private sealed class Reader(SourceFile file, string field, DocumentBytes bytes, SourceCounts counts,
        IJobProgress? progress, CancellationToken cancellation) : IDocumentReader
    {
        private readonly LineReader lines = new(file, progress, cancellation);
        private readonly JsonLine json = new(field);

        public Document? Next()
        {
            while (lines.Next(out var piece))
            {
                if (lines.StartsLine)
                    bytes.Clear();
                // Most lines lie whole in the reader's buffer and need no copy.
                bool whole = lines.StartsLine && lines.EndsLine;
                if (!whole)
                    bytes.Append(piece);
                if (lines.EndsLine && Parse(whole ? DocumentBytes.WithoutNewline(piece) : bytes.Written) is { } document)
                    return document;
            }
            return null;
        }

        public void Dispose() => lines.Dispose();

        private Document? Parse(ReadOnlySpan<byte> line)
        {
            long number = lines.Line;
            if (!bytes.Fits(line, counts, file, number))
                return null;
            if (!Utf8.IsValid(line))
            {
                counts.Skip("its bytes are not valid UTF-8", file.Place(number));
                return null;
            }
            if (line.Trim(" \t\r"u8).IsEmpty)
            {
                counts.Skip("its line is blank", file.Place(number));
                return null;
            }
            try
            {
                if (!json.Parse(line))
                    counts.Skip("its text has half a surrogate pair", file.Place(number));
                else if (DocumentBytes.Judge(json.Text, counts, file, number) is { } text)
                    return new Document(text, file.RelativePath, number, json.Metadata);
                return null;
            }
            catch (JsonException e)
            {
                throw new InputException($"'{file.FullPath}' line {number + 1} {e.Message}", e);
            }
        }
    }
}
