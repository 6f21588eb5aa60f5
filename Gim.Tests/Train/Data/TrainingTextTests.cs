using Gim.Tests.Text;
using Gim.Progress;
using Gim.Text;
using Gim.Text.Tokenizers;
using Gim.Train.Data;

namespace Gim.Tests.Train.Data;

public class TrainingTextTests
{
    [Theory]
    [InlineData(300, 0.0, 0)]
    [InlineData(300, 0.05, 1)]
    [InlineData(65_536, 0.1, 2)]
    [InlineData(65_537, 0.1, 3)]
    [InlineData(70_000, 0.5, 4)]
    public void The_two_sides_are_the_documents_each_once(int vocabularySize, double share, long seed)
    {
        int[][] documents = Documents(new Random(42), 200, 400, vocabularySize);
        TrainingText text = Read(documents, share, seed, vocabularySize);
        Assert.Equal(200, text.Documents);
        int[] training = All(text);
        long total = documents.Sum(document => (long)document.Length);
        long held = text.ValidationDocuments.Sum(document => (long)document.Length);
        Assert.Equal(total, training.Length + held);
        // Documents have at most 400 of some 40,000 tokens: validation ends with the first that fills it.
        Assert.InRange(held, (long)(share * total), (long)(share * total) + 400);

        // Walk the source's documents: each is the next one of one of the two sides.
        int at = 0, next = 0;
        foreach (int[] document in documents)
        {
            if (next < text.ValidationDocuments.Count && text.ValidationDocuments[next].AsSpan().SequenceEqual(document))
            {
                next++;
                continue;
            }
            Assert.Equal(document, training[at..(at + document.Length)]);
            at += document.Length;
        }
        Assert.Equal(training.Length, at);
        Assert.Equal(text.ValidationDocuments.Count, next);
    }

    [Fact]
    public void Texts_of_several_blocks_are_closed_up_and_read_across_their_borders()
    {
        // 3 million tokens: three blocks of 1 << 20, moved by distances that are no multiple of anything.
        int[][] documents = Documents(new Random(42), 60, 110_000, 70_000);
        foreach (int vocabularySize in new[] { 70_000, 40_000 })
        {
            int[][] own = [.. documents.Select(document => document.Select(token => token % vocabularySize).ToArray())];
            TrainingText text = Read(own, 0.2, 1, vocabularySize);
            var held = text.ValidationDocuments.Select(document => string.Join(' ', document)).ToHashSet();
            int[] expected = [.. own.Where(document => !held.Contains(string.Join(' ', document))).SelectMany(document => document)];
            Assert.True(expected.Length > 2 << 20);
            Assert.Equal(expected, All(text));
            int[] part = new int[1000];
            foreach (long start in new long[] { 0, (1 << 20) - 1000, (1 << 20) - 999, (1 << 20) - 1, 1 << 20, (2 << 20) - 500, expected.Length - 1000 })
            {
                text.Read(start, part);
                Assert.Equal(expected[(int)start..((int)start + 1000)], part);
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => text.Read(expected.Length - 999, part));
            Assert.Throws<ArgumentOutOfRangeException>(() => text.Read(-1, part));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Threads_change_nothing(int threads)
    {
        var random = new Random(42);
        string[] texts = [.. Enumerable.Range(0, 300).Select(_ => Gim.Tests.Text.Sources.TempFolder.Words(random.Next(1, 400), random.Next()))];
        TrainingText one = Read(texts, 1), text = Read(texts, threads);
        Assert.Equal(one.Hash, text.Hash);
        Assert.Equal(All(one), All(text));
        Assert.Equal(one.ValidationDocuments, text.ValidationDocuments);

        static TrainingText Read(string[] texts, int threads) => TrainingText.Read(
            "test", new MemorySource(texts), new ByteTokenizer(), 0.05, 42, new DocumentSides(), threads, SilentLog.Instance, default);
    }

    [Fact]
    public void Equal_documents_are_on_one_side()
    {
        var random = new Random(42);
        for (int seed = 0; seed < 20; seed++)
        {
            int[][] different = Documents(random, 40, 30, 70_000);
            int[][] documents = [.. Enumerable.Range(0, 300).Select(_ => different[random.Next(different.Length)])];
            TrainingText text = Read(documents, 0.1, seed, 70_000);
            var held = text.ValidationDocuments.Select(document => string.Join(' ', document)).ToHashSet();
            int[][] expected = [.. documents.Where(document => !held.Contains(string.Join(' ', document)))];
            Assert.NotEmpty(held);
            Assert.Equal(expected.SelectMany(document => document), All(text));
            Assert.Equal(300, expected.Length + text.ValidationDocuments.Count);
        }
    }

    [Fact]
    public void The_seed_draws_and_each_document_can_be_drawn()
    {
        int[][] documents = [.. Enumerable.Range(0, 20).Select(i => Enumerable.Repeat(i, 10).ToArray())];
        int[] drawn = new int[20];
        for (int seed = 0; seed < 2000; seed++)
        {
            TrainingText text = Read(documents, 0.1, seed, 300);
            Assert.Equal(2, text.ValidationDocuments.Count);
            foreach (int[] document in text.ValidationDocuments)
                drawn[document[0]]++;
        }
        // 4,000 draws of 20 documents: 200 each, standard deviation 13.
        Assert.All(drawn, count => Assert.InRange(count, 140, 260));
        Assert.Equal(Read(documents, 0.1, 7, 300).Hash, Read(documents, 0.1, 7, 300).Hash);
    }

    [Fact]
    public void Documents_too_large_are_passed_over()
    {
        // 0.05 of 1,090 tokens are 54.5, so that the document of 1,000 is never held back and small ones fill it.
        int[][] documents = [[.. Enumerable.Range(0, 1000)], .. Enumerable.Range(0, 9).Select(i => Enumerable.Repeat(i, 10).ToArray())];
        for (int seed = 0; seed < 50; seed++)
            Assert.All(Read(documents, 0.05, seed, 1000).ValidationDocuments, document => Assert.Equal(10, document.Length));
    }

    [Fact]
    public void Where_no_document_is_small_enough_the_end_of_the_longest_is_held_back()
    {
        int[] shorter = [.. Enumerable.Range(0, 90)], longer = [.. Enumerable.Range(100, 110)];
        TrainingText text = Read([shorter, longer], 0.1, 42, 300);
        Assert.Equal<IEnumerable<int>>([.. shorter, .. longer[..90]], All(text));
        Assert.Equal([longer[90..]], text.ValidationDocuments);

        // Its equals are cut with it: else training would read what is held back.
        text = Read([longer, shorter, longer], 0.1, 42, 300);
        Assert.Equal<IEnumerable<int>>([.. longer[..94], .. shorter, .. longer[..94]], All(text));
        Assert.Equal([longer[94..], longer[94..]], text.ValidationDocuments);
    }

    [Theory]
    [InlineData("1", 1, 0)]
    [InlineData("1 2", 1, 1)]
    [InlineData("1 2 3", 2, 1)]
    public void Tiny_documents_keep_something_to_train_on(string document, int training, int held)
    {
        TrainingText text = Read([Tokens(document)], 0.01, 42, 300);
        Assert.Equal(training, text.TokenCount);
        Assert.Equal(held, text.ValidationDocuments.Sum(part => part.Length));
        Assert.Equal<IEnumerable<int>>(Tokens(document), [.. All(text), .. text.ValidationDocuments.SelectMany(part => part)]);
    }

    [Fact]
    public void A_text_written_otherwise_in_a_second_source_is_on_the_same_side()
    {
        var random = new Random(42);
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"Document {i}: \"" + Gim.Tests.Text.Sources.TempFolder.Words(random.Next(5, 60), i) + "!\"")];
        var sides = new DocumentSides();
        var tokenizer = new ByteTokenizer();
        TrainingText written = Read(new MemorySource(texts));
        TrainingText spoken = Read(new TransformedSource(new MemorySource([.. texts.Reverse()]), TextTransform.LowerCaseWithoutPunctuation));
        Assert.True(written.ValidationDocuments.Count > 5);
        Assert.Equal(
            written.ValidationDocuments.Select(document => TextTransforms.Apply(tokenizer.Decode(document), TextTransform.LowerCaseWithoutPunctuation)).Order(),
            spoken.ValidationDocuments.Select(document => tokenizer.Decode(document)).Order());

        // A third source that wants none held back still does not train on those.
        TrainingText third = TrainingText.Read("third", new MemorySource(texts), tokenizer, 0, 9, sides, 1, SilentLog.Instance, default);
        Assert.Equal(written.Hash, third.Hash);

        TrainingText Read(IDocumentSource source) => TrainingText.Read("test", source, tokenizer, 0.1, 42, sides, 2, SilentLog.Instance, default);
    }

    [Fact]
    public void One_document_in_two_sources_is_cut_at_the_same_part()
    {
        var sides = new DocumentSides();
        string[] text = ["A.B C.D E.F G.H I.J"];
        TrainingText first = TrainingText.Read("a", new MemorySource(text), new ByteTokenizer(), 0.2, 1, sides, 1, SilentLog.Instance, default);
        TrainingText second = TrainingText.Read(
            "b", new TransformedSource(new MemorySource(text), TextTransform.LowerCaseWithoutPunctuation), new ByteTokenizer(), 0.2, 1, sides, 1,
            SilentLog.Instance, default);
        Assert.Equal((15, 4), (first.TokenCount, first.ValidationDocuments[0].Length));
        Assert.Equal(second.TokenCount + second.ValidationDocuments[0].Length, TextTransforms.Apply(text[0], TextTransform.LowerCaseWithoutPunctuation).Length);
        Assert.InRange(second.ValidationDocuments[0].Length, 2, 4);
    }

    [Fact]
    public void The_hash_tells_tokens_and_split()
    {
        int[][] documents = Documents(new Random(42), 30, 30, 300);
        var hashes = new HashSet<string> { Read(documents, 0.1, 1, 300).Hash };
        Assert.True(hashes.Add(Read(documents, 0.1, 2, 300).Hash));
        Assert.True(hashes.Add(Read(documents, 0, 1, 300).Hash));
        documents[3][0] ^= 1;
        Assert.True(hashes.Add(Read(documents, 0.1, 1, 300).Hash));
    }

    [Fact]
    public void Sources_without_documents_and_shares_out_of_range_are_refused()
    {
        InputException problem = Assert.Throws<InputException>(() => Read([], 0.1, 1, 300));
        Assert.Contains("\"test\" is empty: memory", problem.Message, StringComparison.Ordinal);
        foreach (double share in new[] { -0.1, 0.6, double.NaN, double.PositiveInfinity })
            Assert.Throws<ArgumentOutOfRangeException>(() => Read([[1, 2]], share, 1, 300));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read([[1, 300]], 0, 1, 300));
    }

    [Fact]
    public void Validation_examples_are_drawn_from_what_is_held_back()
    {
        int[][] documents = Documents(new Random(42), 100, 100, 70_000);
        TrainingText text = Read(documents, 0.2, 1, 70_000);
        var log = new WarningLog();
        ValidationText validation = ValidationText.Draw(text.Name, text.ValidationDocuments, 64, 8, 5, 42, log)!;
        Assert.Equal("test", validation.Name);
        Assert.Equal(text.ValidationDocuments.SelectMany(document => document), validation.Text.Tokens.ToArray());
        Assert.Equal(40, validation.Examples.Count);
        Assert.All(Enumerable.Range(0, 40), i => Assert.InRange(validation.Examples[i].Position, 64, validation.Text.TokenCount - 1));
        Assert.Empty(log.Warnings);

        Assert.Null(ValidationText.Draw(text.Name, text.ValidationDocuments, 10_000, 8, 5, 42, log));
        Assert.Contains("10,008", Assert.Single(log.Warnings), StringComparison.Ordinal);
        long held = validation.Text.TokenCount;
        Assert.Equal(1, ValidationText.Draw(text.Name, text.ValidationDocuments, (int)held - 1, 1, 5, 42, log)!.Examples.Count);
        Assert.Null(ValidationText.Draw(text.Name, text.ValidationDocuments, (int)held, 1, 5, 42, log));
    }

    internal static TrainingText Read(int[][] documents, double share, long seed, int vocabularySize)
    {
        var tokenizer = new NumberTokenizer(vocabularySize);
        return TrainingText.Read(
            "test", new MemorySource([.. documents.Select(document => tokenizer.Decode(document))]), tokenizer, share, seed, new DocumentSides(), 1,
            SilentLog.Instance, default);
    }

    private static int[][] Documents(Random random, int count, int longest, int vocabularySize)
        => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => random.Next(vocabularySize)).ToArray())];

    private static int[] All(TrainingText text)
    {
        int[] tokens = new int[text.TokenCount];
        text.Read(0, tokens);
        return tokens;
    }

    private static int[] Tokens(string document) => new NumberTokenizer(300).Encode(document);
}
