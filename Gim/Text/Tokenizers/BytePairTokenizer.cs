using System.Collections.Concurrent;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>
/// Byte-level byte-pair encoding, the engine of the kinds gpt2, tiktoken and bpe: text is cut into pieces, the UTF-8
/// bytes of each piece are merged by rank. Any text round-trips; a lone surrogate, which no UTF-8 can hold, encodes as
/// U+FFFD. Threads share the tables, each with its own cache and scratch.
/// </summary>
public abstract class BytePairTokenizer : Tokenizer
{
    /// <summary>Text of the end-of-text id where the kind does not say otherwise.</summary>
    internal const string EndOfTextMark = "<|endoftext|>";

    private readonly BytePairVocabulary vocabulary;
    private readonly PieceSplitter splitter;
    private readonly ConcurrentBag<Worker> idle = [];

    private protected BytePairTokenizer(BytePairVocabulary vocabulary, PieceSplitter splitter)
    {
        this.vocabulary = vocabulary;
        this.splitter = splitter;
    }

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override int[] Encode(string text)
    {
        if (text.Length == 0) return [];
        if (!idle.TryTake(out Worker? worker)) worker = new Worker(vocabulary);
        int[] ids = worker.Encode(text, splitter);
        idle.Add(worker);
        return ids;
    }

    /// <inheritdoc/>
    /// <remarks>An id of [0, V) that no token uses decodes to U+FFFD.</remarks>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        int length = 0;
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)vocabulary.Size)
                throw new InputException(TokenizerFiles.OutOfRange(id, Name, vocabulary.Size));
            length += BytesOf(id).Length;
        }
        var bytes = new byte[length];
        int filled = 0;
        foreach (int id in tokens)
        {
            ReadOnlySpan<byte> token = BytesOf(id);
            token.CopyTo(bytes.AsSpan(filled));
            filled += token.Length;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private ReadOnlySpan<byte> BytesOf(int id)
    {
        ReadOnlySpan<byte> token = vocabulary.Bytes(id);
        return token.IsEmpty ? "\ufffd"u8 : token;
    }

    /// <summary>One thread's cache and scratch.</summary>
    private sealed class Worker(BytePairVocabulary vocabulary)
    {
        /// <summary>Output scratch beyond this many ids is given back after use.</summary>
        private const int ScratchKept = 1 << 20;

        private readonly PieceCache cache = new();
        private readonly BytePairMerger merger = new();
        private byte[] bytes = new byte[256];
        private int[] output = new int[1 << 10];

        public int[] Encode(string text, PieceSplitter splitter)
        {
            int count = 0;
            var cursor = new PieceCursor(text);
            while (splitter.Next(ref cursor))
            {
                ReadOnlySpan<char> piece = cursor.Piece;
                // A char is at most three bytes of UTF-8, and a piece has at most as many ids as bytes.
                if (output.Length - count < 3 * piece.Length)
                    Array.Resize(ref output, Math.Max(2 * output.Length, count + 3 * piece.Length));

                uint hash = 0;
                ReadOnlySpan<int> known = piece.Length <= PieceCache.LongestPiece ? cache.Find(piece, out hash) : default;
                if (known.Length == 1) output[count++] = known[0];
                else if (known.Length > 1)
                {
                    known.CopyTo(output.AsSpan(count));
                    count += known.Length;
                }
                else
                {
                    int added = EncodePiece(piece, output.AsSpan(count));
                    cache.Add(piece, hash, output.AsSpan(count, added));
                    count += added;
                }
            }
            int[] ids = output.AsSpan(0, count).ToArray();
            if (output.Length > ScratchKept) output = new int[1 << 10];
            return ids;
        }

        private int EncodePiece(ReadOnlySpan<char> piece, Span<int> ids)
        {
            if (bytes.Length < 3 * piece.Length) bytes = new byte[3 * piece.Length];
            ReadOnlySpan<byte> utf8 = bytes.AsSpan(0, Encoding.UTF8.GetBytes(piece, bytes));
            if (vocabulary.WholePieces is { } whole && utf8.Length <= vocabulary.LongestToken)
            {
                Span<char> key = utf8.Length <= 256 ? stackalloc char[utf8.Length] : new char[utf8.Length];
                Encoding.Latin1.GetChars(utf8, key);
                if (whole.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out int id))
                {
                    ids[0] = id;
                    return 1;
                }
            }
            for (int i = 0; i < utf8.Length; i++) ids[i] = vocabulary.ByteIds[utf8[i]];
            return merger.Merge(ids[..utf8.Length], vocabulary.Merges);
        }
    }
}
