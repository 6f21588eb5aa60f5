using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Gim.Index;
using Gim.Index.Query;

namespace Gim.Report;

/// <summary>Answers as JSON, with the key names of infini-gram's API where it has one.</summary>
/// <param name="text">Turns tokens into text.</param>
/// <param name="index">What was asked.</param>
internal sealed class QueryJson(QueryText text, CorpusIndex index)
{
    /// <summary>What the API gives where a prompt does not occur and there is no probability.</summary>
    private const double NoMatch = -1.0;

    // Letters of every script as they are; controls and what is no character as escapes.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>One line.</summary>
    public static string Line(JsonObject answer) => answer.ToJsonString(Options);

    /// <summary>The beginning of every answer: the query's tokens.</summary>
    public JsonObject Query(ReadOnlySpan<int> tokens) => new()
    {
        ["token_ids"] = Ids(tokens),
        ["tokens"] = Texts(tokens),
    };

    /// <summary>Adds the counts and the probability of one token.</summary>
    public static void Add(JsonObject answer, TokenProbability probability)
    {
        answer["prompt_cnt"] = probability.PromptCount;
        answer["cont_cnt"] = probability.ContinuationCount;
        answer["prob"] = probability.Probability ?? NoMatch;
    }

    /// <summary>Adds a distribution; its tokens as given, by id.</summary>
    public void Add(JsonObject answer, NextTokenDistribution distribution, IEnumerable<int> entries)
    {
        answer["prompt_cnt"] = distribution.PromptCount;
        var tokens = new JsonObject();
        foreach (int entry in entries)
        {
            int token = distribution.Counts.Tokens[entry];
            var one = new JsonObject
            {
                ["cont_cnt"] = distribution.Counts.Counts[entry],
                ["prob"] = distribution.Probability(entry),
            };
            if (text.KnownText(token) is { } known)
                one["token"] = known;
            tokens[$"{(uint)token}"] = one;
        }
        answer["result_by_token_id"] = tokens;
        answer["approx"] = distribution.Approximate;
    }

    /// <summary>Ranks as [low, high) of each shard.</summary>
    public static JsonArray Segments(IReadOnlyList<RankRange> ranges)
        => [.. ranges.Select(range => (JsonNode)new JsonArray(range.Low, range.High))];

    /// <summary>A document with its matches.</summary>
    public JsonObject Document(MatchDocument document, IReadOnlyList<(int Start, int Length)> matches)
    {
        IReadOnlyList<TextPiece> pieces = text.Pieces(document, matches);
        var spans = new JsonArray();
        int match = 0;
        foreach (TextPiece piece in pieces)
        {
            if (piece.Text.Length > 0)
                spans.Add((JsonNode)new JsonArray(piece.Text, piece.IsMatch ? $"{match}" : null));
            match += piece.IsMatch ? 1 : 0;
        }
        return new JsonObject
        {
            ["doc_ix"] = document.Number,
            ["doc_len"] = document.Length,
            ["disp_start"] = document.Start,
            ["disp_len"] = document.Tokens.Length,
            ["needle_offset"] = document.NeedleOffset,
            ["needle_len"] = document.NeedleLength,
            ["shard"] = document.Place.Shard,
            ["ptr"] = document.Place.Position * (int)index.Shards[document.Place.Shard].Width,
            ["metadata"] = document.Metadata,
            ["token_ids"] = Ids(document.Tokens),
            ["text"] = string.Concat(pieces.Select(piece => piece.Text)),
            ["spans"] = spans,
        };
    }

    public static JsonArray Ids(ReadOnlySpan<int> tokens)
    {
        var ids = new JsonArray();
        foreach (int token in tokens)
            ids.Add((JsonNode)JsonValue.Create((uint)token));
        return ids;
    }

    private JsonArray Texts(ReadOnlySpan<int> tokens)
    {
        var texts = new JsonArray();
        foreach (int token in tokens)
            texts.Add((JsonNode?)text.KnownText(token));
        return texts;
    }
}
