using System.Globalization;
using System.Text;

namespace Gim.Tests.Text.Tokenizers;

/// <summary>
/// The definitions, as plainly as they can be written: GPT-2's pattern read over code points by trying its alternatives
/// in order, and byte-pair merging that looks at every pair each time. Slow; what the tests compare with.
/// </summary>
internal static class BruteForce
{
    /// <summary>Ids of a text under a vocabulary whose ids are ranks, keyed by bytes as Latin-1 text.</summary>
    public static List<int> Encode(string text, Dictionary<string, int> ranks, Func<string, IEnumerable<string>> pieces)
    {
        var ids = new List<int>();
        foreach (string piece in pieces(text))
        {
            List<string> symbols = [.. Encoding.UTF8.GetBytes(piece).Select(b => ((char)b).ToString())];
            while (true)
            {
                int best = -1, bestRank = int.MaxValue;
                for (int i = 0; i + 1 < symbols.Count; i++)
                    if (ranks.TryGetValue(symbols[i] + symbols[i + 1], out int rank) && rank < bestRank)
                        (best, bestRank) = (i, rank);
                if (best < 0) break;
                symbols[best] += symbols[best + 1];
                symbols.RemoveAt(best + 1);
            }
            ids.AddRange(symbols.Select(symbol => ranks[symbol]));
        }
        return ids;
    }

    /// <summary>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ over runes.</summary>
    public static List<string> Gpt2Pieces(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var pieces = new List<string>();
        for (int at = 0; at < runes.Length;)
        {
            int end = EndOfMatch(runes, at);
            pieces.Add(string.Concat(runes[at..end].Select(rune => rune.ToString())));
            at = end;
        }
        return pieces;
    }

    public static bool IsSpace(Rune rune) => rune.Value is (>= 9 and <= 13) or 0x85
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static int EndOfMatch(Rune[] runes, int at)
    {
        foreach (string contraction in (string[])["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"])
            if (at + contraction.Length <= runes.Length
                && contraction.Select((c, i) => runes[at + i].Value == c).All(same => same))
                return at + contraction.Length;

        foreach (Func<Rune, bool> inClass in (Func<Rune, bool>[])[Rune.IsLetter, IsNumber, IsOther])
        {
            int body = runes[at].Value == ' ' ? at + 1 : at;
            int end = body;
            while (end < runes.Length && inClass(runes[end])) end++;
            if (end > body) return end;
        }

        int last = at;
        while (last < runes.Length && IsSpace(runes[last])) last++;
        // \s+(?!\S): the longest run that something other than a visible character follows.
        for (int end = last; end > at; end--)
            if (end == runes.Length || IsSpace(runes[end])) return end;
        return last;
    }

    private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsOther(Rune rune) => !Rune.IsLetter(rune) && !IsNumber(rune) && !IsSpace(rune);
}
