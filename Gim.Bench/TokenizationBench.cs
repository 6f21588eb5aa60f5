using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Gim.Bench.Harness;
using Gim.Text.Tokenizers;
using Microsoft.ML.Tokenizers;
using SharpToken;

namespace Gim.Bench;

/// <summary>How fast text becomes GPT-2 tokens, on one thread, a document at a time. All three give the same ids.</summary>
[Measure]
[MemoryDiagnoser(displayGenColumns: false)]
[Rate<TokenizationBench>("MB/s", 1e6)]
public class TokenizationBench : IMeasured
{
    private const int Characters = 4_000_000;

    private readonly Gpt2Tokenizer gim = new();
    private readonly GptEncoding sharpToken = GptEncoding.GetEncoding("r50k_base");
    private readonly TiktokenTokenizer microsoft = CreateMicrosoft();
    private string[] documents = [];

    // The MB of the rate are those of the text in UTF-8.
    static double IMeasured.UnitsPerOperation(BenchmarkCase benchmark) => Text().Sum(Encoding.UTF8.GetByteCount);

    private static string[] Text()
    {
        int characters = 0;
        return [.. Corpus.All[^1].HeldOut!.ReadText().TakeWhile(document => (characters += document.Length) <= Characters)];
    }

    private static TiktokenTokenizer CreateMicrosoft()
    {
        using Stream ranks = typeof(GptEncoding).Assembly.GetManifestResourceStream("SharpToken.data.r50k_base.tiktoken")!;
        var pieces = new Regex(Gpt2Splitter.DefiningPattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
        return TiktokenTokenizer.Create(ranks, new RegexPreTokenizer(pieces, null), null);
    }

    [GlobalSetup]
    public void Setup()
    {
        Require.FullSpeed();
        documents = Text();
        foreach (string document in documents)
        {
            int[] ids = gim.Encode(document);
            Require.Same<int>(sharpToken.Encode(document).ToArray(), ids, "Gpt2Tokenizer against SharpToken");
            Require.Same<int>(microsoft.EncodeToIds(document).ToArray(), ids, "Gpt2Tokenizer against Microsoft.ML.Tokenizers");
        }
    }

    [Benchmark(Baseline = true, Description = "Gpt2Tokenizer")]
    public int Gim()
    {
        int count = 0;
        foreach (string document in documents)
            count += gim.Encode(document).Length;
        return count;
    }

    [Benchmark(Description = "Microsoft.ML.Tokenizers")]
    public int Microsoft()
    {
        int count = 0;
        foreach (string document in documents)
            count += microsoft.EncodeToIds(document).Count;
        return count;
    }

    [Benchmark(Description = "SharpToken")]
    public int SharpToken()
    {
        int count = 0;
        foreach (string document in documents)
            count += sharpToken.Encode(document).Count;
        return count;
    }
}
