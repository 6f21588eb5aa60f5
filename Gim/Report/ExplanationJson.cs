using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Gim.Explain;
using Gim.Predict;
using Gim.Text;

namespace Gim.Report;

/// <summary>An explanation as one line of JSON. Keys are a contract; texts are whole, and cut inside no character.</summary>
internal sealed class ExplanationJson(Tokenizer tokenizer)
{
    // Letters of every script as they are; controls and what is no character as escapes.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Line(JsonObject explanation) => explanation.ToJsonString(Options);

    /// <param name="explanation">What to write.</param>
    /// <param name="top">Tokens of the distribution at most.</param>
    public JsonObject Of(Explanation explanation, int top)
    {
        NextTokens prediction = explanation.Prediction;
        return new JsonObject
        {
            ["model"] = explanation.Model,
            ["contextTokens"] = explanation.Context.Length,
            ["next"] = new JsonArray([.. prediction.Top(top).Select(one => Token(one.Token, one.Probability))]),
            ["nextTokens"] = prediction.Tokens.Length,
            ["source"] = SourceNames.Of(explanation.Source),
            ["effectiveN"] = prediction.EffectiveN,
            ["places"] = explanation.Places,
            ["threshold"] = explanation.Threshold,
            ["answers"] = new JsonArray([.. explanation.Answers.Select(Answer)]),
            ["evidence"] = new JsonArray([.. explanation.Quotes.Select(Quote)]),
            ["notShown"] = explanation.NotShown,
        };
    }

    /// <summary>A generated token.</summary>
    public JsonObject Of(GeneratedToken generated, int number)
    {
        JsonObject line = Token(generated.Token, generated.Probability);
        line.Insert(0, "number", number);
        line["source"] = SourceNames.Of(generated.Source);
        line["effectiveN"] = generated.EffectiveN;
        line["places"] = generated.Places;
        line["goesOn"] = generated.GoesOn;
        line["evidence"] = generated.Quote is { } quote ? Quote(quote) : null;
        return line;
    }

    /// <summary>What was copied from where.</summary>
    public static JsonObject Of(CopySummary summary, string prompt, string text, string? ended) => new()
    {
        ["prompt"] = prompt,
        ["text"] = text,
        ["tokens"] = summary.Tokens,
        ["ended"] = ended,
        ["bySource"] = new JsonObject(summary.BySource.OrderBy(one => one.Key).Select(one => KeyValuePair.Create(SourceNames.Of(one.Key), (JsonNode?)one.Value))),
        ["copiedTokens"] = summary.Copied,
        ["shortestCopy"] = summary.Shortest,
        ["longestCopy"] = summary.Longest is { } longest
            ? new JsonObject { ["document"] = longest.Document?.Name, ["position"] = longest.Position, ["start"] = longest.Start, ["tokens"] = longest.Length }
            : null,
        ["documents"] = summary.Documents,
        ["byDocument"] = new JsonArray([.. summary.ByDocument.Select(one => (JsonNode)new JsonObject { ["document"] = one.Document?.Name, ["tokens"] = one.Tokens })]),
    };

    /// <summary>A token with its text.</summary>
    public JsonObject Token(int token, double? probability = null)
    {
        var one = new JsonObject { ["token"] = token, ["text"] = TokenTexts.Of(tokenizer, token) };
        if (probability is not null)
            one["probability"] = probability;
        return one;
    }

    private JsonNode Answer(SourceAnswer answer)
    {
        var one = new JsonObject
        {
            ["source"] = SourceNames.Of(answer.Source),
            ["effectiveN"] = answer.EffectiveN,
            ["places"] = answer.Places,
            ["answer"] = answer.Token is { } token ? Token(token, answer.Probability) : null,
        };
        if (answer.Confidence is not null)
            one["confidence"] = answer.Confidence;
        return one;
    }

    private JsonNode Quote(EvidenceQuote quote)
    {
        QuotedText text = QuotedText.Of(tokenizer, quote);
        var one = new JsonObject();
        if (quote.Document is { } document)
        {
            one["document"] = document.Name;
            one["reference"] = document.Reference;
            one["shard"] = document.Shard;
            one["documentNumber"] = document.Number;
        }
        one["position"] = quote.Position;
        one["share"] = quote.Share;
        one["equalTokens"] = quote.EqualTokens;
        one["before"] = text.Before;
        one["match"] = text.Match;
        one["next"] = text.Next;
        one["after"] = text.After;
        one["matchTokens"] = new JsonArray([.. quote.Match.Select(token => (JsonNode)token)]);
        one["nextToken"] = quote.NextToken;
        return one;
    }
}
