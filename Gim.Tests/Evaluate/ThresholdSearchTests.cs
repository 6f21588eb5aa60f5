using Gim.Config;
using Gim.Evaluate;
using Gim.Index;
using Gim.Kernels.Devices;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Tests.Index;
using Gim.Tests.Kernels.Devices;
using Gim.Tests.Similarity;

namespace Gim.Tests.Evaluate;

public sealed class ThresholdSearchTests
{
    private const int Alphabet = 6, Vocabulary = Alphabet + 1, Context = 40, ReferenceContext = 20;

    /// <summary>Each example predicted by GIM itself, over indexes built without the example's document.</summary>
    [Theory]
    [InlineData(EmbeddingMode.Windowed)]
    [InlineData(EmbeddingMode.Streaming)]
    public void Accuracies_are_those_of_gim_without_the_documents(EmbeddingMode mode)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(42);
        TestCorpus[] texts = [Text(random, 5, 30, 90), Text(random, 4, 2, 30)];
        CorpusIndex[] indexes = [.. texts.Select((text, i) => text.Build(folder[$"{i}"], vocabularySize: Vocabulary))];
        WithFuzzy(mode, fuzzy =>
        {
            ThresholdTable table = Search(indexes, fuzzy, threads: 2);
            IReadOnlyList<HeldOutStretch> stretches = HeldOutText.Draw(indexes, Context, Vocabulary, 1);
            Assert.Equal((stretches.Count, stretches.Sum(stretch => stretch.Targets)), (table.Documents, table.Examples));
            Assert.Equal([.. Enumerable.Range(0, 17), ThresholdConfig.Maximum], table.Rows.Select(row => row.Threshold));
            var without = new Dictionary<HeldOutDocument, CorpusIndex[]>();
            foreach (HeldOutDocument document in stretches.Select(stretch => stretch.Document))
                without[document] = Without(folder, texts, indexes, document);
            foreach (ThresholdRow row in table.Rows)
                AssertRow(row, stretches, fuzzy, without);
            Assert.Equal(table.Rows.Max(row => row.Recall1), table.Best.Recall1);
            Assert.DoesNotContain(table.Rows, row => row.Recall1 == table.Best.Recall1 && row.Threshold < table.Best.Threshold);
            foreach (CorpusIndex index in without.Values.SelectMany(all => all).Except(indexes))
                index.Dispose();
        });
        foreach (CorpusIndex index in indexes)
            index.Dispose();
    }

    [Fact]
    public void Threads_change_nothing_and_seeds_draw_other_examples()
    {
        using var folder = new TemporaryFolder();
        using CorpusIndex index = Text(new Random(42), 200, 20, 200).Build(folder.Path, vocabularySize: Vocabulary);
        WithFuzzy(EmbeddingMode.Streaming, fuzzy =>
        {
            ThresholdTable one = Search([index], fuzzy, threads: 1);
            Assert.Equal(HeldOutText.Targets, one.Examples);
            Assert.Equal(one.Rows, Search([index], fuzzy, threads: 3).Rows);
            Assert.Equal(one.Rows, Search([index], fuzzy, threads: 7).Rows);
            Assert.NotEqual(one.Rows, Search([index], fuzzy, threads: 1, seed: 2).Rows);
        });
    }

    [Fact]
    public void Documents_that_offer_a_whole_context_come_first_and_each_offers_what_it_can()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(42);
        TestCorpus text = Text(random, 60, 0, 70);
        using CorpusIndex index = text.Build(folder.Path, vocabularySize: Vocabulary);
        IReadOnlyList<HeldOutStretch> stretches = HeldOutText.Draw([index], Context, Vocabulary, 1);
        int[] lengths = [.. stretches.Select(stretch => (int)stretch.Document.Length)];
        int whole = lengths.TakeWhile(length => length >= Context + HeldOutText.TargetsOfDocument).Count();
        Assert.InRange(whole, 1, stretches.Count - 1);
        Assert.Equal(lengths[whole..].OrderDescending(), lengths[whole..]);
        Assert.Equal(stretches.Count, stretches.Select(stretch => stretch.Document).Distinct().Count());
        Assert.True(stretches.Sum(stretch => stretch.Targets) <= HeldOutText.Targets);
        foreach (HeldOutStretch stretch in stretches)
        {
            Assert.Equal(Math.Min(Context, stretch.Document.Length - stretch.Targets), stretch.Context);
            int[] document = text.Documents[index.Shards[0].DocumentOf(stretch.Document.Start)];
            Assert.Contains(string.Join(' ', stretch.Tokens), string.Join(' ', document), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_shortest_documents_give_one_example_or_none()
    {
        using var folder = new TemporaryFolder();
        using CorpusIndex none = new TestCorpus([[], [1], [2]], Alphabet).Build(folder["none"]);
        using CorpusIndex one = new TestCorpus([[], [1], [2, 3]], Alphabet).Build(folder["one"]);
        WithFuzzy(EmbeddingMode.Windowed, fuzzy =>
        {
            Assert.Null(new ThresholdSearch([none], fuzzy, Context, ReferenceContext, Vocabulary).Run(1, 1, SilentLog.Instance, CancellationToken.None));
            // Nothing is known about it, whoever answers.
            ThresholdTable table = Search([none, one], fuzzy, threads: 1);
            Assert.Equal((1, 1, 0), (table.Examples, table.Documents, table.Best.Threshold));
            Assert.All(table.Rows, row => Assert.Equal(0, row.Recall1));
        });
    }

    [Fact]
    public void A_token_that_the_vocabulary_has_not_is_refused()
    {
        using var folder = new TemporaryFolder();
        using CorpusIndex index = new TestCorpus([[1, 500, 2]], 9).Build(folder.Path);
        InputException problem = Assert.Throws<InputException>(() => HeldOutText.Draw([index], Context, Vocabulary, 1));
        Assert.Contains("token id 500", problem.Message, StringComparison.Ordinal);
    }

    private static void AssertRow(ThresholdRow row, IReadOnlyList<HeldOutStretch> stretches, FuzzyMatch fuzzy, Dictionary<HeldOutDocument, CorpusIndex[]> without)
    {
        int examples = 0, right = 0, tied = 0;
        var answered = new Dictionary<MatchSource, int>();
        var match = new MatchResult();
        foreach (HeldOutStretch stretch in stretches)
        {
            var gim = new GimPredictor("gim", new CorpusMatch(without[stretch.Document], ReferenceContext), fuzzy, row.Threshold, Vocabulary);
            int earlier = stretch.Context - 1;
            float[] weights = new float[stretch.Targets * earlier];
            if (earlier > 0) fuzzy.Weigh(stretch.Tokens.AsSpan(..^1), 1, stretch.Context, stretch.Targets, weights);
            for (int i = 0; i < stretch.Targets; i++)
            {
                NextTokens prediction = gim.Predict(stretch.Tokens.AsSpan(i, stretch.Context), weights.AsSpan(i * earlier, earlier), match);
                int target = stretch.Tokens[i + stretch.Context];
                examples++;
                right += prediction.Best == target ? 1 : 0;
                tied += prediction.SharesMaximum(target) && !prediction.IsFlat ? 1 : 0;
                answered[prediction.Source] = answered.GetValueOrDefault(prediction.Source) + 1;
            }
        }
        double Share(MatchSource source) => (double)answered.GetValueOrDefault(source) / examples;
        Assert.Equal(
            new ThresholdRow(
                row.Threshold, (double)right / examples, (double)tied / examples, Share(MatchSource.Corpus), Share(MatchSource.Context), Share(MatchSource.Similarity)),
            row);
    }

    private static CorpusIndex[] Without(TemporaryFolder folder, TestCorpus[] texts, CorpusIndex[] indexes, HeldOutDocument document)
    {
        long number = indexes[document.Reference].Shards[0].DocumentOf(document.Start);
        var rest = new TestCorpus([.. texts[document.Reference].Documents.Where((_, i) => i != number)], Alphabet);
        CorpusIndex other = rest.Build(folder[$"without {document.Reference} {number}"], vocabularySize: Vocabulary);
        return [.. indexes.Select((index, i) => i == document.Reference ? other : index)];
    }

    private static ThresholdTable Search(CorpusIndex[] references, FuzzyMatch fuzzy, int threads, long seed = 1)
        => new ThresholdSearch(references, fuzzy, Context, ReferenceContext, Vocabulary).Run(seed, threads, SilentLog.Instance, CancellationToken.None)
            ?? throw new InvalidOperationException("no example");

    private static void WithFuzzy(EmbeddingMode mode, Action<FuzzyMatch> check)
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(
                RandomModel.Make(RandomModel.Small(PositionKind.Relative, mode, Vocabulary)), device, "random");
            using var fuzzy = new FuzzyMatch(network);
            check(fuzzy);
        }
    }

    /// <summary>Texts in which tokens follow each other with some rule, so that all sources are right at times.</summary>
    private static TestCorpus Text(Random random, int documents, int least, int most)
    {
        int[] Document()
        {
            var tokens = new int[random.Next(least, most + 1)];
            for (int i = 0; i < tokens.Length; i++)
                tokens[i] = i < 2 || random.Next(3) == 0 ? random.Next(Alphabet) : (tokens[i - 1] * 2 + tokens[i - 2] + 1) % Alphabet;
            return tokens;
        }
        return new TestCorpus([.. Enumerable.Range(0, documents).Select(_ => Document())], Alphabet);
    }
}
