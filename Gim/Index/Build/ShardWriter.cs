using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Gim.Index.Build;

/// <summary>
/// A shard while documents are appended: its tokens, offsets and metadata are files that grow, the counts of its tokens
/// are kept in memory until it is closed.
/// </summary>
internal sealed class ShardWriter : IDisposable
{
    // Tokens that are turned to bytes at once.
    private const int Piece = 1 << 14;

    private readonly BuildFolder folder;
    private readonly int number;
    private readonly TokenWidth width;
    private readonly HashedFile tokens, offsets, metadata, metadataOffsets;
    private readonly long[] unigram;

    private ShardWriter(BuildFolder folder, int number, TokenWidth width, long[] unigram, HashedFile[] files)
    {
        this.folder = folder;
        this.number = number;
        this.width = width;
        this.unigram = unigram;
        (tokens, offsets, metadata, metadataOffsets) = (files[0], files[1], files[2], files[3]);
    }

    /// <summary>Tokens so far, one separator per document included.</summary>
    public long TokenCount => tokens.Length / (int)width;

    public long DocumentCount => offsets.Length / sizeof(long);

    /// <summary>Starts a shard.</summary>
    public static ShardWriter Create(BuildFolder folder, int number, TokenWidth width, int vocabularySize)
        => new(folder, number, width, new long[vocabularySize], Open(kind => HashedFile.Create(folder.ShardFile(kind, number), folder.FlushToDisk)));

    /// <summary>Goes on with a shard that was left open; its files are read once for their hashes and counts.</summary>
    /// <param name="state">What is known to have been written.</param>
    /// <param name="read">Called with the bytes read so far, now and then.</param>
    /// <exception cref="UnusableBuildException">Files are shorter, or do not hold what they should.</exception>
    public static ShardWriter Continue(BuildFolder folder, int number, TokenWidth width, int vocabularySize, JournaledShard state, Action<int> read)
    {
        long[] unigram = new long[vocabularySize];
        long separators = 0, others = 0;
        HashedFile[] files = Open(kind => HashedFile.Continue(folder.ShardFile(kind, number), folder.FlushToDisk, state.Files[kind].Bytes, bytes =>
        {
            if (kind == IndexFiles.Tokens)
                Count(bytes, width, unigram, ref separators, ref others);
            read(bytes.Length);
        }));
        var shard = new ShardWriter(folder, number, width, unigram, files);
        if (separators == state.Documents && others == 0)
            return shard;
        shard.Dispose();
        throw new UnusableBuildException($"{IndexFiles.Tokens}.{number} does not hold the documents that were written");
    }

    private static HashedFile[] Open(Func<string, HashedFile> open)
    {
        var files = new List<HashedFile>();
        try
        {
            foreach (string kind in (string[])[IndexFiles.Tokens, IndexFiles.Offsets, IndexFiles.Metadata, IndexFiles.MetadataOffsets])
                files.Add(open(kind));
            return [.. files];
        }
        catch
        {
            foreach (HashedFile file in files)
                file.Dispose();
            throw;
        }
    }

    private static void Count(ReadOnlySpan<byte> bytes, TokenWidth width, long[] unigram, ref long separators, ref long others)
    {
        for (int i = 0; i < bytes.Length; i += (int)width)
        {
            int token = width switch
            {
                TokenWidth.U8 => bytes[i],
                TokenWidth.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[i..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(bytes[i..]),
            };
            if (token == width.Separator())
                separators++;
            else if ((uint)token < (uint)unigram.Length)
                unigram[token]++;
            else
                others++;
        }
    }

    /// <summary>Adds a document.</summary>
    /// <param name="document">Its tokens, which the width can hold and which are in [0, V).</param>
    /// <param name="metadataLine">One JSON object on one line, without the newline.</param>
    public void Append(ReadOnlySpan<int> document, string metadataLine)
    {
        WriteOffset(offsets, tokens.Length);
        WriteOffset(metadataOffsets, metadata.Length);
        metadata.Write(Encoding.UTF8.GetBytes(metadataLine));
        metadata.Write("\n"u8);
        BinaryPrimitives.WriteInt32LittleEndian(tokens.Reserve(sizeof(int)), width.Separator());
        tokens.Advance((int)width);
        for (int start = 0; start < document.Length; start += Piece)
        {
            ReadOnlySpan<int> piece = document.Slice(start, Math.Min(Piece, document.Length - start));
            WriteTokens(piece, tokens.Reserve(piece.Length * (int)width));
            tokens.Advance(piece.Length * (int)width);
            foreach (int token in piece)
                unigram[token]++;
        }
    }

    private void WriteTokens(ReadOnlySpan<int> piece, Span<byte> room)
    {
        switch (width)
        {
            case TokenWidth.U8:
                for (int i = 0; i < piece.Length; i++)
                    room[i] = (byte)piece[i];
                break;
            case TokenWidth.U16:
                Span<ushort> units = MemoryMarshal.Cast<byte, ushort>(room)[..piece.Length];
                for (int i = 0; i < piece.Length; i++)
                    units[i] = BitConverter.IsLittleEndian ? (ushort)piece[i] : BinaryPrimitives.ReverseEndianness((ushort)piece[i]);
                break;
            default:
                for (int i = 0; i < piece.Length; i++)
                    BinaryPrimitives.WriteInt32LittleEndian(room[(i * sizeof(int))..], piece[i]);
                break;
        }
    }

    private static void WriteOffset(HashedFile file, long offset)
    {
        BinaryPrimitives.WriteInt64LittleEndian(file.Reserve(sizeof(long)), offset);
        file.Advance(sizeof(long));
    }

    /// <summary>Brings all documents so far to the disk, and says how long the files are.</summary>
    public JournaledShard Flush() => State(false, file =>
    {
        file.Flush();
        return new IndexFileRecord(file.Length, "");
    });

    /// <summary>Ends the shard's text: nothing can be appended after it.</summary>
    public JournaledShard Close()
    {
        JournaledShard shard = State(true, file => file.Seal());
        using HashedFile counts = HashedFile.Create(folder.ShardFile(IndexFiles.Unigram, number), folder.FlushToDisk);
        WriteUnigram(counts);
        return shard with { Files = new Dictionary<string, IndexFileRecord>(shard.Files) { [IndexFiles.Unigram] = counts.Seal() } };
    }

    private JournaledShard State(bool closed, Func<HashedFile, IndexFileRecord> record)
        => new(TokenCount, DocumentCount, closed, new Dictionary<string, IndexFileRecord>
        {
            [IndexFiles.Tokens] = record(tokens),
            [IndexFiles.Offsets] = record(offsets),
            [IndexFiles.Metadata] = record(metadata),
            [IndexFiles.MetadataOffsets] = record(metadataOffsets),
        });

    /// <summary>Lines "token count" by ascending token, only those that occur; the separator counts the documents.</summary>
    private void WriteUnigram(HashedFile file)
    {
        for (int token = 0; token < unigram.Length; token++)
        {
            if (unigram[token] != 0)
                file.Write(Encoding.ASCII.GetBytes($"{token} {unigram[token]}\n"));
        }
        if (DocumentCount != 0)
            file.Write(Encoding.ASCII.GetBytes($"{(uint)width.Separator()} {DocumentCount}\n"));
    }

    public void Dispose()
    {
        tokens.Dispose();
        offsets.Dispose();
        metadata.Dispose();
        metadataOffsets.Dispose();
    }
}
