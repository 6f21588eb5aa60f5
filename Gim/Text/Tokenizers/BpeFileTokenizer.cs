using System.Text;
using System.Text.Json;

namespace Gim.Text.Tokenizers;

/// <summary>
/// A byte-level tokenizer from the pair of files GPT-2 and its kin publish: vocab.json (token -> id, each byte of a token
/// written as one printable character) and merges.txt (one merge per line, the earliest first). No space is put before the
/// text. A lone surrogate encodes as U+FFFD.
/// </summary>
public sealed class BpeFileTokenizer : BytePairTokenizer
{
    private const int MostIds = 1 << 24;
    private static readonly Dictionary<char, byte> ByteOfSymbol = BuildSymbols();

    /// <param name="vocabPath">vocab.json.</param>
    /// <param name="mergesPath">merges.txt.</param>
    /// <param name="endOfText">The vocabulary's token for the end of text; null: <c>&lt;|endoftext|&gt;</c> or else <c>&lt;/s&gt;</c>.</param>
    /// <param name="pattern">gpt2 (the default), cl100k, o200k or a regular expression.</param>
    /// <exception cref="InputException">A file is missing, empty or damaged, or the end of text is not in the vocabulary.</exception>
    public BpeFileTokenizer(string vocabPath, string mergesPath, string? endOfText = null, string? pattern = null)
        : this(vocabPath, mergesPath, Load(vocabPath, mergesPath, endOfText), PieceSplitter.Of(pattern ?? "gpt2")) { }

    private BpeFileTokenizer(string vocabPath, string mergesPath, Loaded loaded, PieceSplitter splitter)
        : base(loaded.Vocabulary, splitter)
    {
        Name = $"bpe {Path.GetFileName(vocabPath)} {Path.GetFileName(mergesPath)}";
        EndOfText = loaded.EndOfText;
        Hash = TokenizerFiles.Hash("bpe", splitter.Pattern, loaded.EndOfText, loaded.Vocab, loaded.Merges);
    }

    private sealed record Loaded(BytePairVocabulary Vocabulary, int EndOfText, byte[] Vocab, byte[] Merges);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int EndOfText { get; }

    /// <inheritdoc/>
    public override string Hash { get; }

    private static Loaded Load(string vocabPath, string mergesPath, string? endOfText)
    {
        byte[] vocab = TokenizerFiles.Read(vocabPath, "vocabulary", "vocab");
        byte[] merges = TokenizerFiles.Read(mergesPath, "merges", "merges");
        Dictionary<string, int> written = ParseVocab(vocab, vocabPath);
        int end = FindEndOfText(written, endOfText, vocabPath);

        // Tokens whose characters are not all byte symbols are control tokens: they stand for themselves and never come from text.
        var tokens = new string?[written.Values.Max() + 1];
        var ids = new Dictionary<string, int>(written.Count, StringComparer.Ordinal);
        var special = new Dictionary<int, string>();
        foreach (var (symbols, id) in written)
        {
            if (special.ContainsKey(id) || tokens[id] is not null)
                throw new InputException($"{vocabPath}: id {id} is given to two tokens, the second \"{symbols}\"; the file is damaged, fetch it again");
            if (id != end && TryBytes(symbols, out string bytes))
            {
                tokens[id] = bytes;
                ids[bytes] = id;
            }
            else special[id] = symbols;
        }
        PairRanks ranks = ParseMerges(merges, mergesPath, vocabPath, ids);
        return new(BytePairVocabulary.FromMerges(tokens, special, ids, ranks, vocabPath), end, vocab, merges);
    }

    private static Dictionary<string, int> ParseVocab(byte[] content, string path)
    {
        try
        {
            var written = new Dictionary<string, int>(StringComparer.Ordinal);
            ReadOnlySpan<byte> json = content.AsSpan();
            if (json.StartsWith("\ufeff"u8)) json = json[3..];
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new InputException($"{path}: expected one JSON object of token: id (vocab.json); a tokenizer.json does not serve here");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string token = reader.GetString()!;
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id is < 0 or >= MostIds)
                    throw new InputException($"{path}: the value of \"{token}\" is no id; expected one JSON object of token: id (vocab.json); a tokenizer.json does not serve here");
                if (!written.TryAdd(token, id))
                    throw new InputException($"{path}: token \"{token}\" stands there twice; the file is damaged, fetch it again");
            }
            if (written.Count == 0) throw new InputException($"{path}: no tokens in the file; expected one JSON object of token: id (vocab.json)");
            return written;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path}: not valid JSON ({OneLine(e.Message)}); expected one object of token: id (vocab.json), fetched whole", e);
        }
    }

    private static int FindEndOfText(Dictionary<string, int> written, string? given, string path)
    {
        foreach (string candidate in (ReadOnlySpan<string>)(given is null ? [EndOfTextMark, "</s>"] : [given]))
            if (written.TryGetValue(candidate, out int id)) return id;
        throw new InputException(given is null
            ? $"{path}: neither <|endoftext|> nor </s> is in the vocabulary; set tokenizer.endOfText to the token that ends a document"
            : $"{path}: the end of text \"{given}\" is not in the vocabulary; set tokenizer.endOfText to the token that ends a document");
    }

    private static PairRanks ParseMerges(byte[] content, string path, string vocabPath, Dictionary<string, int> ids)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: byte {e.Index} is not UTF-8; expected lines of two tokens (merges.txt)", e);
        }

        var merges = new PairRanks(content.Length / 8);
        int line = 0, rank = 0;
        // Only \n ends a line: a symbol may be a character that other readers take for a line end.
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            line++;
            ReadOnlySpan<char> row = text.AsSpan(range).TrimEnd('\r');
            if (line == 1 && row.StartsWith("\ufeff")) row = row[1..];
            if (row.IsEmpty || (line == 1 && row.StartsWith("#version"))) continue;
            int space = row.IndexOf(' ');
            if (space <= 0 || space == row.Length - 1 || row[(space + 1)..].Contains(' '))
                throw new InputException($"{path}, line {line}: expected two tokens with one space between them (merges.txt)");
            (int left, string leftBytes) = Find(row[..space]);
            (int right, string rightBytes) = Find(row[(space + 1)..]);
            if (!ids.TryGetValue(leftBytes + rightBytes, out int merged))
                throw Missing(string.Concat(row[..space], row[(space + 1)..]));
            merges.Set(left, right, rank++, merged);
        }
        if (rank == 0) throw new InputException($"{path}: no merges in the file; expected lines of two tokens (merges.txt)");
        return merges;

        (int Id, string Bytes) Find(ReadOnlySpan<char> symbols) =>
            TryBytes(symbols, out string bytes) && ids.TryGetValue(bytes, out int id) ? (id, bytes) : throw Missing(symbols.ToString());

        InputException Missing(string symbols) =>
            new($"{path}, line {line}: token \"{symbols}\" is not in {vocabPath}; the two files must be of one tokenizer");
    }

    /// <summary>The bytes, as Latin-1 text, that a token's symbols stand for; false when a character is no byte symbol.</summary>
    private static bool TryBytes(ReadOnlySpan<char> symbols, out string bytes)
    {
        var found = new StringBuilder(symbols.Length);
        foreach (char symbol in symbols)
        {
            if (!ByteOfSymbol.TryGetValue(symbol, out byte b))
            {
                bytes = "";
                return false;
            }
            found.Append((char)b);
        }
        bytes = found.ToString();
        return bytes.Length > 0;
    }

    /// <summary>GPT-2's alphabet: printable Latin-1 stands for itself, the other bytes, in order, are U+0100 and on.</summary>
    private static Dictionary<char, byte> BuildSymbols()
    {
        var symbols = new Dictionary<char, byte>();
        char next = '\u0100';
        for (int b = 0; b < 256; b++)
            symbols[b is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or >= 0xae ? (char)b : next++] = (byte)b;
        return symbols;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
