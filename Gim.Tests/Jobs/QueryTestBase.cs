using System.Text.Json.Nodes;
using Gim.Index;
using Gim.Index.Build;
using Gim.Progress;
using Gim.Text;

namespace Gim.Tests.Jobs;

/// <summary>Small indexes to ask, and what tests read from the answers.</summary>
public abstract class QueryTestBase : JobTestBase
{
    protected static readonly string[] Texts =
    [
        "The natural language processing of natural language. é字😀 café",
        "A natural language, spoken.\nNatural gas and a natural language",
        "bold \u001b[31mred\u001b[0m \u0007 bell \u202e right",
        "",
        "processing of language",
    ];

    private protected void Build(string name, Tokenizer tokenizer)
        => Build(name, [.. Texts.Select(tokenizer.Encode)], tokenizer.EndOfText, new IndexTokenizer(tokenizer.Name, tokenizer.Hash), TokenWidths.For(tokenizer.VocabularySize, tokenizer.IsBytes), tokenizer.VocabularySize);

    private protected void Build(string name, int[][] documents, int endOfText, IndexTokenizer? tokenizer = null, TokenWidth width = TokenWidth.U16, int size = 1000)
    {
        Directory.CreateDirectory(In(name));
        using var writer = new IndexWriter(In(name), width, size);
        for (int i = 0; i < documents.Length; i++)
            writer.Append(documents[i], $"{{\"path\": \"texts.jsonl\", \"linenum\": {i}, \"metadata\": {{}}}}");
        writer.Finish(tokenizer ?? new IndexTokenizer("test", "none"), endOfText, "key", SilentLog.Instance, CancellationToken.None);
    }

    private protected GimRun Query(params string[] arguments) => Gim((string[])["query", "ix", .. arguments]);

    private protected JsonObject Json(params string[] arguments) => Parse(Gim((string[])["query", "--json", "ix", .. arguments]).Done().Output);

    private protected static JsonObject Parse(string line) => JsonNode.Parse(line)!.AsObject();

    private protected static (long, long, double) Probability(JsonObject answer) => ((long)answer["prompt_cnt"]!, (long)answer["cont_cnt"]!, (double)answer["prob"]!);

    private protected static IEnumerable<int> Ids(JsonNode ids) => ids.AsArray().Select(id => (int)id!);

    private protected static IEnumerable<string?[]> Spans(JsonNode document)
        => document["spans"]!.AsArray().Select(span => (string?[])[(string?)span![0], (string?)span[1]]);

    private protected static IEnumerable<(string Text, int Count)> SpansOf(JsonObject answer)
        => answer["spans"]!.AsArray().Select(span => ((string)span!["text"]!, (int)span["count"]!));
}
