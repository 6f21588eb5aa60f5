using System.Text;
using Gim.Progress;

namespace Gim.Text.Sources;

/// <summary>
/// Text files whose documents are divided by a line that holds the separator and nothing else.
/// </summary>
/// <remarks>
/// A path is a file, a folder (all .txt and .md files below it, plain, .gz or .zst) or a pattern with <c>*</c>,
/// <c>?</c>, <c>**</c>; files ending in .gz and .zst are unpacked while they are read. The newline before a separator
/// line and a file's last newline are no part of a document; all others stay as they are, CRLF included. Files must be
/// UTF-8; a byte order mark is dropped. The end of a file ends a document. Nothing before a file's first separator, or
/// behind its last, is no document; nothing between two separators, and a file without any text, is an empty one.
/// Documents that are empty (or only white space), not UTF-8, or too long are left out and counted.
/// </remarks>
public sealed class TextFileSource : FileSource
{
    public const string DefaultSeparator = "<|endoftext|>";

    private static readonly string[] Extensions = [".txt", ".md", ".txt.gz", ".md.gz", ".txt.zst", ".md.zst"];
    private readonly byte[] separator;

    /// <param name="path">File, folder or pattern.</param>
    /// <param name="separator">The line between two documents.</param>
    /// <param name="maxDocumentBytes">Longer documents are left out.</param>
    /// <exception cref="InputException">The path finds nothing, or the separator is no line.</exception>
    public TextFileSource(
        string path, string separator = DefaultSeparator, int maxDocumentBytes = DocumentBytes.DefaultLimit)
        : base("text", path, separator, Extensions, maxDocumentBytes)
    {
        if (separator.Length is 0 or > 1000 || separator.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new InputException($"separator of '{path}' must be one line of 1 to 1000 characters, without line "
                + $"breaks (it has {separator.Length}): leave it out for {DefaultSeparator}");
        this.separator = Encoding.UTF8.GetBytes(separator);
    }

    private protected override IDocumentReader Open(
        SourceFile file, SourceCounts counts, IJobProgress? progress, CancellationToken cancellation) =>
        new Reader(file, separator, new DocumentBytes(MaxDocumentBytes), counts, progress, cancellation);

    private sealed class Reader(SourceFile file, byte[] separator, DocumentBytes bytes, SourceCounts counts,
        IJobProgress? progress, CancellationToken cancellation) : IDocumentReader
    {
        private readonly LineReader lines = new(file, progress, cancellation);
        private bool separated;
        private bool finished;

        public Document? Next()
        {
            while (ReadDocument(out long line, out bool hasLines, out bool atEnd))
            {
                // Before the first and behind the last separator nothing is expected.
                bool marginal = !hasLines && (atEnd ? separated : !separated);
                separated = true;
                if (!marginal && bytes.Decode(bytes.Written, counts, file, line) is { } text)
                    return new Document(text, file.RelativePath, line);
            }
            return null;
        }

        public void Dispose() => lines.Dispose();

        /// <summary>Collects the lines up to the next separator or the end of the file.</summary>
        private bool ReadDocument(out long line, out bool hasLines, out bool atEnd)
        {
            bytes.Clear();
            line = lines.Line + 1;
            hasLines = false;
            atEnd = false;
            if (finished)
                return false;
            while (lines.Next(out var piece))
            {
                if (lines.StartsLine && lines.EndsLine && IsSeparator(piece))
                    return true;
                bytes.Append(piece);
                hasLines = true;
            }
            atEnd = finished = true;
            return true;
        }

        private bool IsSeparator(ReadOnlySpan<byte> line)
        {
            if (!line.StartsWith(separator))
                return false;
            var rest = line[separator.Length..];
            return rest.Length == 0 || rest.SequenceEqual("\n"u8) || rest.SequenceEqual("\r\n"u8)
                || rest.SequenceEqual("\r"u8);
        }
    }
}
