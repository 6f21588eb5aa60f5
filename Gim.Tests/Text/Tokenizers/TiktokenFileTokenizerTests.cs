using System.Text;
using System.Text.RegularExpressions;
using Gim.Text.Tokenizers;
using SharpToken;

namespace Gim.Tests.Text.Tokenizers;

public sealed class TiktokenFileTokenizerTests : IDisposable
{
    private const int Seed = 42;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("r50k_base", 50256, 50257)]
    [InlineData("p50k_base", 50256, 50281)]
    [InlineData("cl100k_base", 100257, 100258)]
    [InlineData("o200k_base", 199999, 200000)]
    public void Published_vocabularies_are_known_by_their_size(string name, int endOfText, int size)
    {
        byte[] content = Resource(name);
        var tokenizer = new TiktokenFileTokenizer(folder.Write(name + ".tiktoken", content));
        Assert.Equal($"tiktoken {name}.tiktoken", tokenizer.Name);
        Assert.Equal(endOfText, tokenizer.EndOfText);
        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal("<|endoftext|>", tokenizer.Decode([endOfText]));
        Assert.DoesNotContain(endOfText, tokenizer.Encode("a <|endoftext|> b"));

        Dictionary<string, int> ranks = Ranks(content);
        var sharp = GptEncoding.GetEncoding(name);
        var random = new Random(Seed);
        for (int round = 0; round < 600; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round % 50) : RandomText.AllPlanes(random, round % 50);
            int[] ids = tokenizer.Encode(text);
            Assert.Equal(text, tokenizer.Decode(ids));

            // SharpToken matches UTF-16 units and does not know the long s as an s: the rest must be the same.
            string basic = string.Concat(text.Where(c => !char.IsSurrogate(c) && c != '\u017f'));
            ids = tokenizer.Encode(basic);
            List<string> cut = Pieces(tokenizer, basic);
            Assert.Equal(sharp.Encode(basic, disallowedSpecial: new HashSet<string>()), ids);
            Assert.Equal(BruteForceWithWholePieces(ranks, cut), ids);
        }
    }

    [Fact]
    public void The_file_of_r50k_gives_GPT2s_ids()
    {
        var gpt2 = new Gpt2Tokenizer();
        var tokenizer = new TiktokenFileTokenizer(folder.Write("r50k_base.tiktoken", Resource("r50k_base")));
        var random = new Random(Seed);
        for (int round = 0; round < 300; round++)
        {
            string text = RandomText.Mixed(random, round);
            Assert.Equal(gpt2.Encode(text), tokenizer.Encode(text));
        }
        Assert.NotEqual(gpt2.Hash, tokenizer.Hash);
    }

    /// <summary>Characters beyond the basic plane are read as of their own category, one at a time.</summary>
    [Fact]
    public void Patterns_are_read_over_code_points()
    {
        Assert.Equal(["a\U00020000\U0001D400", "!", "\U0001D7CE\U0001D7CF\U0001D7D0", "\U0001D7D1", " \U0001F600\U0001F600\n", "\U00010400b"],
            Cut(Gpt4Splitter.Cl100k, "a\U00020000\U0001D400!\U0001D7CE\U0001D7CF\U0001D7D0\U0001D7D1 \U0001F600\U0001F600\n\U00010400b"));
        // Capital Deseret then small: one word of o200k; the other way round two.
        Assert.Equal(["\U00010400\U00010428", "\U00010400"], Cut(Gpt4Splitter.O200k, "\U00010400\U00010428\U00010400"));
        Assert.Equal(["it", "'\u017f", " you", "'RE"], Cut(Gpt4Splitter.Cl100k, "it'\u017f you'RE"));
        Assert.Equal(["it'\u017f", " you'RE"], Cut(Gpt4Splitter.O200k, "it'\u017f you'RE"));
        Assert.Equal(["a", "\n", "  "], Cut(Gpt4Splitter.Cl100k, "a\n  "));
    }

    /// <summary>Short texts over few characters meet every turn of the patterns.</summary>
    [Fact]
    public void Scanners_cut_as_their_patterns_do()
    {
        var random = new Random(Seed);
        string[] characters = ["A", "b", "\u01c5", "ʰ", "日", "\u0301", "\u0903", "1", "٣", " ", "\t", "\n", "\r", "'", "s", "S", "l", "L", "e", "r", "v",
            "\u017f", "/", ".", "\u00a0", "\u2028", "\u200b", "\U00020000", "\U00010400", "\U00010428", "\U0001D7CE", "\U0001E944", "😀", "\U000E0100", "\ud83d"];
        foreach (PieceSplitter scanner in (PieceSplitter[])[Gpt2Splitter.Instance, Gpt4Splitter.Cl100k, Gpt4Splitter.O200k])
        {
            PieceSplitter reference = RegexSplitter.Parse(scanner.Pattern);
            for (int round = 0; round < 60_000; round++)
            {
                string text = (round % 20) switch
                {
                    0 => RandomText.Mixed(random, 30),
                    1 => RandomText.AllPlanes(random, 30),
                    _ => string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => characters[random.Next(characters.Length)])),
                };
                Assert.Equal(Cut(reference, text), Cut(scanner, text));
            }
        }
    }

    [SharedDataFact]
    public void Scanners_cut_real_text_as_their_patterns_do()
    {
        foreach (string name in (string[])["wikipedia_en_2018.txt", "plos_heldout.txt", "podcast_founderstalk.txt"])
        {
            string text = File.ReadAllText(SharedData.Path("text", "eval", name));
            foreach (PieceSplitter scanner in (PieceSplitter[])[Gpt2Splitter.Instance, Gpt4Splitter.Cl100k, Gpt4Splitter.O200k])
                Assert.Equal(Cut(RegexSplitter.Parse(scanner.Pattern), text), Cut(scanner, text));
        }
    }

    [Fact]
    public void Pieces_join_to_the_text_whatever_the_pattern_leaves_out()
    {
        var random = new Random(Seed);
        foreach (PieceSplitter splitter in (PieceSplitter[])[Gpt4Splitter.Cl100k, Gpt4Splitter.O200k, RegexSplitter.Parse(@"\p{Lu}+"), RegexSplitter.Parse("x*")])
        {
            for (int round = 0; round < 500; round++)
            {
                string text = round % 2 == 0 ? RandomText.Mixed(random, round % 40) : RandomText.AllPlanes(random, round % 40);
                Assert.Equal(text, string.Concat(Cut(splitter, text)));
            }
        }
        Assert.Equal(["ab", "CD", "e"], Cut(RegexSplitter.Parse(@"\p{Lu}+"), "abCDe"));
    }

    [Fact]
    public void Long_runs_are_not_quadratic()
    {
        var tokenizer = new TiktokenFileTokenizer(folder.Write("o200k_base.tiktoken", Resource("o200k_base")));
        foreach (string unit in (string[])["a", "A", " ", "\n", "\u0301", "'", "1", "\U00020000"])
        {
            string text = string.Concat(Enumerable.Repeat(unit, 100_000)) + "x";
            var clock = System.Diagnostics.Stopwatch.StartNew();
            int[] ids = tokenizer.Encode(text);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"'{unit}' took {clock.Elapsed}");
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void Small_file_with_its_pattern_and_end_of_text_given()
    {
        string path = folder.Write("small.tiktoken", AllBytes() + Line("th", 256) + Line("the", 257));
        var tokenizer = new TiktokenFileTokenizer(path, pattern: "cl100k");
        Assert.Equal([257, 'y', ' ', 256], tokenizer.Encode("they th"));
        Assert.Equal(258, tokenizer.EndOfText);
        Assert.Equal(259, tokenizer.VocabularySize);
        Assert.Equal("the<|endoftext|>", tokenizer.Decode([257, 258]));

        var other = new TiktokenFileTokenizer(path, pattern: @"\w+|\W+", endOfText: 300);
        Assert.Equal(300, other.EndOfText);
        Assert.Equal(301, other.VocabularySize);
        Assert.Equal("\ufffd", other.Decode([280]));
        Assert.NotEqual(tokenizer.Hash, other.Hash);
        Assert.Throws<InputException>(() => other.Decode([301]));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        string good = AllBytes();
        string small = folder.Write("small.tiktoken", good);
        Fails(() => new TiktokenFileTokenizer(Path.Combine(folder.Path, "no.tiktoken")), "no.tiktoken", "not found", "tokenizer.path");
        Fails(() => new TiktokenFileTokenizer(folder.Path), folder.Path, "is a folder");
        Fails(() => new TiktokenFileTokenizer(folder.Write("empty.tiktoken", "")), "empty.tiktoken", "empty");
        Fails(() => new TiktokenFileTokenizer(folder.Write("blank.tiktoken", "\n\n")), "blank.tiktoken", "no ranks");
        Fails(() => Small("YQ== 0\n!!! 1\n"), "line 2", "base64");
        Fails(() => Small("YQ==\n"), "line 1", "rank");
        Fails(() => Small("YQ== 0\nYg== x\n"), "line 2");
        Fails(() => Small("YQ== 0\nYg== -1\n"), "line 2");
        Fails(() => Small("YQ== 99999999\n"), "line 1");
        Fails(() => Small("YQ== 0\nYg== 0\n"), "line 2", "twice");
        Fails(() => Small("YQ== 0\nYg== 1\n"), "0x00");
        Fails(() => Small(good + Line("a", 256)), "same bytes");
        Fails(() => new TiktokenFileTokenizer(small), "tokenizer.pattern");
        Fails(() => new TiktokenFileTokenizer(small, pattern: "(a"), "tokenizer.pattern", "(a");
        Fails(() => new TiktokenFileTokenizer(small, pattern: "gpt2", endOfText: 7), "tokenizer.endOfText", "7");
        Fails(() => new TiktokenFileTokenizer(small, pattern: "gpt2", endOfText: -1), "tokenizer.endOfText");

        TiktokenFileTokenizer Small(string content) => new(folder.Write("bad.tiktoken", content), pattern: "gpt2");
    }

    private static void Fails(Func<object> make, params string[] parts)
    {
        string message = Assert.Throws<InputException>(make).Message;
        Assert.DoesNotContain('\n', message);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private static string AllBytes() => string.Concat(Enumerable.Range(0, 256).Select(b => $"{Convert.ToBase64String([(byte)b])} {b}\n"));

    private static string Line(string token, int rank) => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(token))} {rank}\r\n";

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(GptEncoding).Assembly.GetManifestResourceStream($"SharpToken.data.{name}.tiktoken")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static Dictionary<string, int> Ranks(byte[] content) =>
        Encoding.ASCII.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(parts => Encoding.Latin1.GetString(Convert.FromBase64String(parts[0])), parts => int.Parse(parts[1]));

    /// <summary>Pieces by .NET's Regex straight on the text, which is right on the basic plane.</summary>
    private static List<string> Pieces(TiktokenFileTokenizer tokenizer, string text)
    {
        string pattern = tokenizer.EndOfText switch
        {
            50256 => Gpt2Splitter.DefiningPattern,
            100257 => Gpt4Splitter.Cl100k.Pattern,
            _ => Gpt4Splitter.O200k.Pattern,
        };
        return [.. Regex.Matches(text, pattern).Select(match => match.Value)];
    }

    private static List<int> BruteForceWithWholePieces(Dictionary<string, int> ranks, List<string> pieces)
    {
        var ids = new List<int>();
        foreach (string piece in pieces)
        {
            if (ranks.TryGetValue(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(piece)), out int whole)) ids.Add(whole);
            else ids.AddRange(BruteForce.Encode(piece, ranks, text => [text]));
        }
        return ids;
    }

    private static List<string> Cut(PieceSplitter splitter, string text)
    {
        var pieces = new List<string>();
        var cursor = new PieceCursor(text);
        while (splitter.Next(ref cursor)) pieces.Add(cursor.Piece.ToString());
        return pieces;
    }
}
