using Gim.Evaluate;

namespace Gim.Tests.Evaluate;

public sealed class RunFiguresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reliability_of_a_case_worked_by_hand()
    {
        var reliability = new Reliability();
        foreach (var (probability, right) in (ReadOnlySpan<(double, bool)>)[(0.05, false), (0.35, true), (0.31, false), (0.95, true), (1, true), (0.9, false), (double.NaN, true)])
            reliability.Add(probability, right);
        Assert.Equal(6, reliability.Count);
        Assert.Equal(new ReliabilityBin(1, 0.05, 0), reliability[0]);
        Assert.Equal((2, 0.5), (reliability[3].Count, reliability[3].Accuracy));
        Assert.Equal(0.33, reliability[3].MeanProbability, 12);
        Assert.Equal(3, reliability[9].Count);
        Assert.Equal(0, reliability[5].Count);
        Assert.True(double.IsNaN(reliability[5].Accuracy));
        // (1 · |0 - 0.05| + 2 · |1/2 - 0.33| + 3 · |2/3 - 0.95|)/6
        Assert.Equal((0.05 + 0.34 + 0.85) / 6, reliability.ExpectedError, 12);
        Assert.True(double.IsNaN(new Reliability().ExpectedError));
    }

    [Fact]
    public void A_model_that_is_right_as_often_as_it_says_is_calibrated()
    {
        var random = new Random(42);
        Reliability honest = new(), boastful = new();
        for (int i = 0; i < 200_000; i++)
        {
            double probability = random.NextDouble();
            bool right = random.NextDouble() < probability;
            honest.Add(probability, right);
            boastful.Add(Math.Sqrt(probability), right);
        }
        Assert.InRange(honest.ExpectedError, 0, 0.01);
        // E|√p - p| = 2/3 - 1/2.
        Assert.InRange(boastful.ExpectedError, 0.16, 0.175);
    }

    [Fact]
    public void Classes_of_lengths_meet_without_gaps_and_hold_every_row()
    {
        var random = new Random(42);
        var byLength = new AccuracyByLength();
        PredictionScore[] rows = [.. Enumerable.Range(0, 500).Select(i => Row(i, 0, 0.5, random.Next(90), random.Next(2) == 0)), Row(500, 0, 1, int.MaxValue, true)];
        foreach (PredictionScore row in rows)
            byLength.Add(row);
        IReadOnlyList<LengthClass> classes = byLength.Classes;
        Assert.Equal((0, int.MaxValue), (classes[0].From, classes[^1].To));
        for (int i = 1; i < classes.Count; i++)
            Assert.Equal(classes[i - 1].To + 1, classes[i].From);
        foreach (LengthClass one in classes)
        {
            PredictionScore[] own = [.. rows.Where(row => row.SuffixLen >= one.From && row.SuffixLen <= one.To)];
            Assert.Equal((own.Length, own.Count(row => row.Recall1)), (one.Examples, one.Right));
        }
        Assert.Equal(["0", "1", "2", "3", "4", "5 to 8", "9 to 16"], classes.Take(7).Select(one => one.Label));
        Assert.Equal("65 or more", classes[^1].Label);
    }

    [Fact]
    public void The_surest_are_picked_one_of_a_document()
    {
        var random = new Random(42);
        PredictionScore[] rows = [.. Enumerable.Range(0, 400).Select(i => Row(i, i / 8, random.Next(4) / 4.0, random.Next(3), random.Next(2) == 0) with
        {
            Source = random.Next(2) == 0 ? "infinigram" : "fuzzy-induction", QueryCount = random.Next(3),
        })];
        rows[7] = rows[7] with { TopProb = double.NaN };
        var notable = new NotableExamples(5);
        foreach (PredictionScore row in rows)
            notable.Add(row);
        foreach (string source in (string[])["infinigram", "fuzzy-induction"])
        {
            foreach (bool right in (bool[])[true, false])
            {
                IEnumerable<PredictionScore> expected = rows
                    .Where(row => row.Source == source && row.Recall1 == right && row.QueryCount > 0 && !double.IsNaN(row.TopProb))
                    .OrderByDescending(row => row.TopProb).ThenByDescending(row => row.SuffixLen).ThenByDescending(row => row.QueryCount).ThenBy(row => row.Example)
                    .DistinctBy(row => row.Document).Take(5);
                Assert.Equal(expected, notable.Of(source, right));
            }
        }
        Assert.Empty(notable.Of("exact-induction", true));
        Assert.Equal(["fuzzy-induction", "infinigram"], notable.Sources);
    }

    [Fact]
    public void Probabilities_of_an_interrupted_run_come_back_as_far_as_they_are_whole()
    {
        double[] values = [0.25, 1, 0, 1.0 / 3];
        using (TopProbabilities first = TopProbabilities.Open(folder.Path, 0))
        {
            Assert.Empty(first.Kept);
            first.Append(values);
        }
        string path = Assert.Single(Directory.GetFiles(folder.Path));
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length <= whole.Length; length++)
        {
            foreach (int rows in (int[])[0, 2, 4, 6])
            {
                File.WriteAllBytes(path, whole[..length]);
                using TopProbabilities file = TopProbabilities.Open(folder.Path, rows);
                Assert.Equal(Enumerable.Range(0, rows).Select(i => i < length / 8 ? values[i] : double.NaN), file.Kept);
            }
        }
        // Values of rows that were not kept are gone, new ones stand behind those that were.
        File.WriteAllBytes(path, whole);
        using (TopProbabilities file = TopProbabilities.Open(folder.Path, 2))
            file.Append([0.5]);
        using (TopProbabilities file = TopProbabilities.Open(folder.Path, 4))
        {
            Assert.Equal([0.25, 1, 0.5, double.NaN], file.Kept);
            file.Remove();
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(7.5), .. BitConverter.GetBytes(-0.1), .. BitConverter.GetBytes(double.NegativeInfinity)]);
        using (TopProbabilities damaged = TopProbabilities.Open(folder.Path, 3))
            Assert.All(damaged.Kept, value => Assert.True(double.IsNaN(value)));
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.Contains("--output", Assert.Throws<InputException>(() => TopProbabilities.Open(folder.Path, 0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Passages_have_their_whole_context_and_do_not_overlap(bool crossDocuments)
    {
        const int context = 10, length = 7;
        var random = new Random(42);
        for (int run = 0; run < 200; run++)
        {
            TestText text = TestText.From([.. Enumerable.Range(0, 1 + random.Next(6)).Select(_ => new int[random.Next(60)])]);
            TextPassage[] passages = [.. TextPassage.Draw(text, context, length, 3, crossDocuments, run)];
            Assert.Equal(passages, TextPassage.Draw(text, context, length, 3, crossDocuments, run));
            long longest = crossDocuments ? text.TokenCount : Enumerable.Range(0, text.DocumentCount).Max(i => text.Bounds(i).End - text.Bounds(i).Start);
            Assert.Equal(longest > context, passages.Length > 0);
            foreach (TextPassage passage in passages)
            {
                var (start, end) = text.Bounds(passage.Document);
                Assert.Equal(passage.Position, start + passage.PositionInDocument);
                Assert.True(passage.Position >= start && passage.Position < end);
                Assert.True(passage.Position - context >= (crossDocuments ? 0 : start) && passage.Position + passage.Length <= (crossDocuments ? text.TokenCount : end));
                Assert.Equal(longest - context >= length ? length : passage.Length, passage.Length);
                Assert.InRange(passage.Length, 1, length);
            }
            for (int i = 1; i < passages.Length; i++)
                Assert.True(passages[i - 1].Position + passages[i - 1].Length <= passages[i].Position);
        }
        TestText many = TestText.From([new int[1000]]);
        Assert.NotEqual(TextPassage.Draw(many, context, length, 3, crossDocuments, 1), TextPassage.Draw(many, context, length, 3, crossDocuments, 2));
    }

    private static PredictionScore Row(int example, int document, double top, int length, bool right)
        => new("m", example, document, 0, 0, 0, 1, 0, length, false, right, right, right, "infinigram") { TopProb = top };
}
