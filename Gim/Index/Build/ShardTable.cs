using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gim.Index.Sort;
using Gim.Progress;

namespace Gim.Index.Build;

/// <summary>
/// A shard's table: its tokens are read back, their suffixes sorted in memory (<see cref="BuildMemory.Sorting"/> says in
/// how much), and pointers to them written, hashed by another thread on the way.
/// </summary>
/// <param name="width">Of the tokens.</param>
/// <param name="vocabularySize">V.</param>
/// <param name="threads">Threads that sort.</param>
/// <param name="wide">Whether positions are held in 64 bits even where 32 suffice; for tests.</param>
internal sealed class ShardTable(TokenWidth width, int vocabularySize, int threads, bool wide = false)
{
    // Bytes that are read, and pointers that are written, at once.
    private const int ReadPiece = 1 << 24, WritePiece = 1 << 14;

    /// <summary>Sorts a shard and writes its table to the disk.</summary>
    /// <param name="folder">Where its files are made.</param>
    /// <param name="number">The shard.</param>
    /// <param name="tokenBytes">Bytes of its token file.</param>
    /// <param name="part">What of the corpus the shard is, to say behind what is being done: "" or ", shard 2 of 5".</param>
    public IndexFileRecord Write(BuildFolder folder, int number, long tokenBytes, string part, IJobLog log, CancellationToken cancellation)
        => !wide && tokenBytes / (int)width <= SuffixArray.MaxLength
            ? Write<int>(folder, number, tokenBytes, part, log, cancellation)
            : Write<long>(folder, number, tokenBytes, part, log, cancellation);

    private unsafe IndexFileRecord Write<TIndex>(
        BuildFolder folder, int number, long tokenBytes, string part, IJobLog log, CancellationToken cancellation)
        where TIndex : unmanaged
    {
        long count = tokenBytes / (int)width;
        using var suffixes = new NativeBuffer<TIndex>(count, zeroed: false);
        using (IJobProgress progress = log.Start($"sorting suffixes{part}", count, "tokens"))
            Sort(folder.ShardFile(IndexFiles.Tokens, number), count, suffixes.Pointer, new SortProgress(progress), cancellation);
        using IJobProgress writing = log.Start($"writing{part}", count * PointerWidth(tokenBytes), "bytes");
        using HashedFile table = HashedFile.Create(folder.ShardFile(IndexFiles.Table, number), folder.FlushToDisk, background: true);
        WritePointers(table, suffixes.Pointer, count, PointerWidth(tokenBytes), writing, cancellation);
        return table.Seal();
    }

    private unsafe void Sort<TIndex>(string tokenPath, long count, TIndex* suffixes, SortProgress progress, CancellationToken cancellation)
        where TIndex : unmanaged
    {
        using FileStream tokens = new(tokenPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var settings = new SortSettings(threads);
        switch (width)
        {
            case TokenWidth.U8:
                using (var text = new NativeBuffer<byte>(count, zeroed: false))
                {
                    Read(tokens, text.Pointer, count, static _ => { });
                    InducedSort.Sort(text.Pointer, count, byte.MaxValue + 1, suffixes, settings, progress, cancellation);
                }
                break;
            case TokenWidth.U16:
                using (var text = new NativeBuffer<ushort>(count, zeroed: false))
                {
                    Read(tokens, text.Pointer, count, static piece => ToOrders(piece));
                    InducedSort.Sort(text.Pointer, count, ushort.MaxValue + 1, suffixes, settings, progress, cancellation);
                }
                break;
            default:
                using (var text = new NativeBuffer<int>(count, zeroed: false))
                {
                    int[] ranks = Ranks();
                    Read(tokens, text.Pointer, count, piece => ToRanks(piece, ranks));
                    InducedSort.Sort(text.Pointer, count, vocabularySize + 1L, suffixes, settings, progress, cancellation);
                }
                break;
        }
    }

    /// <summary>Reads the token file in pieces, since a span holds no more than 2 GB, and makes each piece what is sorted.</summary>
    private static unsafe void Read<TSymbol>(FileStream file, TSymbol* to, long count, Action<Span<TSymbol>> convert)
        where TSymbol : unmanaged
    {
        for (long done = 0; done < count;)
        {
            var piece = new Span<TSymbol>(to + done, (int)Math.Min(count - done, ReadPiece / sizeof(TSymbol)));
            file.ReadExactly(MemoryMarshal.AsBytes(piece));
            convert(piece);
            done += piece.Length;
        }
    }

    private static void ToOrders(Span<ushort> piece)
    {
        // What big-endian machines read from a little-endian file has its bytes swapped already.
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(piece, piece);
    }

    private void ToRanks(Span<int> piece, int[] ranks)
    {
        foreach (ref int symbol in piece)
        {
            int token = BitConverter.IsLittleEndian ? symbol : BinaryPrimitives.ReverseEndianness(symbol);
            symbol = token == width.Separator() ? vocabularySize : ranks[token];
        }
    }

    /// <summary>
    /// The tokens' ranks among the orders: 32-bit orders are spread over all of their range, and the sorter needs
    /// counters for every symbol there may be.
    /// </summary>
    private int[] Ranks()
    {
        uint[] orders = new uint[vocabularySize];
        int[] byOrder = new int[vocabularySize];
        for (int token = 0; token < vocabularySize; token++)
        {
            orders[token] = BinaryPrimitives.ReverseEndianness((uint)token);
            byOrder[token] = token;
        }
        Array.Sort(orders, byOrder);
        int[] ranks = new int[vocabularySize];
        for (int i = 0; i < vocabularySize; i++)
            ranks[byOrder[i]] = i;
        return ranks;
    }

    /// <summary>Pointer width of infini-gram's own writer: enough bytes for the token file's size, at least one.</summary>
    public static int PointerWidth(long tokenBytes)
        => Math.Max(1, (int)Math.Ceiling(Math.Log2(Math.Max(tokenBytes, 2)) / 8));

    private unsafe void WritePointers<TIndex>(
        HashedFile table, TIndex* positions, long count, int pointerWidth, IJobProgress progress, CancellationToken cancellation)
        where TIndex : unmanaged
    {
        long tokenBytes = (long)width;
        for (long start = 0; start < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var piece = new ReadOnlySpan<TIndex>(positions + start, (int)Math.Min(count - start, WritePiece));
            // Eight bytes are written for each and the surplus overwritten by the next.
            Span<byte> room = table.Reserve(piece.Length * pointerWidth + sizeof(long));
            if (typeof(TIndex) == typeof(int))
                WritePointers(MemoryMarshal.Cast<TIndex, int>(piece), room, pointerWidth, tokenBytes);
            else
                WritePointers(MemoryMarshal.Cast<TIndex, long>(piece), room, pointerWidth, tokenBytes);
            table.Advance(piece.Length * pointerWidth);
            progress.Advance(piece.Length * pointerWidth);
            start += piece.Length;
        }
    }

    private static void WritePointers(ReadOnlySpan<int> positions, Span<byte> room, int pointerWidth, long tokenBytes)
    {
        if (pointerWidth == sizeof(uint) && BitConverter.IsLittleEndian)
        {
            Span<uint> pointers = MemoryMarshal.Cast<byte, uint>(room)[..positions.Length];
            for (int i = 0; i < positions.Length; i++)
                pointers[i] = (uint)positions[i] * (uint)tokenBytes;
            return;
        }
        for (int i = 0; i < positions.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(room[(i * pointerWidth)..], positions[i] * tokenBytes);
    }

    private static void WritePointers(ReadOnlySpan<long> positions, Span<byte> room, int pointerWidth, long tokenBytes)
    {
        for (int i = 0; i < positions.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(room[(i * pointerWidth)..], positions[i] * tokenBytes);
    }
}
