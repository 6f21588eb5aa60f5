namespace Gim.Index.Query;

/// <summary>A place in an index: where a match's first token stands.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Position">Position of the token in the shard, in reading order, separators counted.</param>
public readonly record struct IndexPlace(int Shard, long Position) : IComparable<IndexPlace>
{
    /// <inheritdoc/>
    public int CompareTo(IndexPlace other)
        => Shard != other.Shard ? Shard.CompareTo(other.Shard) : Position.CompareTo(other.Position);

    public static bool operator <(IndexPlace left, IndexPlace right) => left.CompareTo(right) < 0;

    public static bool operator >(IndexPlace left, IndexPlace right) => left.CompareTo(right) > 0;

    public static bool operator <=(IndexPlace left, IndexPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IndexPlace left, IndexPlace right) => left.CompareTo(right) >= 0;
}

/// <summary>A stretch of a document with a match in it.</summary>
/// <param name="Number">Number of the document in the index, counted over all shards.</param>
/// <param name="Place">Where the match begins; moved to the document's first token where a separator was asked for.</param>
/// <param name="Document">Number of the document within its shard.</param>
/// <param name="Length">Tokens of the whole document.</param>
/// <param name="Start">Where in the document <paramref name="Tokens"/> begins.</param>
/// <param name="Tokens">The stretch, as it is read.</param>
/// <param name="NeedleOffset">Where in <paramref name="Tokens"/> the match begins.</param>
/// <param name="NeedleLength">Tokens of the match that are in the stretch.</param>
/// <param name="Metadata">The document's line of metadata, its newline included, or "" where the index has none.</param>
public sealed record MatchDocument(
    long Number, IndexPlace Place, long Document, long Length, long Start, int[] Tokens, int NeedleOffset, int NeedleLength, string Metadata)
{
    /// <summary>Whether the document goes on before the stretch.</summary>
    public bool CutBefore => Start > 0;

    /// <summary>Whether the document goes on behind the stretch.</summary>
    public bool CutAfter => Start + Tokens.Length < Length;
}
