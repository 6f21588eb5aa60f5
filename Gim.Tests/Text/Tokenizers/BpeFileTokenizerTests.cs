using System.Text;
using System.Text.Json;
using Gim.Text.Tokenizers;
using SharpToken;

namespace Gim.Tests.Text.Tokenizers;

public sealed class BpeFileTokenizerTests : IDisposable
{
    private const int Seed = 42;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>GPT-2's ranks, written as the vocab.json and merges.txt they came from, must give GPT-2's ids.</summary>
    [Fact]
    public void GPT2_as_a_pair_of_files_gives_GPT2s_ids()
    {
        (string vocab, string merges) = WriteGpt2();
        var bpe = new BpeFileTokenizer(vocab, merges);
        var gpt2 = new Gpt2Tokenizer();
        Assert.Equal("bpe vocab.json merges.txt", bpe.Name);
        Assert.Equal(50257, bpe.VocabularySize);
        Assert.Equal(50256, bpe.EndOfText);
        Assert.Equal("<|endoftext|>", bpe.Decode([50256]));
        Assert.DoesNotContain(50256, bpe.Encode("<|endoftext|>"));
        Assert.Empty(bpe.Encode(""));
        var random = new Random(Seed);
        for (int round = 0; round < 1000; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round % 60) : RandomText.AllPlanes(random, round % 60);
            int[] ids = bpe.Encode(text);
            Assert.Equal(gpt2.Encode(text), ids);
            Assert.Equal(text, bpe.Decode(ids));
        }
        string run = new('a', 100_000);
        Assert.Equal(gpt2.Encode(run), bpe.Encode(run));
        Assert.Equal(bpe.Hash, new BpeFileTokenizer(vocab, merges).Hash);
        Assert.NotEqual(bpe.Hash, new BpeFileTokenizer(vocab, merges, pattern: "cl100k").Hash);
    }

    /// <summary>The order of the merges decides, not the ids: those are given backwards here.</summary>
    [Fact]
    public void Merges_go_by_line_and_not_by_id()
    {
        var vocab = ByteSymbols().ToDictionary(pair => pair.Key, pair => pair.Value);
        vocab["bc"] = 260;
        vocab["ab"] = 261;
        vocab["abc"] = 256;
        vocab["</s>"] = 300;
        string merges = "#version: 0.2\r\nb c\r\n# #\r\na bc\r\na b\r\n";
        vocab["##"] = 270;
        var bpe = Make(vocab, merges);
        Assert.Equal([256], bpe.Encode("abc"));
        Assert.Equal([261, (int)vocab["d"]], bpe.Encode("abd"));
        Assert.Equal([270], bpe.Encode("##"));
        Assert.Equal(300, bpe.EndOfText);
        Assert.Equal(301, bpe.VocabularySize);
        Assert.Equal("abc</s>\ufffd", bpe.Decode([256, 300, 299]));
        Assert.Equal(4, bpe.Encode("</s>").Length);
    }

    [Fact]
    public void End_of_text_may_be_named()
    {
        var vocab = ByteSymbols();
        vocab["ab"] = 256;
        vocab["结束"] = 257;
        Assert.Equal(257, Make(vocab, "a b\n", "结束").EndOfText);
        Assert.Equal("结束", Make(vocab, "a b\n", "结束").Decode([257]));
        Fails(() => Make(vocab, "a b\n"), "tokenizer.endOfText");
        Fails(() => Make(vocab, "a b\n", "<end>"), "tokenizer.endOfText", "<end>");
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var vocab = ByteSymbols();
        vocab["ab"] = 256;
        vocab["</s>"] = 257;
        string good = folder.Write("good.json", JsonSerializer.Serialize(vocab)), merges = folder.Write("good.txt", "a b\n");
        Assert.Equal([256], new BpeFileTokenizer(good, merges).Encode("ab"));

        string missing = Path.Combine(folder.Path, "missing");
        Fails(() => new BpeFileTokenizer(missing, merges), missing, "tokenizer.vocab");
        Fails(() => new BpeFileTokenizer(good, missing), missing, "tokenizer.merges");
        Fails(() => new BpeFileTokenizer(folder.Write("v", ""), merges), "empty", "tokenizer.vocab");
        Fails(() => new BpeFileTokenizer(good, folder.Write("m", "")), "empty", "tokenizer.merges");
        foreach (string json in (string[])["[]", "{}", "{", "nonsense", "{\"a\": \"b\"}", "{\"a\": -1}", "{\"a\": 1.5}", "{\"a\": {\"b\": 1}}", "{\"a\": 1, \"a\": 2}", "{\"a\": 1, \"b\": 1, \"</s>\": 3}", "{\"\\ud800\": 1}"])
            Fails(() => new BpeFileTokenizer(folder.Write("v", json), merges), "v");
        Fails(() => new BpeFileTokenizer(folder.Write("v", "{\"a\":0,\"b\":1,\"ab\":2,\"</s>\":3}"), merges), "0x00");
        Fails(() => Merges("#version: 0.2\na b c\n"), "line 2");
        Fails(() => Merges("a b\nab\n"), "line 2");
        Fails(() => Merges("a \n"), "line 1");
        Fails(() => Merges("#version: 0.2\n"), "no merges");
        Fails(() => Merges("a b\nab a\n"), "line 2", "aba");
        Fails(() => Merges("a b\nx 语\n"), "line 2", "语");
        Fails(() => new BpeFileTokenizer(good, folder.Write("m", [0x61, 0x20, 0xff])), "UTF-8");
        Fails(() => new BpeFileTokenizer(good, merges, pattern: "["), "tokenizer.pattern");

        BpeFileTokenizer Merges(string text) => new(good, folder.Write("m", text));
    }

    private BpeFileTokenizer Make(Dictionary<string, int> vocab, string merges, string? endOfText = null) =>
        new(folder.Write("v.json", JsonSerializer.Serialize(vocab)), folder.Write("m.txt", merges), endOfText);

    private static void Fails(Func<object> make, params string[] parts)
    {
        string message = Assert.Throws<InputException>(make).Message;
        Assert.DoesNotContain('\n', message);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    /// <summary>The 256 byte symbols, as GPT-2's published encoder lists them.</summary>
    private static Dictionary<string, int> ByteSymbols()
    {
        var symbols = new Dictionary<string, int>();
        foreach (int b in Enumerable.Range(0, 256)) symbols[Symbol((byte)b).ToString()] = b;
        return symbols;
    }

    private static char Symbol(byte b)
    {
        int[] printable = [.. Enumerable.Range('!', '~' - '!' + 1), .. Enumerable.Range('¡', '¬' - '¡' + 1), .. Enumerable.Range('®', 'ÿ' - '®' + 1)];
        return printable.Contains(b) ? (char)b : (char)(256 + Enumerable.Range(0, b).Count(other => !printable.Contains(other)));
    }

    private (string Vocab, string Merges) WriteGpt2()
    {
        using var reader = new StreamReader(typeof(GptEncoding).Assembly.GetManifestResourceStream("SharpToken.data.r50k_base.tiktoken")!);
        var ranks = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(parts => Encoding.Latin1.GetString(Convert.FromBase64String(parts[0])), parts => int.Parse(parts[1]));
        char[] symbols = [.. Enumerable.Range(0, 256).Select(b => Symbol((byte)b))];
        string Written(string bytes) => string.Concat(bytes.Select(b => symbols[b]));

        var vocab = ranks.ToDictionary(pair => Written(pair.Key), pair => pair.Value);
        vocab["<|endoftext|>"] = 50256;
        var merges = new StringBuilder("#version: 0.2\n");
        foreach (var (token, id) in ranks.OrderBy(pair => pair.Value).Where(pair => pair.Key.Length > 1))
        {
            // The last merge that makes the token: what its bytes are under the earlier merges alone.
            List<string> parts = [.. token.Select(c => c.ToString())];
            while (parts.Count > 2)
            {
                int best = Enumerable.Range(0, parts.Count - 1).MinBy(i => Rank(parts[i] + parts[i + 1]));
                parts[best] += parts[best + 1];
                parts.RemoveAt(best + 1);
            }
            merges.Append(Written(parts[0])).Append(' ').Append(Written(parts[1])).Append('\n');

            int Rank(string bytes) => ranks.TryGetValue(bytes, out int rank) && rank < id ? rank : int.MaxValue;
        }
        return (folder.Write("vocab.json", JsonSerializer.Serialize(vocab)), folder.Write("merges.txt", merges.ToString()));
    }
}
