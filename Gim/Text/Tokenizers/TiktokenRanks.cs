using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gim.Text.Tokenizers;

/// <summary>Reads a tiktoken ranks file: per line a token's bytes in base64, a space, and its rank, which is its id.</summary>
internal static class TiktokenRanks
{
    /// <summary>No published vocabulary has a tenth of this; a damaged digit must not claim memory without end.</summary>
    public const int MostRanks = 1 << 24;

    /// <summary>Bytes by rank as Latin-1 text, null where a rank is not used.</summary>
    /// <exception cref="InputException">A line is damaged (with file and line), or no line is left.</exception>
    public static string?[] Parse(byte[] content, string path)
    {
        var tokens = new List<string?>();
        int line = 0;
        foreach (Range range in content.AsSpan().Split((byte)'\n'))
        {
            line++;
            ReadOnlySpan<byte> row = content.AsSpan(range).TrimEnd((byte)'\r');
            if (row.IsEmpty) continue;
            int space = row.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(row[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int rank) || rank >= MostRanks)
                throw Damaged(path, line, "expected base64, a space and a rank");
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(space)];
            if (Base64.DecodeFromUtf8(row[..space], bytes, out _, out int length) != System.Buffers.OperationStatus.Done || length == 0)
                throw Damaged(path, line, "the part before the space is not base64");
            while (tokens.Count <= rank) tokens.Add(null);
            if (tokens[rank] is not null) throw Damaged(path, line, $"rank {rank} stands there twice");
            tokens[rank] = Encoding.Latin1.GetString(bytes, 0, length);
        }
        if (tokens.Count == 0)
            throw new InputException($"{path}: no ranks in the file; expected lines of base64, a space and a rank");
        return [.. tokens];
    }

    private static InputException Damaged(string path, int line, string expected) =>
        new($"{path}, line {line}: {expected}; is this a *.tiktoken file, fetched whole?");
}
