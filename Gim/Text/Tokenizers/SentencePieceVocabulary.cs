using System.Globalization;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>
/// The tables of a SentencePiece BPE model. Symbols are code points; two neighbours merge when their joined text is a
/// piece, the highest score first. A code point that is no piece has the symbol V + its value, so that it may still be
/// part of a longer piece; what remains of these after merging is written as bytes, or as the unknown id.
/// </summary>
internal sealed class SentencePieceVocabulary
{
    /// <summary>SentencePiece's mark for a space inside pieces.</summary>
    public const char SpaceMark = '\u2581';

    private readonly byte[][] texts;
    private readonly Dictionary<int, int> symbols = [];
    private readonly HashSet<int> beforeSpace = [];
    private readonly Dictionary<char, List<(string Text, int Id)>> userDefined = [];

    public SentencePieceVocabulary(SentencePieceFile file, string path)
    {
        File = file;
        texts = new byte[file.Pieces.Count][];
        var ids = new Dictionary<string, int>(texts.Length, StringComparer.Ordinal);
        for (int id = 0; id < texts.Length; id++) Add(id, ids, path);
        BuildMerges(ids);

        if (EndOfText < 0)
            throw new InputException($"{path}: the model has no control piece \"{file.EndPiece}\" to end a document with; use a model trained with an end-of-sentence piece");
        if (file.ByteFallback && Array.IndexOf(ByteIds, -1) is >= 0 and var missing)
            throw new InputException($"{path}: the model falls back to bytes but has no piece <0x{missing:X2}>; fetch the file again");
        if (!file.ByteFallback && Unknown < 0)
            throw new InputException($"{path}: the model has no unknown piece; fetch the file again");
    }

    public SentencePieceFile File { get; }

    /// <summary>V.</summary>
    public int Size => texts.Length;

    public int EndOfText { get; private set; } = -1;

    /// <summary>Id of what has no piece, or -1.</summary>
    public int Unknown { get; private set; } = -1;

    public int[] ByteIds { get; } = [.. Enumerable.Repeat(-1, 256)];

    public PairRanks Merges { get; } = new(1 << 10);

    public bool IsControl(int id) => File.Pieces[id].Type == SentencePieceFile.PieceType.Control;

    /// <summary>What an id of [0, V) decodes to, with spaces as spaces.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => texts[id];

    public int SymbolOf(Rune rune) => symbols.TryGetValue(rune.Value, out int id) ? id : Size + rune.Value;

    /// <summary>Whether some piece runs from this character over into a space mark; if none does, no merge crosses there.</summary>
    public bool JoinsSpaceAfter(char last) => beforeSpace.Contains(last);

    /// <summary>The longest user-defined piece at the start of <paramref name="text"/>: it is taken whole and merges with nothing.</summary>
    public bool StartsWithUserDefined(ReadOnlySpan<char> text, out int length, out int id)
    {
        (length, id) = (0, -1);
        if (userDefined.Count == 0 || !userDefined.TryGetValue(text[0], out var candidates)) return false;
        foreach (var (piece, pieceId) in candidates)
            if (piece.Length > length && text.StartsWith(piece, StringComparison.Ordinal)) (length, id) = (piece.Length, pieceId);
        return id >= 0;
    }

    private void Add(int id, Dictionary<string, int> ids, string path)
    {
        (string text, _, SentencePieceFile.PieceType type) = File.Pieces[id];
        if (text.Length == 0 || !ids.TryAdd(text, id))
            throw new InputException($"{path}: piece {id} is {(text.Length == 0 ? "empty" : $"\"{text}\", as is piece {ids[text]}")}; the model is damaged, fetch it again");

        texts[id] = Encoding.UTF8.GetBytes(text.Replace(SpaceMark, ' '));
        switch (type)
        {
            case SentencePieceFile.PieceType.Normal:
                break;
            case SentencePieceFile.PieceType.UserDefined:
                if (!userDefined.TryGetValue(text[0], out var sameStart)) userDefined[text[0]] = sameStart = [];
                sameStart.Add((text, id));
                break;
            case SentencePieceFile.PieceType.Unknown:
                Unknown = id;
                texts[id] = "\ufffd"u8.ToArray();
                break;
            case SentencePieceFile.PieceType.Control:
                if (text == File.EndPiece) EndOfText = id;
                break;
            case SentencePieceFile.PieceType.Byte:
                if (text.Length != 6 || !text.StartsWith("<0x", StringComparison.Ordinal) || text[5] != '>'
                    || !byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
                    throw new InputException($"{path}: byte piece {id} is \"{text}\", expected <0x00> to <0xFF>; the model is damaged, fetch it again");
                ByteIds[value] = id;
                texts[id] = [value];
                break;
            default:
                throw new InputException($"{path}: piece {id} \"{text}\" is of type {(int)type} (unused pieces), which is not read here; use the model as it was trained");
        }
    }

    private void BuildMerges(Dictionary<string, int> ids)
    {
        var mergeable = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        foreach (var (text, id) in ids)
            if (File.Pieces[id].Type is SentencePieceFile.PieceType.Normal or SentencePieceFile.PieceType.UserDefined) mergeable[text] = id;
        foreach (var (text, id) in mergeable)
            if (Rune.GetRuneAt(text, 0) is var rune && rune.Utf16SequenceLength == text.Length) symbols[rune.Value] = id;

        // Equal scores are equal ranks, and the leftmost pair goes first among them.
        float[] scores = [.. mergeable.Values.Select(id => File.Pieces[id].Score).Distinct().OrderDescending()];
        var ranks = new Dictionary<float, int>(scores.Length);
        foreach (float score in scores) ranks[score] = ranks.Count;

        foreach (var (text, id) in mergeable)
        {
            int rank = ranks[File.Pieces[id].Score];
            for (int cut = 1; cut < text.Length; cut++)
            {
                if (text[cut] == SpaceMark) beforeSpace.Add(text[cut - 1]);
                if (!char.IsLowSurrogate(text[cut]) && Part(text[..cut]) is >= 0 and var left && Part(text[cut..]) is >= 0 and var right)
                    Merges.Set(left, right, rank, id);
            }
        }

        int Part(string text) =>
            Rune.GetRuneAt(text, 0) is var rune && rune.Utf16SequenceLength == text.Length ? SymbolOf(rune)
            : mergeable.TryGetValue(text, out int id) ? id : -1;
    }
}
