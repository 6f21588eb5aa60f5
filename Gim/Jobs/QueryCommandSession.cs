using System.Diagnostics;
using System.Text.Json.Nodes;
using Gim.Index;
using Gim.Index.Query;
using Gim.Report;
using Gim.Text;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>
/// An opened index with what its answers are written with. This part answers what is counted: it is safe for several
/// threads at once, as a batch needs it.
/// </summary>
internal sealed partial class QueryCommandSession : IDisposable
{
    private const int DefaultTop = 20;

    private readonly CorpusIndex index;
    private readonly Tokenizer? tokenizer;
    private readonly DocumentReader reader;
    private readonly QueryText text;
    private readonly QueryJson json;

    public QueryCommandSession(CorpusIndex index, Tokenizer? tokenizer, bool ids, CancellationToken cancellation)
    {
        this.index = index;
        this.tokenizer = tokenizer;
        Cancellation = cancellation;
        reader = new DocumentReader(index);
        text = new QueryText(tokenizer);
        json = new QueryJson(text, index);
        Input = new QueryCommandInput(tokenizer, ids, new TokenIds(index.Shards.Max(shard => shard.Width)));
    }

    public QueryCommandInput Input { get; }

    /// <summary>The time is up, or the user stopped the query.</summary>
    public CancellationToken Cancellation { get; }

    public QueryAnswer Count(int[] query)
    {
        long started = Stopwatch.GetTimestamp();
        long count = index.Count(query);
        JsonObject answer = Begin(query, started);
        answer["count"] = count;
        answer["approx"] = false;
        return new QueryAnswer(answer, [text.Quoted(query), $"{count:N0}"],
            console => console.WriteLine($"{text.Quoted(query)} occurs {Times(count)}"));
    }

    public QueryAnswer Find(int[] query)
    {
        long started = Stopwatch.GetTimestamp();
        RankRange[] ranges = index.Find(query);
        JsonObject answer = Begin(query, started);
        answer["cnt"] = ranges.Sum(range => range.Count);
        answer["segment_by_shard"] = QueryJson.Segments(ranges);
        return new QueryAnswer(answer, [], console =>
        {
            console.WriteLine($"{text.Quoted(query)} occurs {Times(ranges.Sum(range => range.Count))}");
            QueryTable.Write(console, ["#shard", "#first rank", "#end", "#count"],
                ranges.Select(range => (string[])[$"{range.Shard}", $"{range.Low}", $"{range.High}", $"{range.Count:N0}"]));
        });
    }

    public QueryAnswer Probability(int[] prompt, int token)
    {
        long started = Stopwatch.GetTimestamp();
        TokenProbability probability = NextTokenQueries.Probability(index, prompt, token);
        JsonObject answer = Begin(prompt, started);
        answer["cont_id"] = (uint)token;
        QueryJson.Add(answer, probability);
        return new QueryAnswer(answer, [], console => console.WriteLine(Sentence(prompt, token, probability)));
    }

    public QueryAnswer Next(int[] prompt, int? top, long? maxSupport)
    {
        long started = Stopwatch.GetTimestamp();
        NextTokenDistribution distribution = NextTokenQueries.Distribution(index, prompt, maxSupport, Cancellation);
        JsonObject answer = Begin(prompt, started);
        return Distribution(answer, prompt, distribution, top, [text.Quoted(prompt)], $"{text.Quoted(prompt)} occurs {Times(distribution.PromptCount)}");
    }

    public QueryAnswer InfinityGram(int[] prompt, int? top, long? maxSupport)
    {
        long started = Stopwatch.GetTimestamp();
        var (length, distribution) = NextTokenQueries.InfinityGram(index, prompt, maxSupport, Cancellation);
        JsonObject answer = Begin(prompt, started);
        int[] suffix = prompt[^length..];
        AddSuffix(answer, suffix);
        return Distribution(answer, suffix, distribution, top, [text.Quoted(prompt), $"{length}"],
            $"{Suffix(prompt, suffix)} occurs {Times(distribution.PromptCount)}");
    }

    public QueryAnswer InfinityGramProbability(int[] prompt, int token)
    {
        long started = Stopwatch.GetTimestamp();
        var (length, probability) = NextTokenQueries.InfinityGramProbability(index, prompt, token);
        JsonObject answer = Begin(prompt, started);
        int[] suffix = prompt[^length..];
        answer["cont_id"] = (uint)token;
        AddSuffix(answer, suffix);
        QueryJson.Add(answer, probability);
        return new QueryAnswer(answer, [], console =>
        {
            console.WriteLine($"{Suffix(prompt, suffix)} occurs {Times(probability.PromptCount)}");
            console.WriteLine(Sentence(suffix, token, probability));
        });
    }

    private QueryAnswer Distribution(
        JsonObject answer, int[] prompt, NextTokenDistribution distribution, int? top, string[] cells, string sentence)
    {
        long[] counts = distribution.Counts.Counts.ToArray();
        int[] byCount = [.. Enumerable.Range(0, counts.Length).OrderByDescending(entry => counts[entry])];
        json.Add(answer, distribution, top is { } most ? byCount.Take(most).Order() : Enumerable.Range(0, counts.Length));
        string[] best = byCount.Length == 0 ? ["", ""]
            : [text.Token(distribution.Counts.Tokens[byCount[0]]), QueryTable.Probability(distribution.Probability(byCount[0]))];
        string approximate = distribution.Approximate ? "; the counts below are sampled" : "";
        return new QueryAnswer(answer, [.. cells, $"{distribution.PromptCount:N0}", .. best, distribution.Approximate ? "yes" : ""], console =>
        {
            console.WriteLine(sentence + approximate);
            if (byCount.Length == 0)
                return;
            int shown = Math.Min(top ?? DefaultTop, byCount.Length);
            QueryTable.Write(console, ["next token", "#id", "#count", "#probability"], byCount.Take(shown).Select(entry => (string[])
            [
                Named(distribution.Counts.Tokens[entry]), $"{(uint)distribution.Counts.Tokens[entry]}", $"{counts[entry]:N0}",
                QueryTable.Probability(distribution.Probability(entry)),
            ]));
            if (shown < byCount.Length)
                console.WriteLine($"{byCount.Length - shown:N0} more tokens follow {text.Quoted(prompt)}; --top shows them");
        });
    }

    private JsonObject Begin(ReadOnlySpan<int> query, long started)
    {
        double latency = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        JsonObject answer = json.Query(query);
        answer["latency"] = Math.Round(latency, 3);
        return answer;
    }

    private void AddSuffix(JsonObject answer, int[] suffix)
    {
        answer["suffix_len"] = suffix.Length;
        if (tokenizer is not null && suffix.All(token => (uint)token < (uint)tokenizer.VocabularySize))
            answer["longest_suffix"] = tokenizer.Decode(suffix);
    }

    private string Suffix(int[] prompt, int[] suffix)
        => suffix.Length == 0 ? "no end of the prompt occurs; the empty one" : $"the last {suffix.Length} of {prompt.Length} tokens, {text.Quoted(suffix)},";

    private string Sentence(int[] prompt, int token, TokenProbability probability)
        => probability.Probability is { } share
            ? $"{Named(token)} follows {text.Quoted(prompt)} {Times(probability.ContinuationCount)} of {probability.PromptCount:N0}: probability {QueryTable.Probability(share)}"
            : $"no match: {text.Quoted(prompt)} does not occur, so nothing can be said about what follows it";

    private string Named(int token) => token == index.EndOfText ? "(end of text)" : text.Token(token);

    private static string Times(long count) => count == 1 ? "1 time" : $"{count:N0} times";

    public void Dispose() => index.Dispose();
}
