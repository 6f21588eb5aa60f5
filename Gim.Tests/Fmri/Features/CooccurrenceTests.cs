using Gim.Fmri.Features;
using Gim.Fmri.Stimulus;
using Gim.Progress;
using Gim.Text;
using Gim.Tests.Text;

namespace Gim.Tests.Fmri.Features;

public sealed class CooccurrenceTests
{
    private static readonly string[] Vocabulary = ["a", "b", "c", "d", "e", "f"];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(int.MaxValue)]
    public void Counts_are_those_of_plain_loops(int distance)
    {
        var random = new Random(42);
        var counts = new CooccurrenceCounts(Vocabulary, ["e", "b", "a"], distance);
        var expected = new long[6, 3];
        foreach (int length in new[] { 0, 1, 2, 15, 16, 17, 200 })
        {
            int[] text = [.. Enumerable.Range(0, length).Select(_ => random.Next(-1, 6))];
            counts.Add(text);
            for (int i = 0; i < length; i++)
            {
                for (int j = 0; j < length; j++)
                {
                    int context = text[j] switch { 4 => 0, 1 => 1, 0 => 2, _ => -1 };
                    if (i != j && Math.Abs(i - j) <= distance && text[i] >= 0 && context >= 0)
                        expected[text[i], context]++;
                }
            }
        }
        for (int word = 0; word < 6; word++)
        {
            for (int context = 0; context < 3; context++)
                Assert.Equal(expected[word, context], counts.Of(word)[context]);
        }
        Assert.Equal(3, counts.IdOf("d"));
        Assert.Equal(-1, counts.IdOf("g"));
    }

    [Fact]
    public void Vectors_are_standardised_logarithms_of_counts()
    {
        var counts = new CooccurrenceCounts(Vocabulary, ["a", "b", "c"], 2);
        counts.Add([0, 1, 2, 3, 0, 0, 1, 4, 2, 2, 1, 3, 0]);
        CooccurrenceVectors vectors = CooccurrenceVectors.Of(counts, Vocabulary);
        Assert.Equal((3, 5), (vectors.Columns, vectors.Words));
        Assert.True(vectors.Of("f").IsEmpty);
        double[][] expected = [.. Enumerable.Range(0, 5).Select(word => counts.Of(word).ToArray().Select(count => Math.Log(1 + count)).ToArray())];
        for (int c = 0; c < 3; c++)
        {
            double[] scores = Scores([.. expected.Select(row => row[c])]);
            for (int word = 0; word < 5; word++)
                expected[word][c] = scores[word];
        }
        for (int word = 0; word < 5; word++)
        {
            double[] scores = Scores(expected[word]);
            for (int c = 0; c < 3; c++)
                Assert.Equal(scores[c], vectors.Of(Vocabulary[word])[c], 1e-5);
        }

        static double[] Scores(double[] values)
        {
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)));
            return [.. values.Select(x => (x - mean) / deviation)];
        }
    }

    [Fact]
    public void Stories_decide_the_words_and_any_text_is_counted_in()
    {
        Story training = Told("the dog and the cat and the bird"), test = Told("the fish and the unseen");
        IDocumentSource source = new MemorySource("The Fish, and the DOG.", "unrelated words only", "");
        CooccurrenceVectors vectors = CooccurrenceVectors.Count([training], [test], [source], 2, 15, SilentLog.Instance, default);
        // The two most frequent words, and every word that was near one of them somewhere.
        Assert.Equal(2, vectors.Columns);
        Assert.Equal(6, vectors.Words);
        Assert.False(vectors.Of("fish").IsEmpty);
        Assert.True(vectors.Of("unseen").IsEmpty);
        Assert.True(vectors.Of("unrelated").IsEmpty);
        Assert.Contains("no word to make vectors of", Errors.Of(() => CooccurrenceVectors.Count([Told("")], [test], [], 2, 15, SilentLog.Instance, default)), StringComparison.Ordinal);
    }

    private static Story Told(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Story("s", [.. words.Select((word, i) => new Word(word, i * 0.5, i * 0.5 + 0.4))], TrGrid.Whole(4, 2));
    }
}
