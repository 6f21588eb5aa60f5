using Gim.Evaluate;

namespace Gim.Tests.Evaluate;

public class ExampleSetTests
{
    [Theory]
    [InlineData(10, 5, 1, false)]
    [InlineData(10, 5, 4, false)]
    [InlineData(10, 1, 3, false)]
    [InlineData(10, 5, 1, true)]
    [InlineData(7, 3, 5, true)]
    public void All_examples_are_those_of_cutting_by_hand(int context, int stride, int consecutive, bool crossDocuments)
    {
        int[] lengths = [0, 5, 11, 10, 40, 1, 23, 14];
        TestText text = Text(lengths);
        var expected = new List<(int Document, long InDocument, long Position)>();
        IEnumerable<(long Start, long End)> stretches = crossDocuments
            ? [(0, text.TokenCount)]
            : Enumerable.Range(0, lengths.Length).Select(text.Bounds);
        foreach (var (start, end) in stretches)
        {
            for (long first = start; first + context + consecutive <= end; first += stride)
            {
                for (int k = 0; k < consecutive; k++)
                {
                    long position = first + context + k;
                    int document = Enumerable.Range(0, lengths.Length).Single(d => text.Bounds(d).Start <= position && position < text.Bounds(d).End);
                    expected.Add((document, position - text.Bounds(document).Start, position));
                }
            }
        }
        ExampleSet examples = ExampleSet.Draw(text, context, stride, consecutive, crossDocuments, 0, 1);
        Assert.Equal(expected.Count, examples.Available);
        Assert.Equal(expected, Enumerable.Range(0, examples.Count).Select(i => (examples[i].Document, examples[i].PositionInDocument, examples[i].Position)));
    }

    [Fact]
    public void A_drawing_is_a_part_in_text_order_that_the_seed_decides()
    {
        TestText text = Text([500, 300, 700]);
        ExampleSet all = ExampleSet.Draw(text, 20, 4, 2, false, 0, 1);
        long[] positions = Positions(ExampleSet.Draw(text, 20, 4, 2, false, 51, 1));
        Assert.Equal(51, positions.Length);
        Assert.Equal(positions.Order(), positions);
        Assert.Equal(51, positions.Distinct().Count());
        Assert.Subset(Positions(all).ToHashSet(), positions.ToHashSet());
        Assert.Equal(positions, Positions(ExampleSet.Draw(text, 20, 4, 2, false, 51, 1)));
        Assert.NotEqual(positions, Positions(ExampleSet.Draw(text, 20, 4, 2, false, 51, 2)));
    }

    [Fact]
    public void Asking_for_more_than_there_is_gives_all()
    {
        TestText text = Text([100]);
        ExampleSet examples = ExampleSet.Draw(text, 90, 1, 1, false, 1000, 1);
        Assert.Equal(10, examples.Count);
    }

    [Fact]
    public void Texts_that_are_too_short_are_refused_with_the_numbers()
    {
        InputException problem = Assert.Throws<InputException>(() => ExampleSet.Draw(Text([30, 40]), 1024, 512, 1, false, 0, 1));
        Assert.Contains("40", problem.Message, StringComparison.Ordinal);
        Assert.Contains("1,025", problem.Message, StringComparison.Ordinal);
        Assert.Contains("crossDocuments", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sample_is_equally_likely()
    {
        // 4 choose 2 = 6 samples; 6,000 draws give each about 1,000, standard deviation 29.
        var seen = new Dictionary<string, int>();
        for (int seed = 0; seed < 6000; seed++)
        {
            string sample = string.Join(",", new SeededRandom(seed).Sample(4, 2));
            seen[sample] = seen.GetValueOrDefault(sample) + 1;
        }
        Assert.Equal(6, seen.Count);
        Assert.All(seen.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void The_random_numbers_are_those_of_SplitMix64()
    {
        // The published test vector of the generator for seed 1234567.
        var random = new SeededRandom(1234567);
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [random.Next(), random.Next(), random.Next()]);
    }

    private static TestText Text(int[] lengths)
    {
        int next = 0;
        return TestText.From(lengths.Select(length => Enumerable.Range(0, length).Select(_ => next++).ToArray()).ToArray());
    }

    private static long[] Positions(ExampleSet examples) => [.. Enumerable.Range(0, examples.Count).Select(i => examples[i].Position)];
}
