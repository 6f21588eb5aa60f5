using System.Diagnostics;
using System.Text.Json.Nodes;
using Gim.Index;
using Gim.Index.Query;
using Gim.Report;
using Spectre.Console;

namespace Gim.Jobs;

/// <summary>Which document to show: exactly one of rank, pointer and number.</summary>
internal sealed record DocumentChoice(long? Rank, long? ByteOffset, long? Number, int Shard, int MaxTokens, int Needle, int? Context);

/// <summary>Answers that show documents.</summary>
internal sealed partial class QueryCommandSession
{
    // A hit whose clauses lie further apart is shown around its anchor alone.
    private const int WidestHit = 400;

    public QueryAnswer Documents(int[] query, int max, int context, int seed)
    {
        long started = Stopwatch.GetTimestamp();
        RankRange[] ranges = index.Find(query);
        MatchDocument[] documents = [.. PlaceSample.Of(index, ranges, query.Length, max, seed).Select(place => reader.AroundPlace(place, query.Length, context))];
        long count = ranges.Sum(range => range.Count);
        JsonObject answer = Begin(query, started);
        answer["count"] = count;
        answer["approx"] = false;
        answer["documents"] = new JsonArray([.. documents.Select(document => (JsonNode)json.Document(document, Needle(document)))]);
        return new QueryAnswer(answer, [], console =>
        {
            string some = documents.Length < count ? $"; {documents.Length:N0} of them, drawn at random" : "";
            console.WriteLine($"{text.Quoted(query)} occurs {Times(count)}{some}");
            foreach (MatchDocument document in documents)
                text.Write(console, document, Needle(document));
        });
    }

    /// <exception cref="InputException">There is no such place.</exception>
    public QueryAnswer Document(DocumentChoice choice)
    {
        long started = Stopwatch.GetTimestamp();
        MatchDocument document = Choose(choice);
        double latency = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        JsonObject answer = json.Document(document, Needle(document));
        answer["latency"] = Math.Round(latency, 3);
        return new QueryAnswer(answer, [], console => text.Write(console, document, Needle(document)));
    }

    private MatchDocument Choose(DocumentChoice choice)
    {
        if ((choice.Rank is null ? 0 : 1) + (choice.ByteOffset is null ? 0 : 1) + (choice.Number is null ? 0 : 1) != 1)
            throw new InputException("a document is named by one of --rank, --pointer and --number");
        if (choice.Number is { } number)
        {
            return number < index.Documents ? reader.AtNumber(number, choice.MaxTokens)
                : throw new InputException($"--number {number} is too large: the index has {index.Documents:N0} {(index.Documents == 1 ? "document" : "documents")}, counted from 0");
        }
        if (choice.Shard >= index.Shards.Count)
            throw new InputException($"--shard {choice.Shard} is too large: the index has {index.Shards.Count:N0} {(index.Shards.Count == 1 ? "shard" : "shards")}, counted from 0");
        IndexShard shard = index.Shards[choice.Shard];
        IndexPlace place;
        if (choice.Rank is { } rank)
        {
            if (rank >= shard.TokenCount)
                throw new InputException($"--rank {rank} is too large: shard {choice.Shard} has {shard.TokenCount:N0} ranks, counted from 0");
            place = reader.PlaceOf(choice.Shard, rank, choice.Needle);
        }
        else
        {
            int width = (int)shard.Width;
            long pointed = choice.ByteOffset!.Value;
            if (pointed % width != 0 || pointed / width >= shard.TokenCount)
                throw new InputException($"--pointer {pointed} is not a token of shard {choice.Shard}: it must be below {shard.TokenCount * width:N0} and a multiple of {width}");
            place = reader.PlaceAt(choice.Shard, pointed);
        }
        return choice.Context is { } context
            ? reader.AroundPlace(place, choice.Needle, context)
            : reader.AtPlace(place, choice.Needle, choice.MaxTokens);
    }

    public QueryAnswer Cnf(CnfQuery query, CnfOptions options, int context)
    {
        long started = Stopwatch.GetTimestamp();
        CnfResult result = CnfSearch.Run(index, query, options, Cancellation);
        double latency = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var documents = result.Hits.Select(hit => Show(hit, result.Anchor, context)).ToArray();
        var answer = new JsonObject
        {
            ["token_ids"] = new JsonArray([.. query.Clauses.Select(clause => (JsonNode)new JsonArray([.. clause.Select(ngram => (JsonNode)QueryJson.Ids(ngram))]))]),
            ["tokens"] = new JsonArray([.. query.Clauses.Select(clause => (JsonNode)new JsonArray([.. clause.Select(ngram => json.Query(ngram)["tokens"]!.DeepClone())]))]),
            ["latency"] = Math.Round(latency, 3),
            ["count"] = result.Count,
            ["approx"] = result.Approximate,
            ["doc_cnt"] = result.Documents,
            ["clause_cnts"] = new JsonArray([.. result.Occurrences.Select(count => (JsonNode)count)]),
            ["documents"] = new JsonArray([.. documents.Select(one => (JsonNode)json.Document(one.Document, one.Matches))]),
        };
        return new QueryAnswer(answer, [], console =>
        {
            string about = result.Approximate ? "about " : "", least = result.Approximate ? "at least " : "";
            console.WriteLine($"{about}{result.Count:N0} {(result.Count == 1 ? "hit" : "hits")} in {least}{result.Documents:N0} {(result.Documents == 1 ? "document" : "documents")}");
            QueryTable.Write(console, ["clause", "#occurrences", ""], query.Clauses.Select((clause, i) => (string[])
                [string.Join(" OR ", clause.Select(ngram => text.Quoted(ngram))), $"{result.Occurrences[i]:N0}", i == result.Anchor ? "counted" : ""]));
            if (documents.Length < result.Count)
                console.WriteLine($"{documents.Length:N0} of them, drawn at random:");
            foreach (var (document, matches) in documents)
                text.Write(console, document, matches);
        });
    }

    /// <summary>The stretch around all clauses of a hit, and where they are in it.</summary>
    private (MatchDocument Document, IReadOnlyList<(int Start, int Length)> Matches) Show(CnfHit hit, int anchor, int context)
    {
        ClausePlace own = hit.Clauses[anchor];
        long first = hit.Clauses.Min(clause => clause.Position), end = hit.Clauses.Max(clause => clause.Position + clause.Length);
        bool together = end - first <= WidestHit;
        MatchDocument document = together
            ? reader.AroundPlace(hit.Place with { Position = first }, (int)(end - first), context)
            : reader.AroundPlace(hit.Place, own.Length, context);
        long start = document.Place.Position - document.NeedleOffset;
        var matches = hit.Clauses.Where(clause => clause.Position >= start && clause.Position + clause.Length <= start + document.Tokens.Length)
            .Distinct().OrderBy(clause => clause.Position).Select(clause => ((int)(clause.Position - start), clause.Length)).ToArray();
        return (document with { Place = hit.Place, NeedleOffset = (int)(hit.Place.Position - start), NeedleLength = own.Length }, matches);
    }

    private static IReadOnlyList<(int Start, int Length)> Needle(MatchDocument document)
        => document.NeedleLength == 0 ? [] : [(document.NeedleOffset, document.NeedleLength)];
}
