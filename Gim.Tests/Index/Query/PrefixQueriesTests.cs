using Gim.Index.Query;

namespace Gim.Tests.Index.Query;

/// <summary>Longest prefixes, creativity and attribution against trying every length at every token.</summary>
public class PrefixQueriesTests
{
    [Fact]
    public void Longest_prefixes_are_those_of_trying_every_length()
    {
        var random = new Random(42);
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 8, random: 8))
        {
            for (int query = 0; query < 30; query++)
            {
                int[] text = RandomText(random, corpus, alphabet);
                PrefixRules rules = RandomRules(random, text, alphabet);
                Assert.True(
                    PlainPrefix(corpus, text, 0, rules) == PrefixQueries.LongestPrefix(corpus.Index, text, rules),
                    $"{name}: {string.Join(' ', text)}");
                Assert.True(
                    PlainPrefix(corpus, text, 0, PrefixRules.None) == PrefixQueries.LongestPrefix(corpus.Index, text),
                    $"{name}: {string.Join(' ', text)}");
            }
        }
    }

    [Fact]
    public void A_text_that_would_stand_before_the_index_is_found_as_any_other()
    {
        // 256 is stored as 00 01, before everything else; 256 0 stands at rank 0, where the original finds nothing.
        using var corpus = new ShardedCorpus([[5, 6, 7, 8], [256, 5, 6]], 2);
        Assert.Equal(1, PrefixQueries.LongestPrefix(corpus.Index, [256, 0]));
        Assert.Equal(0, PrefixQueries.LongestPrefix(corpus.Index, [0]));
        Assert.Equal(0, PrefixQueries.LongestPrefix(corpus.Index, []));
    }

    [Fact]
    public void Match_ends_are_those_of_trying_every_length_at_every_token()
    {
        var random = new Random(42);
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 9, random: 8))
        {
            for (int query = 0; query < 15; query++)
            {
                int[] text = RandomText(random, corpus, alphabet);
                int[] expected = [.. Enumerable.Range(0, text.Length).Select(start => start + PlainPrefix(corpus, text, start, PrefixRules.None))];
                Assert.True(expected.SequenceEqual(PrefixQueries.MatchEnds(corpus.Index, text)), $"{name}: {string.Join(' ', text)}");
            }
        }
    }

    [Fact]
    public void Match_ends_go_on_from_block_to_block()
    {
        // Longer than several blocks, with matches that cross their ends, and one that is all of the corpus.
        var random = new Random(42);
        int[] document = [.. Enumerable.Range(0, 1500).Select(_ => random.Next(4))];
        using var corpus = new ShardedCorpus([document, [.. Enumerable.Repeat(7, 600)]], 9);
        int[] text = [.. document[200..900], 8, .. document, .. Enumerable.Repeat(7, 700), .. document[..300]];
        int[] ends = PrefixQueries.MatchEnds(corpus.Index, text);
        for (int start = 0; start < text.Length; start += 13)
            Assert.Equal(PrefixQueries.LongestPrefix(corpus.Index, text.AsSpan(start)), ends[start] - start);
        Assert.Equal((700, 700, 701, 2201), (ends[0], ends[699], ends[700] + 1, ends[701]));
        Assert.True(ends.Zip(ends.Skip(1)).All(pair => pair.First <= pair.Second));
    }

    [Fact]
    public void Spans_are_those_of_trying_every_length_at_every_token()
    {
        var random = new Random(42);
        int found = 0;
        foreach (var (name, corpus, alphabet) in ShardedCorpus.All(seed: 10, random: 8))
        {
            for (int query = 0; query < 15; query++)
            {
                int[] text = RandomText(random, corpus, alphabet);
                var options = new AttributionOptions
                {
                    MinLength = random.Next(1, 4),
                    MaxCount = random.Next(3) == 0 ? null : random.Next(0, 12),
                    Rules = RandomRules(random, text, alphabet),
                };
                var expected = PlainSpans(corpus, text, options);
                var spans = SpanAttribution.Run(corpus.Index, text, options);
                Assert.True(expected.SequenceEqual(spans.Select(span => (span.Start, span.End, span.Count))), $"{name}: {string.Join(' ', text)}");
                foreach (AttributedSpan span in spans)
                {
                    double sum = text[span.Start..span.End].Sum(token => Math.Log((double)corpus.Plain.Count([token]) / corpus.Index.Tokens));
                    Assert.Equal(sum, span.UnigramLogProbability, 1e-9);
                    Assert.Equal(span.Count, span.Ranges.Sum(range => range.Count));
                }
                found += spans.Count;
            }
        }
        Assert.True(found > 150, $"only {found} spans");
    }

    [Fact]
    public void A_stopped_attribution_ends()
    {
        using var corpus = new ShardedCorpus([[1, 2, 3]], 9);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SpanAttribution.Run(corpus.Index, new[] { 1, 2 }, new AttributionOptions(), stop.Token));
    }

    private static int PlainPrefix(ShardedCorpus corpus, int[] text, int start, PrefixRules rules)
    {
        int length = Enumerable.Range(0, text.Length - start + 1).Last(length => length == 0 || corpus.Plain.Count(text.AsSpan(start, length)) > 0);
        int delimiter = Array.FindIndex(text, start, length, rules.Delimiters.Contains);
        if (delimiter >= 0)
            length = delimiter - start + 1;
        while (length > 0 && start + length < text.Length && rules.WordStarts is { } starts && !starts[start + length])
            length--;
        return length;
    }

    private static List<(int Start, int End, long Count)> PlainSpans(ShardedCorpus corpus, int[] text, AttributionOptions options)
    {
        var spans = new List<(int Start, int End, long Count)>();
        for (int start = 0; start < text.Length; start++)
        {
            if (options.Rules.WordStarts is { } starts && !starts[start])
                continue;
            int length = PlainPrefix(corpus, text, start, options.Rules);
            if (length < options.MinLength)
                continue;
            long count = corpus.Plain.Count(text.AsSpan(start, length));
            if (!(count > options.MaxCount))
                spans.Add((start, start + length, count));
        }
        return [.. spans.Where(span => !spans.Exists(other => other.Start < span.Start && other.End >= span.End))];
    }

    private static int[] RandomText(Random random, ShardedCorpus corpus, int alphabet)
        => [.. Enumerable.Range(0, random.Next(0, 5)).SelectMany(_ => corpus.RandomQuery(random, alphabet, 15))];

    private static PrefixRules RandomRules(Random random, int[] text, int alphabet) => new()
    {
        Delimiters = random.Next(2) == 0 ? new HashSet<int>() : new HashSet<int> { random.Next(alphabet), random.Next(alphabet) },
        WordStarts = random.Next(2) == 0 ? null : (bool[])[.. text.Select(_ => random.Next(3) > 0)],
    };
}
