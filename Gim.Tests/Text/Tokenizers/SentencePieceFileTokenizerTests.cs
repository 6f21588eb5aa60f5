using System.Text;
using System.Text.RegularExpressions;
using Gim.Text.Tokenizers;
using Microsoft.ML.Tokenizers;
using static Gim.Tests.Text.Tokenizers.SentencePieceModel;

namespace Gim.Tests.Text.Tokenizers;

public sealed class SentencePieceFileTokenizerTests : IDisposable
{
    private const int Seed = 42;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ids_by_hand()
    {
        var tokenizer = Make(Write(Small()));
        Assert.Equal("sentencepiece small.model", tokenizer.Name);
        Assert.Equal(2, tokenizer.EndOfText);
        Assert.Equal(259 + SmallPieces.Length, tokenizer.VocabularySize);
        Assert.Matches("^[0-9a-f]{64}$", tokenizer.Hash);

        Assert.Empty(tokenizer.Encode(""));
        Assert.Equal(Ids("▁the", "▁hello"), tokenizer.Encode("the hello"));
        Assert.Equal(Ids("▁▁", "▁the"), tokenizer.Encode("  the"));
        Assert.Equal(Ids("▁the", "▁▁"), tokenizer.Encode("the  "));
        // Of equal pairs the left one merges first.
        Assert.Equal(Ids("▁▁", "▁", "b"), tokenizer.Encode("  b"));
        // No piece for a line break: its byte. No space is put after it.
        Assert.Equal([.. Ids("▁hello"), 3 + '\n', .. Ids("t", "he")], tokenizer.Encode("hello\nthe"));
        Assert.Equal([.. Ids("▁", "é"), 3 + 0xf0, 3 + 0x9f, 3 + 0x98, 3 + 0x80], tokenizer.Encode("é😀"));
        // "xq" is a piece although "q" is none: the part without a piece still merges.
        Assert.Equal([.. Ids("▁", "xq"), 3 + 'q'], tokenizer.Encode("xqq"));
    }

    [Fact]
    public void Control_pieces_and_byte_pieces_in_a_document_are_ordinary_text()
    {
        var tokenizer = Make(Write(Small()));
        foreach (string text in (string[])["</s>", "a</s>b", "<s>", "<unk>", "<0x0A>", " </s> "])
        {
            int[] ids = tokenizer.Encode(text);
            Assert.Equal(text, tokenizer.Decode(ids));
            Assert.DoesNotContain(ids, id => id < 3);
        }
        Assert.Equal([.. Ids("▁", "</", "s>")], tokenizer.Encode("</s>"));
        Assert.Equal("the</s> the", tokenizer.Decode([.. Ids("▁the"), 2, .. Ids("▁the")]));
    }

    [Fact]
    public void Random_text_round_trips()
    {
        var tokenizer = Make(Write(Small()));
        var random = new Random(Seed);
        for (int round = 0; round < 1000; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round % 60) : RandomText.AllPlanes(random, round % 60);
            text = text.Replace('▁', '_');
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
        Assert.Equal(tokenizer.Encode("a\ufffdb"), tokenizer.Encode("a\ud83db"));
        Assert.Equal("a b", tokenizer.Decode(tokenizer.Encode("a▁b")));
        Assert.Equal("a\ufffdhe", tokenizer.Decode([.. Ids("a"), 3 + 0xf0, 3 + 0x9f, .. Ids("he")]));
    }

    /// <summary>Words are encoded apart and cached; the definition merges over the whole text at once.</summary>
    [Fact]
    public void Ids_equal_brute_force_over_the_whole_text()
    {
        var random = new Random(Seed);
        for (int model = 0; model < 40; model++)
        {
            // Random models: equal scores, pieces with spaces inside, pieces whose parts are no pieces.
            var pieces = LlamaHead();
            string[] letters = ["a", "b", "▁", "c", "é", "\U00020000"];
            var seen = new HashSet<string>();
            for (int i = 0; i < 40; i++)
            {
                string piece = string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => letters[random.Next(letters.Length - (model % 3))]));
                if (seen.Add(piece)) pieces.Add((piece, -random.Next(12), PieceType.Normal));
            }
            bool fallback = model % 2 == 0;
            var tokenizer = Make(Write(pieces, byteFallback: fallback, dummyPrefix: model % 4 < 2));
            for (int round = 0; round < 50; round++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => letters[random.Next(letters.Length)])).Replace('▁', ' ');
                string normal = text.Length == 0 ? "" : (model % 4 < 2 ? "▁" : "") + text.Replace(' ', '▁');
                Assert.Equal(BruteForceIds(pieces, normal, fallback), tokenizer.Encode(text));
            }
        }
    }

    /// <summary>
    /// The library agrees but for control pieces in the text, and for runs of spaces, where it merges equal pairs from the
    /// right and SentencePiece from the left.
    /// </summary>
    [Fact]
    public void Ids_equal_the_library_on_text_without_control_pieces_and_runs_of_spaces()
    {
        byte[] model = Write(Small());
        var tokenizer = Make(model);
        var library = SentencePieceTokenizer.Create(new MemoryStream(model), addBeginningOfSentence: false, addEndOfSentence: false);
        var random = new Random(Seed);
        for (int round = 0; round < 1000; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round % 60) : RandomText.AllPlanes(random, round % 60);
            text = Regex.Replace(text.Replace("</s>", ""), "[ ▁]+", " ").TrimStart(' ');
            Assert.Equal(library.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false), tokenizer.Encode(text));
        }
    }

    [Fact]
    public void Options_of_the_model_are_kept()
    {
        var bare = Make(Write(Small(), dummyPrefix: false));
        Assert.Equal(Ids("t", "he", "▁the"), bare.Encode("the the"));
        Assert.Equal(" the", bare.Decode(Ids("▁the")));

        var tidy = Make(Write(Small(), removeExtraSpaces: true));
        Assert.Equal(Ids("▁the", "▁the"), tidy.Encode("  the   the "));
        Assert.Empty(tidy.Encode("   "));
        Assert.Equal([.. Ids("▁"), 3 + 0xe6, 3 + 0x97, 3 + 0xa5], tidy.Encode("日"));

        var noBytes = Small().Where(piece => piece.Type != PieceType.Byte).ToList();
        int first = 3 - 259;
        var unknown = Make(Write(noBytes, byteFallback: false));
        Assert.Equal([.. Ids("▁hello").Select(id => id + first), 0, .. Ids("▁the").Select(id => id + first), 0], unknown.Encode("hello\n\r\t the\n"));
        Assert.Equal("hello\ufffd the\ufffd", unknown.Decode(unknown.Encode("hello\n\r\t the\n")));
    }

    [Fact]
    public void User_defined_pieces_are_taken_whole_and_longest_first()
    {
        var pieces = Small();
        int id = pieces.Count;
        pieces.Add(("ell", 0, PieceType.UserDefined));
        pieces.Add(("el", 0, PieceType.UserDefined));
        pieces.Add(("▁▁▁", 0, PieceType.UserDefined));
        var tokenizer = Make(Write(pieces));
        Assert.Equal([.. Ids("▁", "h"), id, .. Ids("o")], tokenizer.Encode("hello"));
        Assert.Equal([.. Ids("▁", "h"), id + 1, .. Ids("p")], tokenizer.Encode("help"));
        Assert.Equal([id + 2, .. Ids("▁the")], tokenizer.Encode("   the"));
    }

    [Fact]
    public void Long_runs_are_not_quadratic()
    {
        var tokenizer = Make(Write(Small()));
        foreach (string unit in (string[])["a", " ", "he", "the ", "日", "\n", "😀"])
        {
            string text = string.Concat(Enumerable.Repeat(unit, 300_000));
            var clock = System.Diagnostics.Stopwatch.StartNew();
            int[] ids = tokenizer.Encode(text);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"'{unit}' took {clock.Elapsed}");
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void Mistakes_are_named()
    {
        byte[] good = Write(Small());
        Fails(() => new SentencePieceFileTokenizer(Path.Combine(folder.Path, "no.model")), "no.model", "not found", "tokenizer.path");
        Fails(() => Make([]), "small.model", "empty");
        Fails(() => Make(Encoding.UTF8.GetBytes("hello world, this is no model")), "small.model", "not a SentencePiece model");
        Fails(() => Make(good[..(good.Length / 2)]), "small.model", "not a SentencePiece model");
        Fails(() => Make(Write([])), "no pieces");
        Fails(() => Make(Write(Small(), ModelType.Unigram)), "unigram");
        Fails(() => Make(Write(Small(), ModelType.Word)), "number 3");
        Fails(() => Make(Write(Small().Where(piece => piece.Piece != "</s>"))), "</s>");
        Fails(() => Make(Write(Small().Where(piece => piece.Piece != "<0x7A>"))), "<0x7A>");
        Fails(() => Make(Write([.. Small(), ("a", 0, PieceType.Normal)])), "\"a\"");
        Fails(() => Make(Write([.. Small(), ("", 0, PieceType.Normal)])), "empty");
        Fails(() => Make(Write([.. Small(), ("<0xZZ>", 0, PieceType.Byte)])), "<0xZZ>");
        Fails(() => Make(Write([.. Small(), ("zz", 0, PieceType.Unused)])), "unused");
        Fails(() => Make(good).Decode([-1]), "-1");
        Fails(() => Make(good).Decode([100_000]), "100000", "V = ");
    }

    private static readonly string[] SmallPieces =
    [
        "▁t", "he", "▁the", "</", "s>", "▁▁", "▁▁▁▁", "in", "▁a", "lo", "hel", "hello", "▁hello", "xq",
        .. "▁abcdefghijklmnoprstuvwxyz<>/é".Select(c => c.ToString()),
    ];

    /// <summary>LLaMA-2's layout with a few pieces, the earlier the better.</summary>
    private static List<(string Piece, float Score, PieceType Type)> Small() =>
        [.. LlamaHead(), .. SmallPieces.Select((piece, i) => (piece, (float)-i, PieceType.Normal))];

    private static int[] Ids(params string[] pieces) => [.. pieces.Select(IdOf)];

    private static int IdOf(string piece) =>
        Array.IndexOf(SmallPieces, piece) is >= 0 and var at ? 259 + at : throw new ArgumentException(piece);

    private SentencePieceFileTokenizer Make(byte[] model) => new(folder.Write("small.model", model));

    private static void Fails(Func<object> make, params string[] parts)
    {
        string message = Assert.Throws<InputException>(make).Message;
        Assert.DoesNotContain('\n', message);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    /// <summary>SentencePiece's BPE as described: join the best-scored neighbours, leftmost first, over the whole text.</summary>
    private static List<int> BruteForceIds(List<(string Piece, float Score, PieceType Type)> pieces, string normal, bool fallback)
    {
        var known = pieces.Select((piece, id) => (piece, id)).Where(p => p.piece.Type == PieceType.Normal).ToDictionary(p => p.piece.Piece, p => (p.id, p.piece.Score));
        List<string> symbols = [.. normal.EnumerateRunes().Select(rune => rune.ToString())];
        while (true)
        {
            int best = -1;
            float bestScore = float.NegativeInfinity;
            for (int i = 0; i + 1 < symbols.Count; i++)
                if (known.TryGetValue(symbols[i] + symbols[i + 1], out var merged) && merged.Score > bestScore)
                    (best, bestScore) = (i, merged.Score);
            if (best < 0) break;
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
        var ids = new List<int>();
        foreach (string symbol in symbols)
        {
            if (known.TryGetValue(symbol, out var piece)) ids.Add(piece.id);
            else if (fallback) ids.AddRange(Encoding.UTF8.GetBytes(symbol).Select(b => 3 + b));
            else if (ids.Count == 0 || ids[^1] != 0) ids.Add(0);
        }
        return ids;
    }
}
