using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gim.Index.Sort;
using Gim.Progress;

namespace Gim.Index.Build;

/// <summary>
/// A shard's table: its tokens are read back, their suffixes sorted in memory (<see cref="BuildMemory.Sorting"/> says in
/// how much), and pointers to them written, hashed by another thread on the way.
/// </summary>
internal sealed class ShardTable(TokenWidth width, int vocabularySize)
{
    /// <summary>Sorts a shard and writes its table to the disk.</summary>
    /// <param name="folder">Where its files are made.</param>
    /// <param name="number">The shard.</param>
    /// <param name="tokenBytes">Bytes of its token file.</param>
    /// <param name="part">What of the corpus the shard is, to say behind what is being done: "" or ", shard 2 of 5".</param>
    public IndexFileRecord Write(BuildFolder folder, int number, long tokenBytes, string part, IJobLog log, CancellationToken cancellation)
    {
        int count = checked((int)(tokenBytes / (int)width));
        using var suffixes = new NativeBuffer<int>(count, zeroed: false);
        using (IJobProgress progress = log.Start($"sorting suffixes{part}", count, "tokens"))
            Sort(folder.ShardFile(IndexFiles.Tokens, number), suffixes, new SortProgress(progress), cancellation);
        using IJobProgress writing = log.Start($"writing{part}", (long)count * PointerWidth(tokenBytes), "bytes");
        using HashedFile table = HashedFile.Create(folder.ShardFile(IndexFiles.Table, number), folder.FlushToDisk, background: true);
        WritePointers(table, suffixes.Span, PointerWidth(tokenBytes), writing, cancellation);
        return table.Seal();
    }

    private unsafe void Sort(string tokenPath, NativeBuffer<int> suffixes, SortProgress progress, CancellationToken cancellation)
    {
        int count = (int)suffixes.Length;
        using FileStream tokens = File.OpenRead(tokenPath);
        if (width == TokenWidth.U32)
        {
            using NativeBuffer<int> text = ReadRanks(tokens, count);
            InducedSort.Sort(text.Pointer, count, vocabularySize + 1, suffixes.Pointer, progress, cancellation);
        }
        else
        {
            using NativeBuffer<ushort> text = ReadOrders(tokens, count);
            InducedSort.Sort(text.Pointer, count, ushort.MaxValue + 1, suffixes.Pointer, progress, cancellation);
        }
    }

    /// <summary>Reads the token file as orders (8- and 16-bit tokens).</summary>
    private unsafe NativeBuffer<ushort> ReadOrders(FileStream tokens, int count)
    {
        var text = new NativeBuffer<ushort>(count, zeroed: false);
        if (width == TokenWidth.U16)
        {
            ReadAll(tokens, (byte*)text.Pointer, (long)count * sizeof(ushort));
            if (BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(text.Span, text.Span);
            return text;
        }
        // Bytes land in the upper half of the buffer and are widened from there, front to back.
        byte* bytes = (byte*)text.Pointer + count;
        ReadAll(tokens, bytes, count);
        for (int i = 0; i < count; i++)
            text.Pointer[i] = bytes[i];
        return text;
    }

    /// <summary>
    /// Reads the token file as dense ranks of the orders: 32-bit orders are spread over all of their range, and the
    /// sorter needs counters for every symbol there may be.
    /// </summary>
    private unsafe NativeBuffer<int> ReadRanks(FileStream tokens, int count)
    {
        uint[] orders = new uint[vocabularySize];
        int[] byOrder = new int[vocabularySize];
        for (int token = 0; token < vocabularySize; token++)
        {
            orders[token] = BinaryPrimitives.ReverseEndianness((uint)token);
            byOrder[token] = token;
        }
        Array.Sort(orders, byOrder);
        int[] rank = new int[vocabularySize];
        for (int i = 0; i < vocabularySize; i++)
            rank[byOrder[i]] = i;

        var text = new NativeBuffer<int>(count, zeroed: false);
        ReadAll(tokens, (byte*)text.Pointer, (long)count * sizeof(int));
        for (int i = 0; i < count; i++)
        {
            int token = text.Pointer[i];
            text.Pointer[i] = token == width.Separator() ? vocabularySize : rank[token];
        }
        return text;
    }

    /// <summary>In pieces: a span holds no more than 2 GB.</summary>
    private static unsafe void ReadAll(FileStream file, byte* to, long bytes)
    {
        for (long done = 0; done < bytes;)
        {
            int piece = (int)Math.Min(bytes - done, 1 << 24);
            file.ReadExactly(new Span<byte>(to + done, piece));
            done += piece;
        }
    }

    /// <summary>Pointer width of infini-gram's own writer: enough bytes for the token file's size, at least one.</summary>
    public static int PointerWidth(long tokenBytes)
        => Math.Max(1, (int)Math.Ceiling(Math.Log2(Math.Max(tokenBytes, 2)) / 8));

    private void WritePointers(HashedFile table, ReadOnlySpan<int> positions, int pointerWidth, IJobProgress progress, CancellationToken cancellation)
    {
        const int Batch = 1 << 14;
        int tokenBytes = (int)width;
        for (int start = 0; start < positions.Length; start += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> batch = positions.Slice(start, Math.Min(Batch, positions.Length - start));
            if (pointerWidth == sizeof(uint) && BitConverter.IsLittleEndian)
            {
                Span<uint> room = MemoryMarshal.Cast<byte, uint>(table.Reserve(batch.Length * sizeof(uint)))[..batch.Length];
                for (int i = 0; i < batch.Length; i++)
                    room[i] = (uint)batch[i] * (uint)tokenBytes;
            }
            else
            {
                // Eight bytes are written for each and the surplus overwritten by the next.
                Span<byte> room = table.Reserve(batch.Length * pointerWidth + sizeof(long));
                for (int i = 0; i < batch.Length; i++)
                    BinaryPrimitives.WriteInt64LittleEndian(room[(i * pointerWidth)..], (long)batch[i] * tokenBytes);
            }
            table.Advance(batch.Length * pointerWidth);
            progress.Advance(batch.Length * pointerWidth);
        }
    }
}
