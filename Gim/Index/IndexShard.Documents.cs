using System.Text;

namespace Gim.Index;

/// <summary>A document, or a stretch of one, as an index holds it.</summary>
/// <param name="Document">Number of the document within its shard.</param>
/// <param name="Length">Tokens of the whole document.</param>
/// <param name="Start">Where in the document <paramref name="Tokens"/> begins.</param>
/// <param name="Needle">Where in <paramref name="Tokens"/> the place asked for stands.</param>
/// <param name="Tokens">The stretch.</param>
/// <param name="Metadata">The document's line of metadata, its newline included, or "" where the index has none.</param>
public sealed record IndexDocument(long Document, long Length, long Start, int Needle, int[] Tokens, string Metadata);

/// <summary>Documents of one shard.</summary>
public sealed unsafe partial class IndexShard
{
    /// <summary>
    /// The document that holds the suffix of <paramref name="rank"/>, cut to <paramref name="maxTokens"/> around it:
    /// half of them (rounded down) before the place, the rest from it on, both within the document.
    /// A rank whose suffix begins at a separator means the first token of the document behind it.
    /// </summary>
    public IndexDocument DocumentByRank(long rank, int maxTokens) => DocumentByPosition(PlaceOf(rank, 1), maxTokens);

    /// <summary>As <see cref="DocumentByRank"/>, for the token at <paramref name="position"/>.</summary>
    public IndexDocument DocumentByPosition(long position, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        long document = DocumentOf(position);
        var (start, end) = Bounds(document);
        long place = Math.Clamp(position, start, end);
        long from = Math.Max(start, place - maxTokens / 2);
        long to = Math.Min(end, place + (maxTokens + 1L) / 2);
        int[] stretch = new int[to - from];
        ReadDocument(document, from - start, stretch);
        return new IndexDocument(document, end - start, from - start, (int)(place - from), stretch, MetadataOf(document));
    }

    /// <summary>
    /// Where a match of <paramref name="length"/> tokens, found at <paramref name="rank"/>, begins: the position of its
    /// first token as it is read.
    /// </summary>
    public long PlaceOf(long rank, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long stored = PositionAt(rank);
        // A match that begins with a separator in the file is one of nothing but that separator.
        return Reversed && StoredToken(stored) != Width.Separator() ? Math.Max(0, Turn(stored) - Math.Max(length - 1, 0)) : stored;
    }

    /// <summary>
    /// In a reversed shard, where the token of a position stands in the file, and the other way round: documents are turned
    /// in their places, separators stay.
    /// </summary>
    private long Turn(long position)
    {
        var (start, end) = Bounds(DocumentOf(position));
        return position < start ? position : start + end - 1 - position;
    }

    /// <summary>Copies tokens of a document, as they are read, from its token <paramref name="start"/> on.</summary>
    public void ReadDocument(long document, long start, Span<int> destination)
    {
        var (first, end) = Bounds(document);
        if (start < 0 || destination.Length > end - first - start)
            throw new ArgumentOutOfRangeException(nameof(start), $"tokens {start} to {start + destination.Length} of a document of {end - first}");
        // Bounds are checked against the file's size.
        long at = Reversed ? end - 1 - start : first + start;
        int step = Reversed ? -1 : 1;
        for (int i = 0; i < destination.Length; i++)
            destination[i] = StoredToken(at + (long)i * step);
    }

    /// <summary>The number of the document that holds a token position (its separator included).</summary>
    public long DocumentOf(long position)
    {
        if ((ulong)position >= (ulong)TokenCount)
            throw new ArgumentOutOfRangeException(nameof(position), $"token {position} of {TokenCount}");
        long low = 0, high = DocumentCount;
        while (low < high)
        {
            long middle = (low + high) >> 1;
            if (Offset(offsets, middle) <= (ulong)(position * width))
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? throw DamagedOffsets(0) : low - 1;
    }

    /// <summary>Token positions [start, end) of a document, its separator left out.</summary>
    public (long Start, long End) Bounds(long document)
    {
        if ((ulong)document >= (ulong)DocumentCount)
            throw new ArgumentOutOfRangeException(nameof(document), $"document {document} of {DocumentCount}");
        ulong start = Offset(offsets, document);
        ulong end = document + 1 < DocumentCount ? Offset(offsets, document + 1) : (ulong)tokens.Length;
        if (start + (ulong)width > end || end > (ulong)tokens.Length || start % (ulong)width != 0 || end % (ulong)width != 0)
            throw DamagedOffsets(document);
        return ((long)start / width + 1, (long)end / width);
    }

    /// <summary>The document's metadata line with its newline, or "" where the index holds none.</summary>
    public string MetadataOf(long document)
    {
        if (metadata is null || metadataOffsets is null)
            return "";
        ulong start = Offset(metadataOffsets, document);
        ulong end = document + 1 < DocumentCount ? Offset(metadataOffsets, document + 1) : (ulong)metadata.Length;
        if (start > end || end > (ulong)metadata.Length || end - start > int.MaxValue)
            throw new InputException($"index file {metadataOffsets.Path}: the offset of document {document:N0} is out of order; {IndexFiles.Advice}");
        return start == end ? "" : Encoding.UTF8.GetString(metadata.Pointer + start, (int)(end - start));
    }

    private static ulong Offset(MappedFile file, long index) => ((ulong*)file.Pointer)[index];

    private InputException DamagedOffsets(long document)
        => new($"index file {offsets.Path}: the offset of document {document:N0} does not fit the token file; {IndexFiles.Advice}");
}
