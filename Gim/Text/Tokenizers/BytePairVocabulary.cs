using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>
/// The tables of a byte-level byte-pair encoding: the bytes of each id, the id of each byte, and which pairs merge.
/// Immutable once made. A token's bytes are kept as a string with one char per byte (Latin-1), which .NET can look up
/// by span.
/// </summary>
internal sealed class BytePairVocabulary
{
    private readonly byte[] data;
    private readonly int[] starts;

    private BytePairVocabulary(string?[] tokens, int[] byteIds, PairRanks merges, Dictionary<string, int>? wholePieces)
    {
        starts = new int[tokens.Length + 1];
        for (int id = 0; id < tokens.Length; id++)
            starts[id + 1] = starts[id] + (tokens[id]?.Length ?? 0);
        data = new byte[starts[^1]];
        for (int id = 0; id < tokens.Length; id++)
            Encoding.Latin1.GetBytes(tokens[id] ?? "", data.AsSpan(starts[id]));
        ByteIds = byteIds;
        Merges = merges;
        WholePieces = wholePieces;
        LongestToken = tokens.Max(token => token?.Length ?? 0);
    }

    /// <summary>V.</summary>
    public int Size => starts.Length - 1;

    /// <summary>Id of each single byte.</summary>
    public int[] ByteIds { get; }

    public PairRanks Merges { get; }

    /// <summary>Tokens a piece becomes at once, without merging; null where the definition has no such rule.</summary>
    public Dictionary<string, int>? WholePieces { get; }

    public int LongestToken { get; }

    /// <summary>Bytes of an id in [0, V); none for an id that no token uses.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => data.AsSpan(starts[id], starts[id + 1] - starts[id]);

    /// <summary>
    /// A vocabulary in which a token's id is its rank: two neighbours merge when their joined bytes are a token, the
    /// lowest id first, and a piece that is a token is taken whole.
    /// </summary>
    /// <param name="tokens">Bytes by id; null for an id that text never encodes to.</param>
    /// <param name="special">Texts of ids that only decoding knows.</param>
    /// <param name="path">The file, for messages.</param>
    public static BytePairVocabulary FromRanks(string?[] tokens, Dictionary<int, string> special, string path)
    {
        var ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
            if (tokens[id] is { } token && !ids.TryAdd(token, id))
                throw new InputException($"{path}: ranks {ids[token]} and {id} have the same bytes; the file is damaged, fetch it again");

        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new PairRanks(4 * tokens.Length);
        for (int id = 0; id < tokens.Length; id++)
        {
            ReadOnlySpan<char> token = tokens[id];
            for (int cut = 1; cut < token.Length; cut++)
                if (lookup.TryGetValue(token[..cut], out int left) && lookup.TryGetValue(token[cut..], out int right))
                    merges.Set(left, right, id, id);
        }
        return new(WithSpecial(tokens, special), IdsOfBytes(ids, path), merges, ids);
    }

    /// <summary>A vocabulary whose merges are listed, the earliest first.</summary>
    public static BytePairVocabulary FromMerges(
        string?[] tokens, Dictionary<int, string> special, Dictionary<string, int> ids, PairRanks merges, string path) =>
        new(WithSpecial(tokens, special), IdsOfBytes(ids, path), merges, wholePieces: null);

    private static int[] IdsOfBytes(Dictionary<string, int> ids, string path)
    {
        var byteIds = new int[256];
        for (int b = 0; b < byteIds.Length; b++)
            if (!ids.TryGetValue(((char)b).ToString(), out byteIds[b]))
                throw new InputException(
                    $"{path}: no token for the single byte 0x{b:X2}; a byte-level vocabulary has all 256, check that the file is complete and of this kind");
        return byteIds;
    }

    private static string?[] WithSpecial(string?[] tokens, Dictionary<int, string> special)
    {
        var all = new string?[Math.Max(tokens.Length, special.Keys.DefaultIfEmpty(-1).Max() + 1)];
        tokens.CopyTo(all, 0);
        foreach (var (id, text) in special) all[id] = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        return all;
    }
}
