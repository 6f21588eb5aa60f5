using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Matching;
using Gim.Fmri.Stimulus;
using Gim.Jobs;
using Gim.Kernels.Devices;
using Gim.Similarity;
using Gim.Tests.Kernels.Devices;
using Gim.Tests.Similarity;
using Gim.Text;
using Gim.Text.Tokenizers;
using Xunit.Abstractions;

namespace Gim.Tests.Fmri.Features;

public sealed class StoryEmbeddingsTests(ITestOutputHelper output)
{
    /// <summary>Of values up to 1 after three layers: the same sums of float32, cut in other places.</summary>
    private const double Enough = 2e-5;

    /// <summary>Words of one token and of several, with apostrophes and digits, as transcripts have them.</summary>
    private static readonly string[] Vocabulary = ["i", "don't", "antidisestablishmentarianism", "the", "grandmother's", "'cause", "42", "naïve", "zzxqj", "o'clock", "a"];

    /// <summary>Every layer sees 5 tokens, or windows are of 8; the buffers of the first are used up by a story of 150 words.</summary>
    public static TheoryData<PositionKind, EmbeddingMode, int> Cases() => new()
    {
        { PositionKind.Bias, EmbeddingMode.Streaming, 150 }, { PositionKind.Relative, EmbeddingMode.Streaming, 40 }, { PositionKind.Bias, EmbeddingMode.Windowed, 60 },
        { PositionKind.Relative, EmbeddingMode.Windowed, 40 }, { PositionKind.Learned, EmbeddingMode.Windowed, 40 }, { PositionKind.Bias, EmbeddingMode.Streaming, 1 },
        { PositionKind.Sinusoidal, EmbeddingMode.Windowed, 1 }, { PositionKind.Sinusoidal, EmbeddingMode.Windowed, 3 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_row_is_the_embedding_of_the_words_so_far_by_themselves(PositionKind positions, EmbeddingMode mode, int words)
    {
        foreach (Tokenizer tokenizer in (Tokenizer[])[new Gpt2Tokenizer(), new ByteTokenizer()])
        {
            // From 1 to 3 words a TR and silence now and then; some words are heard before the first row, some behind the last.
            Story story = Spoken("s", words, new TrGrid(words + 8, 2, -3, 2, 1), seed: words);
            With(positions, mode, tokenizer, network =>
            {
                Matrix rows = new StoryEmbeddings(network, tokenizer).Of(story);
                Assert.Equal((story.Grid.Kept, network.Configuration.OutputColumns), (rows.Rows, rows.Columns));
                double largest = 0;
                for (int row = 0; row < rows.Rows; row++)
                    largest = Math.Max(largest, FmriCases.Difference([.. Expected(network, tokenizer, story, row)], rows.Row(row)));
                output.WriteLine($"{tokenizer.Name}: largest difference {largest:G3}");
                Assert.True(largest <= Enough, $"{tokenizer.Name}: largest difference {largest:G3}");
            });
        }
    }

    /// <summary>Every prefix as a text of its own, of which a windowed model sees the last window.</summary>
    private static IEnumerable<double> Expected(SimilarityNetwork network, Tokenizer tokenizer, Story story, int row)
    {
        double end = story.Grid.Start(story.Grid.TrimStart + row + 1);
        string text = string.Join(' ', story.Words.TakeWhile(word => word.Start < end).Select(word => word.Text));
        int[] tokens = tokenizer.Encode(text);
        if (tokens.Length == 0) return new double[network.Configuration.OutputColumns];
        if (network.Configuration.Mode == EmbeddingMode.Windowed)
            tokens = tokens[^Math.Min(tokens.Length, network.Configuration.Window)..];
        using DeviceBuffer<float> embedding = network.Device.AllocateFloats(network.Configuration.OutputColumns);
        network.EmbedLast(tokens, 1, tokens.Length, embedding);
        return embedding.ToArray().Select(value => (double)value);
    }

    [Theory]
    [InlineData(EmbeddingMode.Streaming)]
    [InlineData(EmbeddingMode.Windowed)]
    public void Silence_repeats_a_row_and_nothing_said_is_nothing(EmbeddingMode mode)
    {
        var tokenizer = new ByteTokenizer();
        // TRs of 2 s from -2 s on, of which the first and the last are left out: rows begin at 0, 2, 4, 6 s.
        var grid = new TrGrid(6, 2, -2, 1, 1);
        With(PositionKind.Bias, mode, tokenizer, network =>
        {
            var embeddings = new StoryEmbeddings(network, tokenizer);
            Matrix rows = embeddings.Of(new Story("s", [new("one", 2.5, 3), new("two", 7.9, 9), new("three", 8, 9)], grid));
            Assert.All(rows.Row(0).ToArray(), value => Assert.Equal(0, value));
            Assert.Equal(rows.Row(1).ToArray(), rows.Row(2).ToArray());
            Assert.Equal(1, rows.Row(1).ToArray().Sum(value => value * value), 1e-5);
            Assert.NotEqual(rows.Row(2).ToArray(), rows.Row(3).ToArray());
            // What is heard before the first TR and in TRs left out has been heard by the first row.
            Matrix early = embeddings.Of(new Story("s", [new("one", -9, -8)], grid)), trimmed = embeddings.Of(new Story("s", [new("one", -1, 0)], grid));
            for (int row = 0; row < 4; row++)
            {
                Assert.True(FmriCases.Difference([.. rows.Row(1).ToArray().Select(value => (double)value)], early.Row(row)) <= Enough);
                Assert.Equal(early.Row(0).ToArray(), trimmed.Row(row).ToArray());
            }
            foreach (Story silent in (Story[])[new("none", [], grid), new("behind", [new("one", 8, 9), new("two", 30, 31)], grid)])
                Assert.All(embeddings.Of(silent).Values, value => Assert.Equal(0, value));
            Assert.Equal((0, 16), (embeddings.Of(new Story("short", [new("one", 0, 1)], new TrGrid(3, 2, 0, 1, 2))).Rows, embeddings.Columns));
        });
    }

    [Fact]
    public void Features_are_standardised_and_keys_are_not()
    {
        var tokenizer = new ByteTokenizer();
        Story[] stories = [Spoken("a", 30, TrGrid.Whole(25, 2), 1), Spoken("b", 20, TrGrid.Whole(15, 2), 2), new("none", [], TrGrid.Whole(3, 2))];
        With(PositionKind.Bias, EmbeddingMode.Streaming, tokenizer, network =>
        {
            var embeddings = new StoryEmbeddings(network, tokenizer);
            var features = new SimilarityFeatures(embeddings);
            Assert.Equal(("similarity transformer", true), (features.Name, features.IsDelayed));
            foreach (Story story in stories)
            {
                Matrix expected = embeddings.Of(story);
                Standardization.Columns(expected);
                Assert.Equal(expected.Values, features.Of(story).Values);
                Assert.Equal(embeddings.Of(story).Values, features.Raw(story).Values);
                Assert.Same(features.Raw(story), features.Raw(story));
            }
            Assert.Equal((43, 4 * 16), (FeatureRows.Build([features], stories, Delays.Published).Values.Rows, FeatureRows.Build([features], stories, Delays.Published).Values.Columns));
            // A key of the last TRs' embeddings, the newest strongest.
            StackedRows raw = StackedRows.Below([.. stories.Select(story => (story.Name, features.Raw(story)))]);
            Matrix keys = StoryColumns.DecayedSum(raw.Values, raw.Stories, 0.5);
            for (int column = 0; column < 16; column++)
            {
                Assert.Equal(raw.Values[25, column], keys[25, column]);
                Assert.Equal(raw.Values[27, column] + 0.5 * raw.Values[26, column] + 0.25 * raw.Values[25, column], keys[27, column], 1e-6);
            }
        });
    }

    [Fact]
    public void Tokenizers_that_do_not_suit_are_refused()
    {
        With(PositionKind.Bias, EmbeddingMode.Streaming, new ByteTokenizer(), network =>
        {
            Assert.StartsWith(
                "the tokenizer gpt2 has 50257 tokens where the network has 256",
                Assert.Throws<ArgumentException>(() => new StoryEmbeddings(network, new Gpt2Tokenizer())).Message, StringComparison.Ordinal);
            var story = new Story("s", [new("one", 0, 1), new("two", 1, 2)], TrGrid.Whole(2, 2));
            Assert.StartsWith(
                "the tokenizer joined does not begin a new token at each word of the story 's'", Errors.Of(() => new StoryEmbeddings(network, new JoiningTokenizer()).Of(story)),
                StringComparison.Ordinal);
        });
    }

    [SharedDataFact]
    public void The_shipped_model_embeds_a_real_story()
    {
        var data = Ds003020.Open(SharedData.Path("ds003020-pc"));
        Story story = data.ReadStory(data.Split.Test[0]);
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(WeightFiles.Read(SimilarityModel.ShippedPath), device, SimilarityModel.ShippedPath);
            var tokenizer = new Gpt2Tokenizer();
            Matrix rows = new StoryEmbeddings(network, tokenizer).Of(story);
            foreach (int row in (int[])[0, rows.Rows / 2, rows.Rows - 1])
                Assert.True(FmriCases.Difference([.. Expected(network, tokenizer, story, row)], rows.Row(row)) <= Enough, $"row {row}");
        }
    }

    private static void With(PositionKind positions, EmbeddingMode mode, Tokenizer tokenizer, Action<SimilarityNetwork> act)
    {
        Device device = TestDevices.Get("cpu");
        lock (device)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(RandomModel.Make(RandomModel.Small(positions, mode, tokenizer.VocabularySize)), device, "random");
            act(network);
        }
    }

    private static Story Spoken(string name, int count, TrGrid grid, int seed)
    {
        var random = new Random(seed);
        var words = new List<Word>();
        double time = grid.Start(0) - 1;
        for (int i = 0; i < count; i++)
        {
            words.Add(new Word(Vocabulary[random.Next(Vocabulary.Length)], time, time + 0.3));
            time += random.Next(8) == 0 ? 7 : 0.3 + random.NextDouble();
        }
        return new Story(name, words, grid);
    }

    /// <summary>One token for the whole text.</summary>
    private sealed class JoiningTokenizer : Tokenizer
    {
        public override string Name => "joined";

        public override int VocabularySize => 2;

        public override int EndOfText => 0;

        public override string Hash => "joined";

        public override int[] Encode(string text) => [1];

        public override string Decode(ReadOnlySpan<int> tokens) => "";
    }
}
