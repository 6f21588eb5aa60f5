using Gim.Index;
using Gim.Index.Query;

namespace Gim.Tests.Index.Query;

/// <summary>Probabilities and distributions against looking everywhere, and the sampled rule against its plain form.</summary>
public class NextTokenQueriesTests
{
    [Fact]
    public void Probabilities_agree_with_distributions_and_with_looking_everywhere()
    {
        var random = new Random(42);
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 1, random: 8))
        {
            for (int query = 0; query < 40; query++)
            {
                int[] prompt = corpus.RandomQuery(random, alphabet);
                SortedDictionary<int, long> expected = corpus.Plain.NextTokens(prompt);
                NextTokenDistribution distribution = NextTokenQueries.Distribution(corpus.Index, prompt);
                Assert.Equal(expected, Pairs(distribution.Counts));
                Assert.False(distribution.Approximate);
                Assert.Equal(corpus.Plain.Count(prompt), distribution.PromptCount);
                Assert.Equal(distribution.PromptCount, distribution.Counts.Total);
                for (int token = 0; token <= alphabet; token++)
                {
                    TokenProbability probability = NextTokenQueries.Probability(corpus.Index, prompt, token);
                    Assert.True(
                        probability == new TokenProbability(corpus.Plain.Count(prompt), expected.GetValueOrDefault(token)),
                        $"{name}: {token} behind {string.Join(' ', prompt)}: {probability}");
                    Assert.Equal(probability.PromptCount == 0, probability.Probability is null);
                }
            }
        }
    }

    [Fact]
    public void The_longest_suffix_is_the_longest_that_occurs_anywhere()
    {
        var random = new Random(42);
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 2, random: 8))
        {
            for (int query = 0; query < 40; query++)
            {
                int[] prompt = [.. corpus.RandomQuery(random, alphabet), .. corpus.RandomQuery(random, alphabet, 20)];
                int expected = Enumerable.Range(0, prompt.Length + 1).Last(length => length == 0 || corpus.Plain.Count(prompt.AsSpan()[^length..]) > 0);
                Assert.True(expected == NextTokenQueries.LongestSuffix(corpus.Index, prompt), $"{name}: {string.Join(' ', prompt)}");
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1000, 1000, 1)]
    [InlineData(1001, 1000, 2)]
    [InlineData(2000, 1000, 2)]
    [InlineData(2001, 1000, 4)]
    [InlineData(409, 1, 512)]
    [InlineData(512, 1, 512)]
    [InlineData(long.MaxValue / 2, 1, 1L << 62)]
    public void The_unit_is_the_smallest_power_of_two_that_suffices(long count, long maxSupport, long expected)
        => Assert.Equal(expected, NextTokenSample.UnitOf(count, maxSupport));

    [Fact]
    public void Samples_follow_the_plain_form_of_the_rule()
    {
        var random = new Random(42);
        int sampled = 0;
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 3, random: 8))
        {
            for (int query = 0; query < 20; query++)
            {
                int[] prompt = corpus.RandomQuery(random, alphabet, 3);
                foreach (long maxSupport in (long[])[1, 2, 3, 5, 10, 1000])
                {
                    NextTokenDistribution distribution = NextTokenQueries.Distribution(corpus.Index, prompt, maxSupport);
                    Assert.Equal(distribution.PromptCount > maxSupport, distribution.Approximate);
                    Assert.Equal(distribution.PromptCount, distribution.Counts.Total);
                    Assert.True(Plain(corpus.Index, prompt, maxSupport).SequenceEqual(Pairs(distribution.Counts)), $"{name}: {string.Join(' ', prompt)} at {maxSupport}");
                    if (!distribution.Approximate)
                        Assert.Equal(corpus.Plain.NextTokens(prompt), Pairs(distribution.Counts));
                    sampled += distribution.Approximate ? 1 : 0;
                }
            }
        }
        Assert.True(sampled > 300, $"only {sampled} were sampled");
    }

    [Fact]
    public void Ends_of_documents_at_both_ends_of_the_ranks_do_not_swallow_what_lies_between()
    {
        // Behind 1: the end of the file, twenty times 2, a separator.
        int[][] documents = [[1], .. Enumerable.Repeat((int[])[1, 2], 20), [1]];
        using var corpus = new ShardedCorpus(documents, 9);
        NextTokenDistribution distribution = NextTokenQueries.Distribution(corpus.Index, [1], 10);
        Assert.True(distribution.Approximate);
        Assert.True(Pairs(distribution.Counts)[2] >= 16);
    }

    [Fact]
    public void A_stopped_query_ends()
    {
        using var corpus = new ShardedCorpus([[1, 2, 1, 3]], 9);
        Assert.Throws<OperationCanceledException>(() => NextTokenQueries.Distribution(corpus.Index, [1], 1, new CancellationToken(canceled: true)));
    }

    /// <summary>The rule as it is written down: all next tokens first, then the recursion over a list.</summary>
    private static SortedDictionary<int, long> Plain(CorpusIndex index, int[] prompt, long maxSupport)
    {
        RankRange[] ranges = index.Find(prompt);
        long unit = 1;
        while (unit * maxSupport < ranges.Sum(range => range.Count))
            unit *= 2;
        var counts = new SortedDictionary<int, long>();
        foreach (RankRange range in ranges)
        {
            IndexShard shard = index.Shards[range.Shard];
            int[] next = new int[range.Count];
            for (int i = 0; i < next.Length; i++)
            {
                // Ends of documents stay apart from end-of-text tokens, which sort elsewhere, until they are counted.
                long position = shard.PlaceOf(range.Low + i, prompt.Length) + prompt.Length;
                next[i] = position == shard.TokenCount ? -1 : shard.TokenAt(position) == shard.Width.Separator() ? -2 : shard.TokenAt(position);
            }
            // The original's ranks are those of the shard: halves and middles are taken from these, not from 0.
            Halve(next, range.Low, range.Low, range.High, sorted: !shard.Reversed || prompt.Length == 0);
        }
        return counts;

        void Count(int token, long count)
        {
            token = token < 0 ? index.EndOfText : token;
            counts[token] = counts.GetValueOrDefault(token) + count;
        }

        void Halve(int[] next, long low, long start, long end, bool sorted)
        {
            if (end - start < 4 * unit)
            {
                long rank = start;
                while (rank < end)
                {
                    bool whole = rank + unit <= end;
                    long middle = whole ? rank + unit / 2 : (rank + end) / 2;
                    int token = next[middle - low];
                    Count(token, whole ? unit : end - rank);
                    rank += unit;
                }
            }
            else if (sorted && next[start - low] == next[end - 1 - low])
            {
                Count(next[start - low], end - start);
            }
            else
            {
                long middle = (start + end) / 2;
                Halve(next, low, start, middle, sorted);
                Halve(next, low, middle, end, sorted);
            }
        }
    }

    private static SortedDictionary<int, long> Pairs(TokenCounts counts)
    {
        var pairs = new SortedDictionary<int, long>();
        for (int i = 0; i < counts.Length; i++)
            pairs.Add(counts.Tokens[i], counts.Counts[i]);
        return pairs;
    }
}
