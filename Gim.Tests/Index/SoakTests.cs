using System.Globalization;
using Gim.Index;
using Gim.Index.Query;
using Gim.Match;
using Gim.Tests.Index.Query;

namespace Gim.Tests.Index;

/// <summary>
/// Very many random queries by several readers at once, against a table of every n-gram of the documents. The number is what
/// the environment variable <c>GIM_SOAK_QUERIES</c> says, else as many as take a few seconds.
/// </summary>
public sealed class SoakTests
{
    private const int Usual = 160_000, Readers = 4, QueriesOfReader = 2_000;

    private static readonly TokenWidth[] Widths = [TokenWidth.U8, TokenWidth.U16, TokenWidth.U32];

    [Fact]
    public void Every_query_is_answered_as_the_documents_say_under_concurrent_readers()
    {
        long wanted = long.TryParse(Environment.GetEnvironmentVariable("GIM_SOAK_QUERIES"), CultureInfo.InvariantCulture, out long asked) ? asked : Usual;
        var random = new Random(42);
        (string, int[][], int)[] adversarial = [.. ShardedCorpus.Adversarial()];
        long done = 0;
        for (int round = 0; done < wanted; round++)
        {
            var (name, documents, alphabet) = round % 2 == 0 ? adversarial[round / 2 % adversarial.Length] : RandomCorpus(random);
            int shards = Math.Min(documents.Length, 1 + random.Next(3));
            TokenWidth width = Widths[random.Next(Widths.Length)];
            bool reversed = random.Next(3) == 0;
            using var corpus = new ShardedCorpus(documents, alphabet, shards, width, reversed);
            var table = new GramTable(corpus.Documents, alphabet);
            int seed = random.Next();
            Parallel.For(0, Readers, reader => Read(new Random(seed + reader), corpus, table, alphabet, $"{name}, {shards} shards, {width}, reversed {reversed}, round {round}"));
            done += Readers * (long)QueriesOfReader;
        }
    }

    private static (string Name, int[][] Documents, int Alphabet) RandomCorpus(Random random)
    {
        int alphabet = new[] { 1, 2, 3, 8, 100 }[random.Next(5)];
        return ("random", TestCorpus.Random(random, alphabet, 15, random.Next(1, 40)).Documents, alphabet);
    }

    private static void Read(Random random, ShardedCorpus corpus, GramTable table, int alphabet, string what)
    {
        var counts = new TokenCounts();
        var match = new MatchResult();
        var matcher = new CorpusMatch([corpus.Index], 500);
        int[] text = [];
        int end = 0;
        for (int query = 0; query < QueriesOfReader; query++)
        {
            int[] tokens = corpus.RandomQuery(random, alphabet, longest: GramTable.Longest);
            Gram expected = table.Of(tokens);
            RankRange[] ranges = corpus.Index.Find(tokens);
            Require(expected.Count == ranges.Sum(range => range.Count), what, tokens, "count");
            counts.Clear();
            corpus.Index.NextTokens(tokens, counts);
            Require(Same(expected.Next, counts), what, tokens, "next tokens");
            if (tokens.Length > 0 && expected.Count > 0)
                RequirePlace(random, corpus, ranges, tokens, what);

            // A text that is read on: mostly a token further, now and then somewhere else.
            if (end >= text.Length || random.Next(30) == 0)
            {
                text = [.. Enumerable.Range(0, 6).SelectMany(_ => corpus.RandomQuery(random, alphabet, GramTable.Longest))];
                end = 0;
            }
            end = Math.Min(end + 1, text.Length);
            ReadOnlySpan<int> context = text.AsSpan(Math.Max(0, end - GramTable.Longest)..end);
            matcher.Find(context, match);
            int length = context.Length;
            while (length > 0 && table.Of(context[^length..]).Count == 0)
                length--;
            Require(length == match.Length, what, context, $"longest suffix {length}, found {match.Length}");
            Require(Same(table.Of(context[^length..]).Next, match.Next), what, context, "what follows the longest suffix");
            if (query % 8 == 0)
                Require(table.LongestPrefix(tokens) == PrefixQueries.LongestPrefix(corpus.Index, tokens), what, tokens, "longest prefix");
        }
    }

    private static void RequirePlace(Random random, ShardedCorpus corpus, RankRange[] ranges, int[] tokens, string what)
    {
        RankRange range = ranges.Where(one => one.Count > 0).MinBy(_ => random.Next());
        IndexShard shard = corpus.Index.Shards[range.Shard];
        long place = shard.PlaceOf(range.Low + random.NextInt64(range.Count), tokens.Length);
        long document = shard.DocumentOf(place);
        var (start, _) = shard.Bounds(document);
        int[] read = new int[tokens.Length];
        shard.ReadDocument(document, place - start, read);
        Require(read.AsSpan().SequenceEqual(tokens), what, tokens, $"place {place}");
    }

    private static bool Same(SortedDictionary<int, long> expected, TokenCounts counts)
    {
        if (expected.Count != counts.Length)
            return false;
        int i = 0;
        foreach (var (token, count) in expected)
        {
            if (counts.Tokens[i] != token || counts.Counts[i++] != count)
                return false;
        }
        return true;
    }

    private static void Require(bool holds, string what, ReadOnlySpan<int> tokens, string wrong)
    {
        if (!holds)
            Assert.Fail($"{wrong}: query [{string.Join(' ', tokens.ToArray())}] of {what}");
    }

    /// <summary>How often an n-gram occurs, and what follows it.</summary>
    private sealed class Gram
    {
        public long Count { get; set; }

        public SortedDictionary<int, long> Next { get; } = [];
    }

    /// <summary>Every n-gram of some documents, by reading them from end to end.</summary>
    private sealed class GramTable
    {
        public const int Longest = 6;

        private readonly Dictionary<string, Gram> grams = new(StringComparer.Ordinal);
        private readonly Gram none = new();

        public GramTable(int[][] documents, int endOfText)
        {
            var all = new Gram();
            foreach (int[] document in documents)
            {
                // Of the empty query every token is an occurrence, separators included, and is what follows it itself.
                all.Count += document.Length + 1;
                Add(all.Next, endOfText);
                for (int start = 0; start < document.Length; start++)
                {
                    Add(all.Next, document[start]);
                    for (int length = 1; length <= Longest && start + length <= document.Length; length++)
                    {
                        string key = Key(document.AsSpan(start, length));
                        if (!grams.TryGetValue(key, out Gram? gram))
                            grams[key] = gram = new Gram();
                        gram.Count++;
                        Add(gram.Next, start + length < document.Length ? document[start + length] : endOfText);
                    }
                }
            }
            grams[""] = all;
        }

        public Gram Of(ReadOnlySpan<int> tokens) => grams.GetValueOrDefault(Key(tokens), none);

        public int LongestPrefix(ReadOnlySpan<int> tokens)
        {
            int length = tokens.Length;
            while (length > 0 && Of(tokens[..length]).Count == 0)
                length--;
            return length;
        }

        private static void Add(SortedDictionary<int, long> counts, int token) => counts[token] = counts.GetValueOrDefault(token) + 1;

        private static string Key(ReadOnlySpan<int> tokens)
        {
            Span<char> key = stackalloc char[tokens.Length];
            for (int i = 0; i < key.Length; i++)
                key[i] = (char)(tokens[i] + 1);
            return new string(key);
        }
    }
}
