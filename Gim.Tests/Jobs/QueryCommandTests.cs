using System.Text.Json.Nodes;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Jobs;

/// <summary>The command that asks an index, as a user starts it.</summary>
[Collection(ProcessTests.Name)]
public sealed class QueryCommandTests : QueryTestBase
{
    [Fact]
    public void Text_is_counted_as_it_stands()
    {
        Build("ix", new Gpt2Tokenizer());
        Assert.Equal("' natural language' occurs 4 times\n", Query("count", " natural language").Done().Output);
        JsonObject count = Json("count", " natural language");
        Assert.Equal((4, false), ((long)count["count"]!, (bool)count["approx"]!));
        Assert.Equal([" natural", " language"], count["tokens"]!.AsArray().Select(token => (string?)token));
        Assert.Equal(new Gpt2Tokenizer().Encode(" natural language"), Ids(count["token_ids"]!));
        Assert.True((double)count["latency"]! >= 0);

        JsonObject find = Json("find", " natural language");
        Assert.Equal(4, (long)find["cnt"]!);
        Assert.Equal(4, (long)find["segment_by_shard"]![0]![1]! - (long)find["segment_by_shard"]![0]![0]!);

        // What begins with an @ is text, not a file of arguments.
        Assert.Equal(0, (long)Json("count", "@natural")["count"]!);
        Assert.Equal(0, (long)Json("count", "--", "--json")["count"]!);
    }

    [Fact]
    public void Probabilities_and_distributions_agree()
    {
        Build("ix", new Gpt2Tokenizer());
        Assert.Contains("' language' follows ' natural' 4 times of 4: probability 1.0000", Query("prob", " natural", "--next", " language").Done().Output, StringComparison.Ordinal);
        JsonObject probability = Json("prob", " language", "--next", " processing");
        Assert.Equal((5, 1, 0.2), Probability(probability));
        Assert.Equal((0, 0, -1.0), Probability(Json("prob", " zebra", "--next", " processing")));
        Assert.Contains("no match", Query("prob", " zebra", "--next", " processing").Done().Output, StringComparison.Ordinal);

        JsonObject next = Json("next", " language");
        Assert.Equal((5, false), ((long)next["prompt_cnt"]!, (bool)next["approx"]!));
        var tokens = next["result_by_token_id"]!.AsObject();
        Assert.Equal(5, tokens.Sum(token => (long)token.Value!["cont_cnt"]!));
        Assert.Equal((1, " processing"), ((long)tokens[$"{new Gpt2Tokenizer().Encode(" processing")[0]}"]!["cont_cnt"]!, (string?)tokens[$"{new Gpt2Tokenizer().Encode(" processing")[0]}"]!["token"]));
        // Two documents end behind it; prob asked for the end of text agrees.
        Assert.Equal(2, (long)tokens["50256"]!["cont_cnt"]!);
        string ids = string.Join(' ', new Gpt2Tokenizer().Encode(" language"));
        Assert.Equal((5, 2, 0.4), Probability(Json("prob", "--ids", ids, "--next", "50256")));
        Assert.Contains("(end of text)", Query("next", " language").Done().Output, StringComparison.Ordinal);

        Assert.Single(Json("next", " language", "--top", "1")["result_by_token_id"]!.AsObject());
        JsonObject sampled = Json("next", "", "--max-support", "3");
        Assert.True((bool)sampled["approx"]!);
        Assert.Equal((long)sampled["prompt_cnt"]!, sampled["result_by_token_id"]!.AsObject().Sum(token => (long)token.Value!["cont_cnt"]!));

        JsonObject suffix = Json("infgram", " zebra natural");
        Assert.Equal((1, 4, " natural"), ((int)suffix["suffix_len"]!, (long)suffix["prompt_cnt"]!, (string?)suffix["longest_suffix"]));
        Assert.Equal((4, 4, 1.0), Probability(Json("infgram", " zebra natural", "--next", " language")));
        Assert.Contains("the last 1 of ", Query("infgram", " zebra natural", "--next", " language").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_are_shown_in_their_documents()
    {
        Build("ix", new Gpt2Tokenizer());
        string shown = Query("docs", " natural language", "--context", "2", "--max", "100").Done().Output;
        Assert.Contains("' natural language' occurs 4 times\n", shown, StringComparison.Ordinal);
        Assert.Contains("document 0, texts.jsonl:1, token 1 of ", shown, StringComparison.Ordinal);
        Assert.Contains("\n  The[ natural language] processing of ...\n", shown, StringComparison.Ordinal);

        JsonObject docs = Json("docs", " natural language", "--context", "2", "--max", "2");
        Assert.Equal((4, 2), ((long)docs["count"]!, docs["documents"]!.AsArray().Count));
        foreach (JsonNode? document in docs["documents"]!.AsArray())
        {
            Assert.Equal([[" natural language", "0"]], Spans(document!).Where(span => span[1] is not null));
            Assert.Equal((string?)document!["text"], string.Concat(Spans(document).Select(span => span[0])));
            JsonObject again = Json("doc", "--pointer", $"{document["ptr"]}", "--needle", "2", "--context", "2");
            again.Remove("latency");
            Assert.True(JsonNode.DeepEquals(document, again));
        }
        JsonNode first = Json("doc", "--number", "0");
        Assert.Equal(Texts[0], (string?)first["text"]);
        Assert.Contains("\"linenum\": 4", (string?)Json("doc", "--number", "4")["metadata"], StringComparison.Ordinal);
        JsonNode atRank = Json("doc", "--rank", $"{Json("find", " café")["segment_by_shard"]![0]![0]}", "--context", "0");
        Assert.Equal(" café", (string?)atRank["text"]);
    }

    [Fact]
    public void Parts_near_each_other_are_found()
    {
        Build("ix", new Gpt2Tokenizer());
        JsonObject hits = Json("and", " natural language AND  processing OR  gas", "--context", "1");
        Assert.Equal((2, false, 2), ((long)hits["count"]!, (bool)hits["approx"]!, (long)hits["doc_cnt"]!));
        Assert.Equal([4, 2], hits["clause_cnts"]!.AsArray().Select(count => (int)count!));
        string shown = Query("and", " natural language AND  processing OR  gas", "--context", "1").Done().Output;
        Assert.Contains("The[ natural language][ processing] of ...", shown, StringComparison.Ordinal);
        Assert.Contains("2 hits in 2 documents", shown, StringComparison.Ordinal);
        Assert.Equal(0, (long)Json("and", " natural AND  gas", "--within", "0")["count"]!);
        Assert.True((bool)Json("and", " natural AND  language", "--max-clause-frequency", "2")["approx"]!);
    }

    [Fact]
    public void Ids_are_asked_where_no_tokenizer_is_known()
    {
        Build("ix", [[5, 6, 7, 8], [5, 6, 9], [256, 5, 6, 7, 8, 2], [1, 5, 6, 7]], 2);
        Assert.Equal(4, (long)Json("count", "--ids", "5 6")["count"]!);
        Assert.Equal("[5 6] occurs 4 times\n", Query("count", "--ids", "[5, 6]").Done().Output);
        Assert.EndsWith("\n  5 [6 9]\n", Query("docs", "--ids", "6 9").Done().Output, StringComparison.Ordinal);
        JsonObject spans = Json("attribute", "--ids", "5 6 7 8 99 1 5 6", "--min-length", "1", "--max-count", "10", "--docs", "1");
        Assert.Equal([(0, 4, 2), (5, 8, 1)], spans["spans"]!.AsArray().Select(span => ((int)span!["l"]!, (int)span["r"]!, (int)span["count"]!)));
        Assert.Equal(-7.6137, (double)spans["spans"]![0]!["unigram_logprob_sum"]!, 4);
        Assert.Equal(3, (long)spans["spans"]![1]!["docs"]![0]!["document"]!["doc_ix"]!);
        Assert.Equal([4, 4, 4, 4, 4, 8, 8, 8], Ids(Json("creativity", "--ids", "5 6 7 8 99 1 5 6")["rs"]!));
        JsonObject prefix = Json("prefix", "--ids", "256 5 6 9");
        Assert.Equal((3, 1), ((int)prefix["prefix_len"]!, (long)prefix["count"]!));
        Assert.Equal(2, (int)Json("prefix", "--ids", "256 5 6 9", "--delimiter", "5")["prefix_len"]!);
        Assert.Equal(2, (long)Json("and", "--ids", "7 AND 8")["count"]!);
        AssertRefused(Query("count", "natural"), "was tokenised with test", "--tokenizer", "--ids");
    }

    [Fact]
    public void A_text_is_attributed()
    {
        Build("ix", new Gpt2Tokenizer());
        Write("text.txt", "\ufeffWe read: A natural language, spoken.\nNatural gasoline, of natural language processing of language\r\n");
        Assert.Equal(
            [(" natural language, spoken.\nNatural", 1), (" of natural language", 1), (" natural language processing of", 1)],
            SpansOf(Json("attribute", "--file", "text.txt", "--min-length", "3")));
        Assert.Equal([(" natural language, spoken.\n", 1)], SpansOf(Json("attribute", "--file", "text.txt", "--delimiter", "\\n", "--delimiter", "processing")));
        string shown = Query("attribute", "--file", "text.txt", "--docs", "1", "--context", "1", "--whole-words").Done().Output;
        Assert.Contains("spoken.\\nNatural]", shown, StringComparison.Ordinal);
        Assert.Contains("the first 2 of 3 tokens, 'The natural', occur 1 time", Query("prefix", "The natural order").Done().Output, StringComparison.Ordinal);
        Assert.Contains("mean longest match: ", Query("creativity", "The natural order").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_answers_every_line_in_its_order()
    {
        Build("ix", new Gpt2Tokenizer());
        string[] queries = [" natural", "", " zebra", " language", "é"];
        Write("batch.txt", string.Join('\n', queries) + "\n");
        foreach (string what in (string[])["count", "next", "infgram"])
        {
            JsonObject[] answers = [.. Query(what, "--batch", "batch.txt", "--json").Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
            Assert.Equal(queries.Length, answers.Length);
            Assert.Equal(new Gpt2Tokenizer().Encode("é"), Ids(answers[4]["token_ids"]!));
        }
        JsonObject single = Json("next", queries[3]), batched = Parse(Query("next", "--batch", "batch.txt", "--json").Done().Output.Split('\n')[3]);
        single.Remove("latency");
        batched.Remove("latency");
        Assert.True(JsonNode.DeepEquals(single, batched));
        string table = Query("next", "--batch", "batch.txt").Done().Output;
        Assert.Matches("' natural' +4 +' language' +1\\.0000", table);
        AssertRefused(Query("count", "natural", "--batch", "batch.txt"), "--batch brings its own queries");
        AssertRefused(Query("count", "--batch", "nowhere.txt"), "nowhere.txt was not found");
    }

    [Fact]
    public void Nothing_in_a_text_steers_the_terminal()
    {
        Build("ix", new Gpt2Tokenizer());
        string shown = Query("docs", " bell", "--context", "20").Done().Output;
        Assert.Contains("[ bell]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, c => char.IsControl(c) && c != '\n' || c == '\u202e');
        Assert.Contains("\\u001b[31mred", shown, StringComparison.Ordinal);
        JsonNode document = Json("docs", " bell", "--context", "20")["documents"]![0]!;
        Assert.Equal(Texts[2], (string?)document["text"]);
        Assert.DoesNotContain(Query("docs", " bell", "--json").Done().Output, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void A_bare_folder_is_asked_with_what_the_options_say()
    {
        Build("ix", new ByteTokenizer());
        Assert.Equal(5, (long)Json("count", "language")["count"]!);
        Assert.Equal([("é", "0")], Spans(Json("docs", "é", "--context", "1", "--max", "1")["documents"]![0]!).Where(span => span[1] is not null).Select(span => (span[0]!, span[1]!)));
        File.Delete(In("ix", "gim.json"));
        AssertRefused(Query("count", "language"), "has no gim.json", "--tokenizer");
        AssertRefused(Query("count", "language", "--tokenizer", "bytes"), "has no gim.json", "--token-type");
        Assert.Equal(5, (long)Json("count", "language", "--tokenizer", "{\"kind\":\"bytes\"}", "--token-type", "u8")["count"]!);
        Assert.Equal(5, (long)Json("count", "--ids", string.Join(' ', new ByteTokenizer().Encode("language")), "--token-type", "u8", "--eos", "255")["count"]!);
    }

    [Fact]
    public void Several_folders_are_asked_as_one_index()
    {
        Build("ix", new Gpt2Tokenizer());
        Build("ix2", new Gpt2Tokenizer());
        Build("bytes", new ByteTokenizer());
        Assert.Equal(8, (long)Json("count", " natural language", "--with", "ix2")["count"]!);
        JsonObject document = Json("doc", "--number", "5", "--with", "ix2");
        Assert.Equal((Texts[0], 5, 1), ((string?)document["text"], (int)document["doc_ix"]!, (int)document["shard"]!));
        Assert.Equal("' natural language' occurs 8 times\n", Gim("query", "ix*", "count", " natural language").Done().Output);
        AssertRefused(Query("count", "natural", "--with", "bytes"), "index in bytes was tokenised with bytes, which is not that of ix (gpt2)");
    }

    [Fact]
    public void An_index_in_reversed_order_is_read_in_reading_order()
    {
        Build("ix", [[8, 7, 6, 5], [9, 6, 5], [2, 8, 7, 6, 5, 256], [7, 6, 5, 1]], 2);
        File.Delete(In("ix", "gim.json"));
        string[] bare = ["--ids", "--token-type", "u16", "--eos", "2", "--reversed"];
        Assert.Equal((4, 3, 0.75), Probability(Json(["prob", "5 6", "--next", "7", .. bare])));
        Assert.EndsWith("\n  5 [6 9]\n", Query(["docs", "6 9", .. bare]).Done().Output, StringComparison.Ordinal);
        Assert.Equal((2, 2), ((int)Json(["and", "7 AND 8", .. bare])["count"]!, (int)Json(["prefix", "6 9 1", .. bare])["prefix_len"]!));
    }

    [Fact]
    public void Damage_is_found_where_it_is_looked_for()
    {
        Build("ix", new Gpt2Tokenizer());
        Query("count", "natural", "--verify").Done();
        byte[] metadata = File.ReadAllBytes(In("ix", "metadata.0"));
        metadata[3] ^= 1;
        Write(Path.Combine("ix", "metadata.0"), metadata);
        Query("count", "natural").Done();
        AssertRefused(Query("count", "natural", "--verify"), "metadata.0 is damaged");
    }

    [Fact]
    public void Help_explains_every_query()
    {
        string help = Gim("query", "--help").Done().Output;
        foreach (string what in (string[])["count", "find", "prob", "next", "infgram", "docs", "doc", "and", "prefix", "attribute", "creativity", "--with", "--tokenizer", "--ids", "--json", "--timeout", "--verify"])
            Assert.Contains($"  {what} ", help, StringComparison.Ordinal);
        string next = Gim("query", "next", "--help").Done().Output;
        foreach (string word in (string[])["--top", "--max-support", "--batch", "--file", "begins with a space"])
            Assert.Contains(word, next, StringComparison.Ordinal);
    }
}
