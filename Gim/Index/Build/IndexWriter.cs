using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Index.Sort;
using Gim.Progress;

namespace Gim.Index.Build;

/// <summary>
/// Writes one shard in infini-gram's v4 layout: documents are appended as tokens, then the suffix array is sorted in
/// memory and written. Peak memory is the tokens (2 bytes each; 4 where the vocabulary needs 32 bits) and the suffix
/// array (4 bytes a token) plus the sorter's own. Files get their names when all are complete, gim.json last.
/// </summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly string folder;
    private readonly TokenWidth width;
    private readonly int vocabularySize;
    private readonly HashedFile tokens, offsets, metadata, metadataOffsets;
    private readonly long[] unigram;
    private long documents;

    public IndexWriter(string folder, TokenWidth width, int vocabularySize)
    {
        this.folder = folder;
        this.width = width;
        this.vocabularySize = vocabularySize;
        unigram = new long[vocabularySize];
        tokens = Create(IndexFiles.Tokens);
        offsets = Create(IndexFiles.Offsets);
        metadata = Create(IndexFiles.Metadata);
        metadataOffsets = Create(IndexFiles.MetadataOffsets);
    }

    /// <summary>Tokens so far, one separator per document included.</summary>
    public long TokenCount => tokens.Length / (int)width;

    public long DocumentCount => documents;

    private HashedFile Create(string kind) => new(Path.Combine(folder, $"{kind}.0"));

    /// <summary>Adds a document.</summary>
    /// <param name="document">Its tokens, each in [0, V) and none the separator's value.</param>
    /// <param name="metadataLine">One JSON object on one line, without the newline.</param>
    public void Append(ReadOnlySpan<int> document, string metadataLine)
    {
        WriteOffset(offsets, tokens.Length);
        WriteOffset(metadataOffsets, metadata.Length);
        metadata.Write(Encoding.UTF8.GetBytes(metadataLine));
        metadata.Write("\n"u8);
        WriteToken(width.Separator());
        int limit = width == TokenWidth.U32 ? vocabularySize : Math.Min(vocabularySize, width.Separator());
        foreach (int token in document)
        {
            if ((uint)token >= (uint)limit)
                throw new ArgumentOutOfRangeException(nameof(document), $"token {token} is not in [0, {limit}), the {width.Name()} tokens of a vocabulary of {vocabularySize}");
            unigram[token]++;
            WriteToken(token);
        }
        documents++;
        if (TokenCount > SuffixArray.MaxLength)
        {
            throw new InputException(
                $"the reference text has more than {SuffixArray.MaxLength:N0} tokens, the most that one index shard can hold; use fewer files, or several indexes as references");
        }
    }

    private void WriteToken(int token)
    {
        Span<byte> room = tokens.Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(room, token);
        tokens.Advance((int)width);
    }

    private static void WriteOffset(HashedFile file, long offset)
    {
        BinaryPrimitives.WriteInt64LittleEndian(file.Reserve(sizeof(long)), offset);
        file.Advance(sizeof(long));
    }

    /// <summary>Sorts, writes what is left, and gives the files their names.</summary>
    public IndexManifest Finish(IndexTokenizer tokenizer, int endOfText, string key, IJobLog log, CancellationToken cancellation)
    {
        var records = new SortedDictionary<string, IndexFileRecord>(StringComparer.Ordinal)
        {
            [tokens.Name] = tokens.Seal(),
            [offsets.Name] = offsets.Seal(),
            [metadata.Name] = metadata.Seal(),
            [metadataOffsets.Name] = metadataOffsets.Seal(),
        };
        using HashedFile table = Create(IndexFiles.Table), counts = Create(IndexFiles.Unigram);
        using (IJobProgress progress = log.Start("sorting suffixes", TokenCount, "tokens"))
            WriteTable(table, progress, cancellation);
        records[table.Name] = table.Seal();
        WriteUnigram(counts);
        records[counts.Name] = counts.Seal();

        // From here on the folder is not an index until the new manifest stands.
        File.Delete(Path.Combine(folder, IndexManifest.FileName));
        foreach (HashedFile file in (HashedFile[])[tokens, offsets, metadata, metadataOffsets, table, counts])
            file.Commit();
        var manifest = new IndexManifest(
            IndexManifest.CurrentVersion, width.Name(), endOfText, vocabularySize, tokenizer, documents, TokenCount, key, records);
        manifest.Write(folder);
        return manifest;
    }

    private unsafe void WriteTable(HashedFile table, IJobProgress progress, CancellationToken cancellation)
    {
        int count = checked((int)TokenCount);
        using var suffixes = new NativeBuffer<int>(count, zeroed: false);
        var sorting = new SortSettings(Environment.ProcessorCount);
        if (width == TokenWidth.U32)
        {
            using NativeBuffer<int> text = ReadRanks(count);
            InducedSort.Sort(text.Pointer, count, vocabularySize + 1, suffixes.Pointer, sorting, new SortProgress(progress), cancellation);
        }
        else
        {
            using NativeBuffer<ushort> text = ReadOrders(count);
            InducedSort.Sort(text.Pointer, count, ushort.MaxValue + 1, suffixes.Pointer, sorting, new SortProgress(progress), cancellation);
        }
        WritePointers(table, suffixes.Span, (int)width, tokens.Length);
    }

    /// <summary>Reads the token file back as orders (8- and 16-bit tokens).</summary>
    private unsafe NativeBuffer<ushort> ReadOrders(int count)
    {
        var text = new NativeBuffer<ushort>(count, zeroed: false);
        if (width == TokenWidth.U16)
        {
            ReadTokens(MemoryMarshal.AsBytes(text.Span));
            BinaryPrimitives.ReverseEndianness(text.Span, text.Span);
            return text;
        }
        // Bytes land in the upper half of the buffer and are widened from there, front to back.
        Span<byte> bytes = MemoryMarshal.AsBytes(text.Span)[count..];
        ReadTokens(bytes);
        for (int i = 0; i < count; i++)
            text.Pointer[i] = bytes[i];
        return text;
    }

    /// <summary>
    /// Reads the token file back as dense ranks of the orders: 32-bit orders are spread over all of their range, and
    /// the sorter needs counters for every symbol there may be.
    /// </summary>
    private unsafe NativeBuffer<int> ReadRanks(int count)
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
        ReadTokens(MemoryMarshal.AsBytes(text.Span));
        for (int i = 0; i < count; i++)
        {
            int token = text.Pointer[i];
            text.Pointer[i] = token == width.Separator() ? vocabularySize : rank[token];
        }
        return text;
    }

    private void ReadTokens(Span<byte> bytes)
    {
        using Stream stream = tokens.OpenWritten();
        stream.ReadExactly(bytes);
    }

    /// <summary>Pointer width of infini-gram's own writer: enough bytes for the token file's size, at least one.</summary>
    internal static int PointerWidth(long tokenBytes)
        => Math.Max(1, (int)Math.Ceiling(Math.Log2(Math.Max(tokenBytes, 2)) / 8));

    private static void WritePointers(HashedFile table, ReadOnlySpan<int> positions, int width, long tokenBytes)
    {
        int pointerWidth = PointerWidth(tokenBytes);
        const int Batch = 1 << 14;
        for (int start = 0; start < positions.Length; start += Batch)
        {
            ReadOnlySpan<int> batch = positions.Slice(start, Math.Min(Batch, positions.Length - start));
            // Eight bytes are written for each and the surplus overwritten by the next.
            Span<byte> room = table.Reserve(batch.Length * pointerWidth + sizeof(long));
            for (int i = 0; i < batch.Length; i++)
                BinaryPrimitives.WriteInt64LittleEndian(room[(i * pointerWidth)..], (long)batch[i] * width);
            table.Advance(batch.Length * pointerWidth);
        }
    }

    /// <summary>Lines "token count" by ascending token, only those that occur; the separator counts the documents.</summary>
    private void WriteUnigram(HashedFile file)
    {
        for (int token = 0; token < unigram.Length; token++)
        {
            if (unigram[token] != 0)
                file.Write(Encoding.ASCII.GetBytes($"{token} {unigram[token]}\n"));
        }
        if (documents != 0)
            file.Write(Encoding.ASCII.GetBytes($"{(uint)width.Separator()} {documents}\n"));
    }

    public void Dispose()
    {
        tokens.Dispose();
        offsets.Dispose();
        metadata.Dispose();
        metadataOffsets.Dispose();
    }
}
