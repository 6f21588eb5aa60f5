using System.Buffers.Binary;

namespace Gim.Index;

/// <summary>
/// One shard: a token stream, its suffix array and its document starts, mapped read-only. t tokens including one
/// separator before each of d documents. Sizes are checked on opening, pointers when they are followed: a damaged file
/// gives an <see cref="InputException"/>, never a read outside it.
/// </summary>
/// <remarks>
/// A reversed shard (infini-gram's v5 layout) keeps every document's tokens from its last to its first. Queries, positions,
/// tokens and documents are in the order of reading for both; only ranks and <see cref="PositionAt"/> speak of what is stored.
/// </remarks>
public sealed unsafe partial class IndexShard : IDisposable
{
    private readonly MappedFile tokens, table, offsets;
    private readonly MappedFile? metadata, metadataOffsets;
    private readonly int width, pointerWidth;

    // First and last rank of the suffixes that begin with a token, found once each: every query starts from these.
    private readonly long[] firstRank, endRank;

    private IndexShard(TokenWidth tokenWidth, bool reversed, MappedFile tokens, MappedFile table, MappedFile offsets,
        MappedFile? metadata, MappedFile? metadataOffsets)
    {
        Width = tokenWidth;
        Reversed = reversed;
        width = (int)tokenWidth;
        this.tokens = tokens;
        this.table = table;
        this.offsets = offsets;
        this.metadata = metadata;
        this.metadataOffsets = metadataOffsets;
        TokenCount = tokens.Length / width;
        DocumentCount = offsets.Length / sizeof(ulong);
        pointerWidth = TokenCount == 0 ? 0 : (int)(table.Length / TokenCount);
        int remembered = tokenWidth == TokenWidth.U8 ? byte.MaxValue + 1 : ushort.MaxValue + 1;
        firstRank = new long[remembered];
        endRank = new long[remembered];
    }

    public TokenWidth Width { get; }

    /// <summary>Whether documents are stored from their last token to their first.</summary>
    public bool Reversed { get; }

    /// <summary>t: tokens, separators included.</summary>
    public long TokenCount { get; }

    /// <summary>d: documents.</summary>
    public long DocumentCount { get; }

    /// <summary>Opens the files of a shard and checks that their sizes fit each other.</summary>
    internal static IndexShard Open(ShardFiles files, TokenWidth width, bool reversed)
    {
        var open = new List<MappedFile>();
        try
        {
            MappedFile Map(string kind)
            {
                MappedFile file = MappedFile.Open(files.Path(kind));
                open.Add(file);
                return file;
            }

            MappedFile tokens = Map(IndexFiles.Tokens), table = Map(IndexFiles.Table), offsets = Map(IndexFiles.Offsets);
            CheckSizes(tokens, table, offsets, width);
            MappedFile? metadata = null, metadataOffsets = null;
            if (files.HasUnigram)
                UnigramFile.Check(files.Path(IndexFiles.Unigram), tokens.Length / (int)width);
            if (files.HasMetadata)
            {
                metadata = Map(IndexFiles.Metadata);
                metadataOffsets = Map(IndexFiles.MetadataOffsets);
                if (metadataOffsets.Length != offsets.Length)
                {
                    throw new InputException(
                        $"index file {metadataOffsets.Path} has {metadataOffsets.Length:N0} bytes where {offsets.Length:N0} are needed, one offset per document; {IndexFiles.Advice}");
                }
                long documents = metadataOffsets.Length / sizeof(ulong);
                if (documents > 0 && ((ulong*)metadataOffsets.Pointer)[documents - 1] > (ulong)metadata.Length)
                    throw new InputException($"index file {metadata.Path} has {metadata.Length:N0} bytes, fewer than {Path.GetFileName(metadataOffsets.Path)} says: it is truncated or belongs to another index; {IndexFiles.Advice}");
            }
            return new IndexShard(width, reversed, tokens, table, offsets, metadata, metadataOffsets);
        }
        catch
        {
            foreach (MappedFile file in open)
                file.Dispose();
            throw;
        }
    }

    private static void CheckSizes(MappedFile tokens, MappedFile table, MappedFile offsets, TokenWidth width)
    {
        if (tokens.Length % (int)width != 0)
        {
            throw new InputException(
                $"index file {tokens.Path} has {tokens.Length:N0} bytes, which is not a whole number of {width.Name()} tokens; check tokenType (--token-type); else {IndexFiles.Advice}");
        }
        long count = tokens.Length / (int)width;
        if (count == 0 && (table.Length > 0 || offsets.Length > 0))
            throw new InputException($"index file {tokens.Path} is empty, and the files beside it are not; {IndexFiles.Advice}");
        bool whole = count == 0 ? table.Length == 0 : table.Length % count == 0 && table.Length / count is >= 1 and <= 8;
        if (!whole)
        {
            throw new InputException(
                $"index file {table.Path} has {table.Length:N0} bytes, which is not 1 to 8 whole bytes for each of the {count:N0} tokens of {Path.GetFileName(tokens.Path)}: it is truncated or belongs to another index; {IndexFiles.Advice}");
        }
        if (offsets.Length % sizeof(ulong) != 0)
        {
            throw new InputException(
                $"index file {offsets.Path} has {offsets.Length:N0} bytes, which is not a whole number of 8-byte document offsets; {IndexFiles.Advice}");
        }
        CheckBeginnings(tokens, offsets, width);
    }

    /// <summary>
    /// Sizes can fit by chance: documents must begin where separators stand. So many are looked at as take no time.
    /// </summary>
    private static void CheckBeginnings(MappedFile tokens, MappedFile offsets, TokenWidth width)
    {
        const int Looks = 1000;
        long documents = offsets.Length / sizeof(ulong);
        if ((documents == 0) != (tokens.Length == 0))
            throw new InputException($"index file {offsets.Path} has {documents:N0} documents for {tokens.Length:N0} bytes of tokens; {IndexFiles.Advice}");
        ulong previous = 0;
        long step = Math.Max(1, documents / Looks);
        for (long document = 0; document < documents; document += step)
        {
            ulong offset = ((ulong*)offsets.Pointer)[document];
            bool inPlace = (document == 0) == (offset == 0) && offset >= previous
                && offset < (ulong)tokens.Length && offset % (ulong)width == 0
                && !new ReadOnlySpan<byte>(tokens.Pointer + offset, (int)width).ContainsAnyExcept(byte.MaxValue);
            if (!inPlace)
            {
                throw new InputException(
                    $"index file {offsets.Path}: document {document:N0} does not begin at a separator of {Path.GetFileName(tokens.Path)}; check tokenType (--token-type); else {IndexFiles.Advice}");
            }
            previous = offset;
        }
    }

    /// <summary>The token at <paramref name="position"/> in the order of reading (0-based, separators included).</summary>
    public int TokenAt(long position)
    {
        if ((ulong)position >= (ulong)TokenCount)
            throw new ArgumentOutOfRangeException(nameof(position), $"token {position} of {TokenCount}");
        return StoredToken(Reversed ? Turn(position) : position);
    }

    private int StoredToken(long stored)
    {
        byte* at = tokens.Pointer + stored * width;
        return width switch
        {
            1 => *at,
            2 => *(ushort*)at,
            _ => (int)*(uint*)at,
        };
    }

    /// <summary>
    /// Start of the suffix of rank <paramref name="rank"/> in the file, as a number of tokens. In a reversed shard this is the
    /// last token of what stands there: <see cref="PlaceOf"/> says where that begins.
    /// </summary>
    public long PositionAt(long rank)
    {
        if ((ulong)rank >= (ulong)TokenCount)
            throw new ArgumentOutOfRangeException(nameof(rank), $"rank {rank} of {TokenCount}");
        return Suffix(rank) / width;
    }

    /// <summary>Byte offset, inside the token file, of the suffix of a rank that is known to be in range.</summary>
    private long Suffix(long rank)
    {
        byte* at = table.Pointer + rank * pointerWidth;
        ulong pointer;
        if (pointerWidth == 4)
        {
            pointer = *(uint*)at;
        }
        else
        {
            pointer = 0;
            for (int i = pointerWidth - 1; i >= 0; i--)
                pointer = pointer << 8 | at[i];
        }
        if (pointer >= (ulong)tokens.Length || (pointer & (ulong)(width - 1)) != 0)
            ThrowBadPointer(rank, pointer);
        return (long)pointer;
    }

    private void ThrowBadPointer(long rank, ulong pointer)
        => throw new InputException(
            $"index file {table.Path}: entry {rank:N0} points to byte {pointer:N0}, which is not a token of {Path.GetFileName(tokens.Path)} ({tokens.Length:N0} bytes); {IndexFiles.Advice}");

    /// <summary>The order (see <see cref="TokenWidths.TryOrder"/>) of the token at a byte offset that is in range.</summary>
    private uint OrderAt(long offset)
    {
        byte* at = tokens.Pointer + offset;
        return width switch
        {
            1 => *at,
            2 => BinaryPrimitives.ReverseEndianness(*(ushort*)at),
            _ => BinaryPrimitives.ReverseEndianness(*(uint*)at),
        };
    }

    public void Dispose()
    {
        tokens.Dispose();
        table.Dispose();
        offsets.Dispose();
        metadata?.Dispose();
        metadataOffsets?.Dispose();
    }
}
