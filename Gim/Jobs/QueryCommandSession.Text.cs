using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Index.Query;
using Gim.Report;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>Answers about a text: which of its stretches occur.</summary>
internal sealed partial class QueryCommandSession
{
    // Longer spans are cut in tables; JSON has all of their tokens.
    private const int ShownLetters = 80;

    /// <summary>Where matches in a text may end.</summary>
    /// <exception cref="InputException">A delimiter is none that tokens have, or words are asked for without text.</exception>
    public PrefixRules Rules(int[] tokens, IReadOnlyList<string> delimiters, bool wholeWords)
    {
        if (wholeWords && tokenizer is null)
            throw new InputException("--whole-words needs the text of the tokens; say --tokenizer");
        var ends = new HashSet<int>();
        foreach (string written in delimiters)
        {
            string delimiter = Unescape(written);
            if (tokenizer is null)
            {
                ends.Add(Input.Token(delimiter, "--delimiter"));
                continue;
            }
            if (delimiter.Length == 0 || tokenizer.IsBytes && tokenizer.Encode(delimiter).Length > 1)
                throw new InputException($"--delimiter {Quote.Of(written)} must be {(tokenizer.IsBytes ? "one byte" : "text")}, such as \"\\n\" or \".\"");
            ends.UnionWith(tokens.Distinct().Where(token => text.KnownText(token)?.Contains(delimiter, StringComparison.Ordinal) == true));
        }
        return new PrefixRules { Delimiters = ends, WordStarts = wholeWords ? WordStarts.Of(tokenizer!, tokens) : null };
    }

    public QueryAnswer LongestPrefix(int[] query, PrefixRules rules)
    {
        long started = Stopwatch.GetTimestamp();
        int length = PrefixQueries.LongestPrefix(index, query, rules);
        long count = length == 0 ? 0 : index.Count(query.AsSpan(0, length));
        JsonObject answer = Begin(query, started);
        answer["prefix_len"] = length;
        answer["count"] = count;
        return new QueryAnswer(answer, [], console => console.WriteLine(length == 0
            ? "not even the first token occurs (or none may end the match)"
            : $"the first {length} of {query.Length} tokens, {text.Quoted(query.AsSpan(0, length))}, occur {Times(count)}"));
    }

    public QueryAnswer Creativity(int[] query)
    {
        long started = Stopwatch.GetTimestamp();
        int[] ends = PrefixQueries.MatchEnds(index, query, Cancellation);
        JsonObject answer = Begin(query, started);
        answer["rs"] = QueryJson.Ids(ends);
        return new QueryAnswer(answer, [], console =>
        {
            QueryTable.Write(console, ["#position", "token", "#longest match"], ends.Select((end, start) => (string[])
                [$"{start}", text.Token(query[start]), $"{end - start}"]));
            if (ends.Length > 0)
                console.WriteLine($"mean longest match: {ends.Select((end, start) => (double)(end - start)).Average():F2} tokens");
        });
    }

    public QueryAnswer Attribute(int[] query, AttributionOptions options, int documents, int context, int seed)
    {
        long started = Stopwatch.GetTimestamp();
        IReadOnlyList<AttributedSpan> spans = SpanAttribution.Run(index, query, options, Cancellation);
        JsonObject answer = Begin(query, started);
        var shown = spans.Select(span => PlaceSample.Of(index, span.Ranges, span.Length, documents, seed)
            .Select(place => reader.AroundPlace(place, span.Length, context)).ToArray()).ToArray();
        answer["spans"] = new JsonArray([.. spans.Select((span, i) => (JsonNode)Span(query, span, shown[i]))]);
        return new QueryAnswer(answer, [], console =>
        {
            int covered = 0, reached = 0;
            foreach (AttributedSpan span in spans)
            {
                covered += span.End - Math.Max(span.Start, reached);
                reached = span.End;
            }
            console.WriteLine($"{spans.Count:N0} {(spans.Count == 1 ? "span" : "spans")} of at least {options.MinLength} tokens: {covered:N0} of {query.Length:N0} tokens");
            if (documents == 0)
            {
                if (spans.Count > 0)
                    QueryTable.Write(console, ["#from", "#to", "#tokens", "#count", "#log p", "text"], spans.Select(span => Row(query, span)));
                return;
            }
            for (int i = 0; i < spans.Count; i++)
            {
                QueryTable.Write(console, ["#from", "#to", "#tokens", "#count", "#log p", "text"], [Row(query, spans[i])]);
                foreach (MatchDocument document in shown[i])
                    text.Write(console, document, Needle(document));
            }
        });
    }

    private string[] Row(int[] query, AttributedSpan span)
    {
        string words = text.Quoted(query.AsSpan(span.Start, span.Length));
        return
        [
            $"{span.Start}", $"{span.End}", $"{span.Length}", $"{span.Count:N0}", $"{span.UnigramLogProbability:F1}",
            words.Length <= ShownLetters ? words : string.Concat(words.AsSpan(0, ShownLetters - (char.IsHighSurrogate(words[ShownLetters - 1]) ? 1 : 0)), "..."),
        ];
    }

    private JsonObject Span(int[] query, AttributedSpan span, MatchDocument[] documents)
    {
        var one = new JsonObject
        {
            ["l"] = span.Start,
            ["r"] = span.End,
            ["length"] = span.Length,
            ["count"] = span.Count,
            ["unigram_logprob_sum"] = span.UnigramLogProbability,
            ["segment_by_shard"] = QueryJson.Segments(span.Ranges),
            ["docs"] = new JsonArray([.. documents.Select(document => (JsonNode)new JsonObject
            {
                ["s"] = document.Place.Shard,
                ["ptr"] = document.Place.Position * (int)index.Shards[document.Place.Shard].Width,
                ["document"] = json.Document(document, Needle(document)),
            })]),
        };
        if (tokenizer is not null)
            one["text"] = tokenizer.Decode(query.AsSpan(span.Start, span.Length));
        return one;
    }

    /// <summary>\n, \r, \t and \\ as a person writes them in a shell.</summary>
    private static string Unescape(string written)
    {
        var plain = new StringBuilder(written.Length);
        for (int i = 0; i < written.Length; i++)
        {
            char c = written[i];
            if (c == '\\' && i + 1 < written.Length && written[i + 1] is 'n' or 'r' or 't' or '\\')
            {
                c = written[++i] switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => '\\',
                };
            }
            plain.Append(c);
        }
        return plain.ToString();
    }
}
