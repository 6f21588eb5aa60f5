using System.Collections.Concurrent;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>
/// A tokenizer from a SentencePiece BPE model (LLaMA-2's tokenizer.model), with that model's treatment of spaces: where it
/// says so, one is put before the text and taken off again by decoding, so a text cut out of a longer one loses its first
/// space. The end of text is the model's end-of-sentence piece; neither it nor the begin piece is ever added.
/// </summary>
/// <remarks>
/// Written here and not taken from Microsoft.ML.Tokenizers, whose version 2.0.1 encodes the characters <c>&lt;/s&gt;</c>
/// in a document as the end of text, and merges equal pairs from the right where SentencePiece does from the left, so that
/// runs of spaces get other ids. Characters without a piece become their UTF-8 bytes where the model falls back to
/// bytes, otherwise one unknown id for a run of them. U+2581, the model's mark for a space, reads back as a space; a lone
/// surrogate encodes as U+FFFD.
/// </remarks>
public sealed class SentencePieceFileTokenizer : Tokenizer
{
    private readonly SentencePieceVocabulary vocabulary;
    private readonly ConcurrentBag<Worker> idle = [];

    /// <param name="path">The *.model file.</param>
    /// <exception cref="InputException">The file is missing, empty or damaged, or no BPE model.</exception>
    public SentencePieceFileTokenizer(string path)
    {
        byte[] content = TokenizerFiles.Read(path, "SentencePiece model", "path");
        vocabulary = new(SentencePieceFile.Parse(content, path), path);
        Name = $"sentencepiece {Path.GetFileName(path)}";
        Hash = TokenizerFiles.Hash("sentencepiece", "", EndOfText, content);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <inheritdoc/>
    public override int EndOfText => vocabulary.EndOfText;

    /// <inheritdoc/>
    public override string Hash { get; }

    /// <inheritdoc/>
    public override int[] Encode(string text)
    {
        string normal = Normalize(text);
        if (normal.Length == 0) return [];
        if (!idle.TryTake(out Worker? worker)) worker = new Worker(vocabulary);
        int[] ids = worker.Encode(normal);
        idle.Add(worker);
        return ids;
    }

    /// <inheritdoc/>
    /// <remarks>A control piece decodes to its name, the unknown id to U+FFFD.</remarks>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        int length = 0;
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)vocabulary.Size) throw new InputException(TokenizerFiles.OutOfRange(id, Name, vocabulary.Size));
            length += vocabulary.Bytes(id).Length;
        }
        var bytes = new byte[length];
        int filled = 0;
        bool atStart = vocabulary.File.DummyPrefix;
        foreach (int id in tokens)
        {
            ReadOnlySpan<byte> piece = vocabulary.Bytes(id);
            if (atStart && !vocabulary.IsControl(id))
            {
                atStart = false;
                if (piece[0] == ' ') piece = piece[1..];
            }
            piece.CopyTo(bytes.AsSpan(filled));
            filled += piece.Length;
        }
        return Encoding.UTF8.GetString(bytes, 0, filled);
    }

    /// <summary>The model's treatment of spaces, nothing else: of other characters none is changed.</summary>
    private string Normalize(string text)
    {
        SentencePieceFile file = vocabulary.File;
        char space = file.EscapeSpaces ? SentencePieceVocabulary.SpaceMark : ' ';
        ReadOnlySpan<char> rest = file.RemoveExtraSpaces ? text.AsSpan().Trim(' ') : text;
        if (rest.IsEmpty) return "";
        var normal = new StringBuilder(rest.Length + 1);
        if (file.DummyPrefix) normal.Append(space);
        char previous = '\0';
        foreach (char c in rest)
        {
            if (c != ' ') normal.Append(c);
            else if (!file.RemoveExtraSpaces || previous != ' ') normal.Append(space);
            previous = c;
        }
        return file.RemoveExtraSpaces ? normal.ToString().TrimEnd(space) : normal.ToString();
    }

    /// <summary>One thread's cache and scratch.</summary>
    private sealed class Worker(SentencePieceVocabulary vocabulary)
    {
        private const int ScratchKept = 1 << 20;

        private readonly PieceCache cache = new();
        private readonly BytePairMerger merger = new();
        private int[] symbols = new int[64];
        private int[] output = new int[1 << 10];
        private int count;

        public int[] Encode(string text)
        {
            count = 0;
            int start = 0, at = 0;
            while (at < text.Length)
            {
                if (vocabulary.StartsWithUserDefined(text.AsSpan(at), out int length, out int id))
                {
                    AppendWord(text.AsSpan(start, at - start));
                    Append([id]);
                    start = at += length;
                }
                else
                {
                    // Before a space mark that no piece runs over, nothing merges: words are encoded apart, from the cache.
                    if (text[at] == SentencePieceVocabulary.SpaceMark && at > start && !vocabulary.JoinsSpaceAfter(text[at - 1]))
                    {
                        AppendWord(text.AsSpan(start, at - start));
                        start = at;
                    }
                    at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
                }
            }
            AppendWord(text.AsSpan(start));
            int[] ids = output.AsSpan(0, count).ToArray();
            if (output.Length > ScratchKept) output = new int[1 << 10];
            if (symbols.Length > ScratchKept) symbols = new int[64];
            return ids;
        }

        private void AppendWord(ReadOnlySpan<char> word)
        {
            if (word.IsEmpty) return;
            uint hash = 0;
            ReadOnlySpan<int> known = word.Length <= PieceCache.LongestPiece ? cache.Find(word, out hash) : default;
            if (known.IsEmpty)
            {
                known = EncodeWord(word);
                cache.Add(word, hash, known);
            }
            Append(known);
        }

        private ReadOnlySpan<int> EncodeWord(ReadOnlySpan<char> word)
        {
            // A code point without a piece may end as four byte ids.
            if (symbols.Length < 5 * word.Length) symbols = new int[5 * word.Length];
            int n = 0;
            foreach (Rune rune in word.EnumerateRunes()) symbols[n++] = vocabulary.SymbolOf(rune);
            n = merger.Merge(symbols.AsSpan(0, n), vocabulary.Merges);

            // Results go behind the symbols that are still to be read.
            int from = word.Length, to = from;
            Span<byte> utf8 = stackalloc byte[4];
            foreach (int symbol in symbols.AsSpan(0, n))
            {
                if (symbol < vocabulary.Size) symbols[to++] = symbol;
                else if (vocabulary.File.ByteFallback)
                    foreach (byte b in utf8[..new Rune(symbol - vocabulary.Size).EncodeToUtf8(utf8)]) symbols[to++] = vocabulary.ByteIds[b];
                else if (to == from || symbols[to - 1] != vocabulary.Unknown) symbols[to++] = vocabulary.Unknown;
            }
            return symbols.AsSpan(from, to - from);
        }

        private void Append(ReadOnlySpan<int> ids)
        {
            // A run of unknown characters is one unknown id, also over the border of two words.
            if (!vocabulary.File.ByteFallback && count > 0 && ids[0] == vocabulary.Unknown && output[count - 1] == ids[0]) ids = ids[1..];
            if (output.Length - count < ids.Length) Array.Resize(ref output, Math.Max(2 * output.Length, count + ids.Length));
            ids.CopyTo(output.AsSpan(count));
            count += ids.Length;
        }
    }
}
