using Gim.Explain;
using Gim.Index;
using Gim.Match;
using Gim.Predict;
using Gim.Tests.Index;

namespace Gim.Tests.Explain;

/// <summary>Drawing from a distribution, and following what was copied.</summary>
public sealed class SamplingTests : IDisposable
{
    private const int Vocabulary = 20;

    private readonly TemporaryFolder folder = new();
    private readonly CorpusIndex index;

    // After 1 comes 2 half of the time, 3 in three of ten, 4 in two of ten.
    public SamplingTests()
        => index = new TestCorpus([[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 3, 1, 3, 1, 3, 1, 4, 1, 4], [7, 8, 9, 10, 11, 12]], 0).Build(folder.Path, vocabularySize: Vocabulary);

    public void Dispose()
    {
        index.Dispose();
        folder.Dispose();
    }

    private NextTokens After(params int[] context) => new CorpusPredictor("corpus", new CorpusMatch([index], 500), Vocabulary).Predict(context, new MatchResult());

    [Fact]
    public void The_likeliest_token_is_taken_without_temperature()
        => Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(2, new Sampler(new SamplingSettings(Seed: seed)).Next(After(1))));

    [Theory]
    [InlineData(1, 0, 1, new[] { 0.5, 0.3, 0.2 })]
    [InlineData(0.5, 0, 1, new[] { 0.25, 0.09, 0.04 })]
    [InlineData(2, 0, 1, new[] { 0.70711, 0.54772, 0.44721 })]
    [InlineData(1, 2, 1, new[] { 0.5, 0.3, 0.0 })]
    [InlineData(1, 1, 1, new[] { 1.0, 0.0, 0.0 })]
    [InlineData(1, 0, 0.5, new[] { 1.0, 0.0, 0.0 })]
    [InlineData(1, 0, 0.51, new[] { 0.5, 0.3, 0.0 })]
    [InlineData(1, 0, 0.81, new[] { 0.5, 0.3, 0.2 })]
    [InlineData(1e-9, 0, 1, new[] { 1.0, 0.0, 0.0 })]
    public void Tokens_are_drawn_as_often_as_the_settings_say(double temperature, int topK, double topP, double[] weights)
    {
        const int Draws = 20_000;
        var sampler = new Sampler(new SamplingSettings(temperature, topK, topP, Seed: 42));
        NextTokens next = After(1);
        int[] drawn = new int[Vocabulary];
        for (int i = 0; i < Draws; i++)
            drawn[sampler.Next(next)!.Value]++;
        double total = weights.Sum();
        for (int i = 0; i < 3; i++)
        {
            double share = weights[i] / total;
            // Five standard errors, and exactly none where there is no chance.
            Assert.Equal(share, (double)drawn[i + 2] / Draws, 5 * Math.Sqrt(share * (1 - share) / Draws) + 1e-12);
        }
        Assert.Equal(Draws, drawn[2..5].Sum());
    }

    [Fact]
    public void The_same_seed_draws_the_same()
    {
        int?[] Drawn(long seed)
        {
            var sampler = new Sampler(new SamplingSettings(1, Seed: seed));
            NextTokens next = After(1);
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Next(next))];
        }
        Assert.Equal(Drawn(3), Drawn(3));
        Assert.NotEqual(Drawn(3), Drawn(4));
    }

    [Fact]
    public void Nothing_is_drawn_where_nothing_is_known()
        => Assert.Null(new Sampler(new SamplingSettings(1)).Next(new ExactInductionPredictor("exact", Vocabulary).Predict([1], new MatchResult())));

    [Fact]
    public void Passages_are_followed_over_tokens_and_ends_of_documents()
    {
        var trace = new CopyTrace([index]);
        var document = new QuotedDocument(0, 0, 1, "second");
        EvidenceQuote Quote(QuotedDocument? place, long position) => new(place is null ? MatchSource.Context : MatchSource.Corpus, place, position, [], [1], 0, [], 1, 1);

        // From the document's token 2 on: 9, 10, 11, 12; behind it there is nothing.
        Assert.False(trace.Add(9, [], Quote(document, 2)));
        Assert.True(trace.Add(10, [], Quote(null, 0)));
        Assert.True(trace.Add(11, [], null));
        Assert.True(trace.Add(12, [], null));
        Assert.False(trace.Add(12, [5, 6, 12], Quote(null, 2)));
        // In the text itself a passage may run into what was just written.
        Assert.True(trace.Add(12, [5, 6, 12, 12], null));
        // Then a token without a match is in no passage, and the next begins a new one.
        Assert.False(trace.Add(3, [5, 6, 12, 12, 12], Quote(document, 0) with { Match = [] }));
        Assert.False(trace.Add(8, [5], Quote(document, 1)));
        Assert.Equal([new CopiedSpan(document, 0, 4, 2), new CopiedSpan(null, 4, 2, 2), new CopiedSpan(document, 7, 1, 1)], trace.Spans);

        var tokens = Enumerable.Range(0, 8).Select(i => new GeneratedToken(i, 1, i < 4 ? MatchSource.Corpus : MatchSource.Context, 1, 1, null, false)).ToList();
        CopySummary summary = CopySummary.Of(tokens, trace.Spans);
        // Spans of two tokens and one are no copies.
        Assert.Equal((8, 4, 1), (summary.Tokens, summary.Copied, summary.Documents));
        Assert.Equal(trace.Spans[0], summary.Longest);
        Assert.Equal([(document, 4)], summary.ByDocument);

        // A new place takes in what stands before it: 9 and 10 were made elsewhere, and are in the passage of 11 all the same.
        trace = new CopyTrace([index]);
        Assert.False(trace.Add(9, [8], Quote(null, 0)));
        Assert.False(trace.Add(10, [8, 9], Quote(null, 0)));
        Assert.False(trace.Add(11, [8, 9, 10], Quote(document, 4)));
        Assert.Equal(new CopiedSpan(document, 0, 3, 2), trace.Spans[^1]);
        // The token before them was not generated, and overlaps are counted once.
        CopySummary overlapping = CopySummary.Of(tokens[..3], trace.Spans);
        Assert.Equal((3, 3, 1), (overlapping.Tokens, overlapping.Copied, overlapping.Documents));
        Assert.Equal([(document, 3)], overlapping.ByDocument);
        Assert.Equal(4, summary.BySource[MatchSource.Context]);
    }
}
