using System.Text;
using Gim.Text.Tokenizers;
using SharpToken;

namespace Gim.Tests.Text.Tokenizers;

public sealed class Gpt2TokenizerTests
{
    private const int Seed = 42;
    private static readonly Gpt2Tokenizer Gpt2 = new();
    private static readonly Dictionary<string, int> Ranks = ReadRanks();

    [Fact]
    public void Known_sentence_has_GPT2s_ids()
    {
        Assert.Equal(
            [15496, 995, 0, 770, 318, 262, 402, 11571, 12, 17, 11241, 7509, 11, 2125, 470, 340, 30],
            Gpt2.Encode("Hello world! This is the GPT-2 tokenizer, isn't it?"));
        Assert.Empty(Gpt2.Encode(""));
        Assert.Equal("", Gpt2.Decode([]));
        Assert.Equal(50257, Gpt2.VocabularySize);
        Assert.Equal(50256, Gpt2.EndOfText);
        Assert.Equal("gpt2", Gpt2.Name);
        Assert.Matches("^[0-9a-f]{64}$", Gpt2.Hash);
        Assert.Equal(Gpt2.Hash, new Gpt2Tokenizer().Hash);
    }

    [Fact]
    public void End_of_text_in_a_document_is_ordinary_text()
    {
        Assert.Equal([64, 27, 91, 437, 1659, 5239, 91, 29, 65], Gpt2.Encode("a<|endoftext|>b"));
        Assert.Equal("a<|endoftext|>b", Gpt2.Decode([64, 50256, 65]));
    }

    [Fact]
    public void Every_token_decodes_to_its_bytes_and_its_own_bytes_merge_to_it()
    {
        Assert.Equal(50256, Ranks.Count);
        int whole = 0;
        foreach (var (token, id) in Ranks)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(token);
            Assert.Equal(Encoding.UTF8.GetString(bytes), Gpt2.Decode([id]));
            // Taking a piece that is a token at once, as the engine does, must be what merging gives.
            Assert.Equal([id], BruteForceOfBytes(token));
            whole++;
        }
        Assert.Equal(50256, whole);
    }

    [Fact]
    public void Ids_that_cut_a_character_give_U_FFFD_for_that_part_only()
    {
        int[] ids = Gpt2.Encode("x\U0001F9A5y");
        Assert.True(ids.Length > 3, "the emoji should take several tokens");
        Assert.Equal("x\ufffd", Gpt2.Decode(ids.AsSpan(0, 2)));
        Assert.Equal("\ufffdy", Gpt2.Decode(ids.AsSpan(ids.Length - 2))[^2..]);
        Assert.Equal("x\U0001F9A5y", Gpt2.Decode(ids));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50257)]
    [InlineData(int.MaxValue)]
    public void Id_outside_the_vocabulary_is_refused(int id)
    {
        var e = Assert.Throws<InputException>(() => Gpt2.Decode([0, id]));
        Assert.Contains(id.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains("50257", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    /// <summary>The texts stand in code, because attributes are stored as UTF-8 and would replace the lone halves.</summary>
    [Fact]
    public void Lone_surrogates_encode_as_U_FFFD()
    {
        foreach (string text in (string[])["\ud800", "a\udc00b", " \ud83d \ude00", "\ude00\ud83d", "x \ud83d\ud83d\ude00"])
        {
            Assert.Contains(text, char.IsSurrogate);
            string replaced = string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
            Assert.Equal(Gpt2.Encode(replaced), Gpt2.Encode(text));
            Assert.Equal(replaced, Gpt2.Decode(Gpt2.Encode(text)));
        }
    }

    [Fact]
    public void White_space_is_Unicodes()
    {
        int[] expected = [9, 10, 11, 12, 13, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
            0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000];
        Assert.Equal(expected, Enumerable.Range(0, 0x10000)
            .Where(c => CharClasses.At(((char)c).ToString(), 0, out _) == CharClass.Space));
    }

    /// <summary>On the basic plane .NET's own Regex is a second reading of the pattern.</summary>
    [Fact]
    public void Pieces_equal_the_regular_expression_on_the_basic_plane()
    {
        var random = new Random(Seed);
        var regex = new System.Text.RegularExpressions.Regex(Gpt2Splitter.DefiningPattern);
        for (int round = 0; round < 3000; round++)
        {
            string text = string.Concat(RandomText.Mixed(random, round % 40).Where(c => !char.IsSurrogate(c)));
            Assert.Equal(regex.Matches(text).Select(match => match.Value), PiecesOf(Gpt2Splitter.Instance, text));
        }
    }

    [Fact]
    public void Pieces_equal_the_pattern_read_over_code_points()
    {
        var random = new Random(Seed);
        PieceSplitter byRegex = RegexSplitter.Parse(Gpt2Splitter.DefiningPattern);
        for (int round = 0; round < 3000; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round % 40) : RandomText.AllPlanes(random, round % 40);
            List<string> expected = BruteForce.Gpt2Pieces(text);
            Assert.Equal(expected, PiecesOf(Gpt2Splitter.Instance, text));
            Assert.Equal(expected, PiecesOf(byRegex, text));
        }
    }

    [Fact]
    public void Letters_and_digits_beyond_the_basic_plane_are_letters_and_digits()
    {
        Assert.Equal(["a\U00020000b", " \U0001D400\U0001D401", "1\U0001D7CE", " \U0001F600"],
            PiecesOf(Gpt2Splitter.Instance, "a\U00020000b \U0001D400\U0001D4011\U0001D7CE \U0001F600"));
    }

    [Fact]
    public void Ids_equal_brute_force_and_round_trip_on_random_text()
    {
        var random = new Random(Seed);
        for (int round = 0; round < 2000; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round % 60) : RandomText.AllPlanes(random, round % 60);
            int[] ids = Gpt2.Encode(text);
            Assert.Equal(BruteForce.Encode(text, Ranks, BruteForce.Gpt2Pieces), ids);
            Assert.Equal(text, Gpt2.Decode(ids));
        }
    }

    /// <summary>Strings over few letters meet long chains of merges that ordinary words do not.</summary>
    [Fact]
    public void Ids_equal_brute_force_on_words_over_small_alphabets()
    {
        var random = new Random(Seed);
        string[] alphabets = ["a", "ab", "aeinst", "=-", "\n ", "ÃÂ", "0123456789", "ethan "];
        for (int round = 0; round < 1500; round++)
        {
            string alphabet = alphabets[round % alphabets.Length];
            string text = string.Create(random.Next(1, 200), (random, alphabet), static (span, of) =>
            {
                foreach (ref char c in span) c = of.alphabet[of.random.Next(of.alphabet.Length)];
            });
            Assert.Equal(BruteForce.Encode(text, Ranks, BruteForce.Gpt2Pieces), Gpt2.Encode(text));
        }
    }

    /// <summary>SharpToken's pattern works on UTF-16 units, so the comparison keeps to the basic plane.</summary>
    [Fact]
    public void Ids_equal_SharpToken_on_random_text_of_the_basic_plane()
    {
        var random = new Random(Seed);
        var sharp = GptEncoding.GetEncoding("r50k_base");
        for (int round = 0; round < 1000; round++)
        {
            string text = string.Concat(RandomText.Mixed(random, round % 60).Where(c => !char.IsSurrogate(c)));
            Assert.Equal(sharp.Encode(text, disallowedSpecial: new HashSet<string>()), Gpt2.Encode(text));
        }
    }

    [SharedDataFact]
    public void Ids_equal_SharpToken_and_brute_force_on_real_text()
    {
        var sharp = GptEncoding.GetEncoding("r50k_base");
        foreach (string name in (string[])["wikipedia_en_2018.txt", "fiction_heldout.txt", "podcast_founderstalk.txt", "plos_heldout.txt"])
        {
            string text = File.ReadAllText(SharedData.Path("text", "eval", name))[..200_000];
            int[] ids = Gpt2.Encode(text);
            Assert.Equal(sharp.Encode(text, disallowedSpecial: new HashSet<string>()), ids);
            Assert.Equal(BruteForce.Encode(text, Ranks, BruteForce.Gpt2Pieces), ids);
            Assert.Equal(text, Gpt2.Decode(ids));
        }
    }

    [SharedDataFact]
    public void Whole_files_round_trip_whatever_the_cache_holds()
    {
        foreach (string path in Directory.EnumerateFiles(SharedData.Path("text", "eval"), "*.txt").Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(path);
            int[] ids = Gpt2.Encode(text);
            Assert.Equal(text, Gpt2.Decode(ids));
            Assert.DoesNotContain(Gpt2.EndOfText, ids);
            Assert.Equal(ids, new Gpt2Tokenizer().Encode(text));
        }
    }

    /// <summary>More distinct pieces than the cache holds: it is emptied several times on the way.</summary>
    [Fact]
    public void An_overflowing_cache_changes_nothing()
    {
        var text = new StringBuilder();
        for (int i = 0; i < 150_000; i++) text.Append(" w").Append((char)('a' + (i % 26))).Append(i);
        string all = text.ToString();
        int[] first = Gpt2.Encode(all);
        Assert.Equal(all, Gpt2.Decode(first));
        Assert.Equal(first, Gpt2.Encode(all));
        string tail = all[^2000..];
        Assert.Equal(BruteForce.Encode(tail, Ranks, BruteForce.Gpt2Pieces), Gpt2.Encode(tail));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("=")]
    [InlineData("\U00020000")]
    [InlineData("'")]
    [InlineData("\r\n")]
    [InlineData("ab")]
    public void Long_runs_are_exact_and_not_quadratic(string unit)
    {
        string small = string.Concat(Enumerable.Repeat(unit, 1000)) + "x";
        Assert.Equal(BruteForce.Encode(small, Ranks, BruteForce.Gpt2Pieces), Gpt2.Encode(small));

        // A quadratic merge of a million symbols would take hours; the limit is far above the half second needed.
        string large = string.Concat(Enumerable.Repeat(unit, 1_000_000)) + "x";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        int[] ids = Gpt2.Encode(large);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"took {clock.Elapsed}");
        Assert.Equal(large, Gpt2.Decode(ids));
    }

    [Fact]
    public async Task Threads_share_one_instance()
    {
        var random = new Random(Seed);
        string[] texts = [.. Enumerable.Range(0, 200).Select(_ => RandomText.Mixed(random, 50))];
        int[][] expected = [.. texts.Select(new Gpt2Tokenizer().Encode)];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < texts.Length; i++) Assert.Equal(expected[i], Gpt2.Encode(texts[i]));
        })));
    }

    private static List<int> BruteForceOfBytes(string token)
    {
        List<string> symbols = [.. token.Select(c => c.ToString())];
        while (true)
        {
            int best = -1, bestRank = int.MaxValue;
            for (int i = 0; i + 1 < symbols.Count; i++)
                if (Ranks.TryGetValue(symbols[i] + symbols[i + 1], out int rank) && rank < bestRank)
                    (best, bestRank) = (i, rank);
            if (best < 0) return [.. symbols.Select(symbol => Ranks[symbol])];
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    private static List<string> PiecesOf(PieceSplitter splitter, string text)
    {
        var pieces = new List<string>();
        var cursor = new PieceCursor(text);
        while (splitter.Next(ref cursor)) pieces.Add(cursor.Piece.ToString());
        return pieces;
    }

    /// <summary>Read here by other means than the tokenizer's.</summary>
    private static Dictionary<string, int> ReadRanks()
    {
        using var reader = new StreamReader(typeof(GptEncoding).Assembly.GetManifestResourceStream("SharpToken.data.r50k_base.tiktoken")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(parts => Encoding.Latin1.GetString(Convert.FromBase64String(parts[0])), parts => int.Parse(parts[1]));
    }
}
