using System.Text;

namespace Gim.Tests.Text.Tokenizers;

/// <summary>Texts for round trips and comparisons; the same on every machine and run.</summary>
internal static class RandomText
{
    private static readonly string[] Fragments =
    [
        "'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'RE", "'\u017f", "''", "' s", "'r", "'l", "don't", "we'LL",
        " ", "  ", "   ", "\t", "\n", "\r\n", "\r\n\r\n", "\n\n", " \n", "\n ", "\v", "\f", "\u0085", "\u00a0", "\u1680",
        "\u180e", "\u2000", "\u200a", "\u200b", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff", "\u001c", "\u001f", "\0",
        "the", " of", " and", "Hello", "WORLD", "camelCase", "a", "Z", "1", "12", "1234", " 7", "3.14", "²", "½", "Ⅷ", "٣", "१२",
        "é", "e\u0301", "a\u0300\u0323", "\u0301", "ñ", "ß", "ﬁ", "Ж", "привет", " мир", "שלום", "سلام", "हिन्दी", "ไทย", "日本語", "한국어", "中文",
        "😀", "👩‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "🇫🇷", "☃️", "\U00020000", "\U0002A6DF", " \U00020000", "\U0001D400", "\U0001D7CE", " \U0001D7D9", "\U00010400", "\U000E0001", "\U0010FFFF", "\U000F0000",
        ".", ",", "!!", "...", "--", "/*", "*/", "{", "}", "#", "# #", "$", "%", "€", "<|endoftext|>", "</s>", "http://a.b/c?d=e", "_", "ʰ", "ǅ", "ª",
    ];

    /// <summary>Fragments, random characters of all planes and repeats, mixed.</summary>
    public static string Mixed(Random random, int parts)
    {
        var text = new StringBuilder();
        for (int i = 0; i < parts; i++)
        {
            int kind = random.Next(10);
            if (kind < 7) text.Append(Fragments[random.Next(Fragments.Length)]);
            else if (kind == 7) text.Append(AnyRune(random).ToString());
            else if (kind == 8) text.Append((char)random.Next(32, 127));
            else text.Insert(text.Length, Fragments[random.Next(Fragments.Length)], random.Next(1, 6));
        }
        return text.ToString();
    }

    /// <summary>Scalar values of all planes, the first three more often, and none but valid ones.</summary>
    public static string AllPlanes(Random random, int length)
    {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) text.Append(AnyRune(random).ToString());
        return text.ToString();
    }

    private static Rune AnyRune(Random random)
    {
        while (true)
        {
            int limit = random.Next(6) switch { 0 => 0x80, 1 => 0x800, 2 => 0x10000, 3 => 0x20000, 4 => 0x30000, _ => 0x110000 };
            if (Rune.TryCreate(random.Next(limit), out Rune rune)) return rune;
        }
    }
}
