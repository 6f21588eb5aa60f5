using Gim.Fmri;
using Gim.Fmri.Matching;
using Gim.Fmri.Stimulus;

namespace Gim.Tests.Fmri.Matching;

public class WordMatchTests
{
    /// <summary>Whose words stand in for those of a row: the story they are from, and the row in it.</summary>
    private delegate (int Story, int Row) StandIn(int story, int row);

    /// <summary>Vocabulary, gap, most, shift of the stories (0: their own words).</summary>
    public static TheoryData<int, int, int, int> Cases()
    {
        var cases = new TheoryData<int, int, int, int>();
        foreach (int vocabulary in (int[])[1, 2, 4, 30])
        {
            foreach (int gap in (int[])[1, 2, 5, 40])
            {
                foreach (int most in (int[])[1, 3, 16])
                {
                    foreach (int shift in (int[])[0, 1, 2])
                        cases.Add(vocabulary, gap, most, shift);
                }
            }
        }
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Inside_a_story_it_is_every_earlier_place_looked_at_in_turn(int vocabulary, int gap, int most, int shift)
    {
        RequireEveryPlace(new Case(vocabulary, seed: 42 + vocabulary), gap, most, shift);
        // Of two stories the shorter one stands in for the other again and again.
        RequireEveryPlace(new Case(vocabulary, seed: 43 + vocabulary, 45, 9), gap, most, shift);
    }

    private static void RequireEveryPlace(Case some, int gap, int most, int shift)
    {
        WordRows words = shift == 0 ? some.Words : some.Words.OtherStories(some.Places, shift);
        StandIn standIn = some.StandIn(shift);
        WordMatches matches = WordMatch.InStory(words, some.Values, some.Places, gap, most, strongest: 3);
        for (int story = 0; story < some.Stories.Length; story++)
        {
            for (int row = 0; row < some.Places[story].Count; row++)
            {
                List<(Heard History, int Row)> candidates = [];
                Heard own = some.At(standIn, story, row);
                for (int s = 0; s <= row - gap; s++)
                {
                    foreach (Heard heard in some.WordsOf(standIn, story, s))
                    {
                        // The word that is matched is no earlier place of itself.
                        if (!(heard.Text == own.Text && heard.Pass == own.Pass && heard.Count == own.Count))
                            candidates.Add((heard, some.Places[story].Start + s));
                    }
                }
                RequireMean(own, candidates, some.Values, most, matches, some.Places[story].Start + row);
            }
        }
        RequireNothing(matches, 0);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Across_stories_it_is_every_place_of_other_folds_looked_at_in_turn(int vocabulary, int gap, int most, int shift)
    {
        Case some = new(vocabulary, seed: 17 + gap);
        WordRows words = shift == 0 ? some.Words : some.Words.OtherStories(some.Places, shift);
        StandIn standIn = some.StandIn(shift), real = some.StandIn(0);
        // The memory is all stories but the last one, which is of no fold; the second and the fourth are of one fold.
        int[] foldOfStory = [0, 1, 2, 1, 3, CrossStoryMatch.NoFold];
        int memoryRows = some.Places[^1].Start;
        int[] folds = new int[some.Values.Rows];
        for (int story = 0; story < some.Stories.Length; story++)
            folds.AsSpan(some.Places[story].Start, some.Places[story].Count).Fill(foldOfStory[story]);
        var memory = WordRows.Of(some.Stories[..^1], some.Places[..^1], memoryRows);
        var values = new Matrix(memoryRows, some.Values.Columns, some.Values.Values[..(memoryRows * some.Values.Columns)]);
        int[] standIns = shift == 2 ? Controls.OtherNumbers(folds, some.Places, shift) : [];
        WordMatches matches = WordMatch.CrossStory(memory, values, folds.AsSpan(0, memoryRows), words, folds, standIns: standIns, most: most, strongest: 3);
        for (int story = 0; story < some.Stories.Length; story++)
        {
            for (int row = 0; row < some.Places[story].Count; row++)
            {
                List<(Heard History, int Row)> candidates = [];
                Heard own = some.At(standIn, story, row);
                List<int> unseen = [foldOfStory[story]];
                if (shift == 2) unseen.Add(foldOfStory[own.Text]);
                for (int other = 0; other < some.Stories.Length - 1; other++)
                {
                    for (int s = 0; s < some.Places[other].Count && !unseen.Contains(foldOfStory[other]); s++)
                    {
                        foreach (Heard heard in some.WordsOf(real, other, s))
                            candidates.Add((heard, some.Places[other].Start + s));
                    }
                }
                RequireMean(own, candidates, values, most, matches, some.Places[story].Start + row);
            }
        }
        RequireNothing(matches, 0);
    }

    private static void RequireMean(Heard own, List<(Heard History, int Row)> candidates, Matrix values, int most, WordMatches matches, int row)
    {
        int longest = candidates.Count == 0 ? 0 : candidates.Max(candidate => Math.Min(most, own.Shared(candidate.History)));
        Assert.Equal(longest, matches.Lengths[row]);
        if (longest == 0)
        {
            RequireNothing(matches, row);
            return;
        }
        int[] rows = [.. candidates.Where(candidate => own.Shared(candidate.History) >= longest).Select(candidate => candidate.Row)];
        double[] mean = [.. Enumerable.Range(0, values.Columns).Select(column => rows.Average(s => (double)values[s, column]))];
        Assert.True(FmriCases.Difference(mean, matches.Matched.Values.Row(row)) <= 1e-6, $"row {row}");
        (int Row, int Count)[] strongest = [.. rows.CountBy(s => s).Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(3)];
        Assert.Equal(strongest.Select(pair => pair.Row), matches.Matched.Strongest.Rows(row).ToArray());
        Assert.Equal(strongest.Select(pair => (float)pair.Count / rows.Length), matches.Matched.Strongest.Weights(row).ToArray());
    }

    private static void RequireNothing(WordMatches matches, int row)
    {
        Assert.Equal(0, matches.Lengths[row]);
        Assert.All(matches.Matched.Values.Row(row).ToArray(), value => Assert.Equal(0, value));
        Assert.True(matches.Matched.Strongest.Rows(row).IsEmpty);
    }

    [Fact]
    public void The_longest_suffix_counts_and_its_words_before_the_first_row_do_too()
    {
        // TRs of 1 s from -1 s on, one word each but for "b x" in the third row; the first TR is left out.
        Word[] words =
        [
            new("x", -1, 0), new("a", 0, 1), new("c", 1, 2), new("b", 2, 2.4), new("x", 2.5, 3), new("b", 3, 4), new("b", 4, 5), new("x", 5, 6), new("a", 6, 7), new("d", 7.5, 8), new("x", 8, 9),
        ];
        var story = new Story("s", words, new TrGrid(10, 1, -1, 1, 0));
        StoryRows[] places = [new("s", 0, 9)];
        var values = new Matrix(9, 1, [1, 2, 4, 8, 16, 32, 64, 128, 256]);
        WordMatches matches = WordMatch.InStory(WordRows.Of([story], places, 9), values, places, gap: 1, strongest: 2);
        // b at row 3 and x before the first row are no ends here; "b x" (row 5) was said in row 2, "x a" (row 6) in row 0.
        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 0, 1], matches.Lengths);
        Assert.Equal([0, 0, 0, 4, 6, 4, 1, 0, 18], matches.Matched.Values.Values);
        Assert.Equal([2, 3], matches.Matched.Strongest.Rows(4).ToArray());
        Assert.Equal([0.5f, 0.5f], matches.Matched.Strongest.Weights(8).ToArray());
        // Two rows back, only the first b is left to row 4; a silent row's last word is no earlier place of itself.
        Assert.Equal(4, WordMatch.InStory(WordRows.Of([story], places, 9), values, places, gap: 2).Matched.Values[4, 0]);
        var silent = new Story("s", [new("a", 0, 1), new("b", 1, 2)], TrGrid.Whole(9, 1));
        Assert.Equal(new int[9], WordMatch.InStory(WordRows.Of([silent], places, 9), values, places, gap: 1).Lengths);
    }

    [Fact]
    public void Several_words_in_one_row_add_up()
    {
        // Row 0 says "a" once, row 1 three times, row 2 twice, row 3 not at all.
        Word[] words = [new("a", 0, 1), new("b", 1.1, 2), new("a", 1.2, 2), new("c", 1.3, 2), new("a", 1.4, 2), new("d", 1.5, 2), new("a", 1.6, 2), new("e", 2.1, 3), new("a", 2.2, 3), new("f", 2.3, 3), new("a", 2.4, 3), new("g", 9.1, 10), new("a", 9.2, 10)];
        StoryRows[] places = [new("s", 0, 10)];
        var values = new Matrix(10, 1, [1, 10, 100, 0, 0, 0, 0, 0, 0, 7]);
        WordMatches matches = WordMatch.InStory(WordRows.Of([new("s", words, TrGrid.Whole(10, 1))], places, 10), values, places, gap: 5, strongest: 2);
        Assert.Equal((1 + 3 * 10 + 2 * 100) / 6f, matches.Matched.Values[9, 0], 1e-5f);
        Assert.Equal([1, 2], matches.Matched.Strongest.Rows(9).ToArray());
        Assert.Equal([3 / 6f, 2 / 6f], matches.Matched.Strongest.Weights(9).ToArray());
    }

    [Fact]
    public void Is_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        Case some = new(3, seed: 1, 500, 300, 0, 700);
        int[] folds = [.. Enumerable.Range(0, some.Values.Rows).Select(row => row / 100 % 4)];
        WordMatches inStory = WordMatch.InStory(some.Words, some.Values, some.Places, strongest: 4);
        WordMatches across = WordMatch.CrossStory(some.Words, some.Values, folds, some.Words, folds, strongest: 4);
        foreach (int threads in (int[])[2, 7])
        {
            RequireSame(inStory, WordMatch.InStory(some.Words, some.Values, some.Places, strongest: 4, threads: threads));
            RequireSame(across, WordMatch.CrossStory(some.Words, some.Values, folds, some.Words, folds, strongest: 4, threads: threads));
        }

        static void RequireSame(WordMatches one, WordMatches other)
        {
            Assert.Equal(one.Matched.Values.Values, other.Matched.Values.Values);
            Assert.Equal(one.Lengths, other.Lengths);
            for (int row = 0; row < one.Lengths.Length; row++)
            {
                Assert.Equal(one.Matched.Strongest.Rows(row).ToArray(), other.Matched.Strongest.Rows(row).ToArray());
                Assert.Equal(one.Matched.Strongest.Weights(row).ToArray(), other.Matched.Strongest.Weights(row).ToArray());
            }
        }
    }

    [Fact]
    public void Nothing_to_match_gives_nothing()
    {
        Story silent = new("silent", [], TrGrid.Whole(4, 2)), empty = new("empty", [new("a", 0, 1)], new TrGrid(2, 2, 0, 1, 1)), one = new("one", [new("a", 0, 1)], TrGrid.Whole(1, 2));
        StoryRows[] places = [new("silent", 0, 4), new("empty", 4, 0), new("one", 4, 1)];
        var words = WordRows.Of([silent, empty, one], places, 5);
        Matrix values = FmriCases.Normal(5, 2);
        Assert.Equal(new float[10], WordMatch.InStory(words, values, places, 1, strongest: 2).Matched.Values.Values);
        // "a" is all that is known, and only its own fold knows it.
        Assert.Equal(new int[5], WordMatch.CrossStory(words, values, [0, 0, 0, 0, 1], words, [1, 1, 1, 1, 1]).Lengths);
        WordMatches seen = WordMatch.CrossStory(words, values, [0, 0, 0, 0, 1], words, [1, 1, 1, 1, 0]);
        Assert.Equal([0, 0, 0, 0, 1], seen.Lengths);
        Assert.Equal(values.Row(4).ToArray(), seen.Matched.Values.Row(4).ToArray());
        var nothing = WordRows.Of([], [], 0);
        Assert.Equal(new int[5], WordMatch.CrossStory(nothing, new Matrix(0, 2), [], words, new int[5], strongest: 3).Lengths);
        Assert.Empty(WordMatch.CrossStory(words, values, new int[5], nothing, []).Lengths);
        Assert.Empty(WordMatch.InStory(nothing, new Matrix(0, 2), []).Lengths);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Case some = new(3, seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => WordMatch.InStory(some.Words, some.Values, some.Places, gap: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordMatch.InStory(some.Words, some.Values, some.Places, most: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordMatch.InStory(some.Words, some.Values, some.Places, strongest: -1));
        Assert.Throws<ArgumentException>(() => WordMatch.InStory(some.Words, FmriCases.Normal(3, 1), some.Places));
        Assert.Throws<ArgumentException>(() => WordMatch.CrossStory(some.Words, some.Values, new int[3], some.Words, new int[some.Values.Rows]));
        int[] folds = new int[some.Values.Rows];
        Assert.Throws<ArgumentException>(() => WordMatch.CrossStory(some.Words, some.Values, folds, some.Words, folds, standIns: new int[3]));
        Assert.StartsWith("the 3 rows of 's1' stand where 's0'", Assert.Throws<ArgumentException>(() => WordRows.Of(some.Stories[..1], [new("s1", 0, 3)], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => WordRows.Of(some.Stories[..1], [], 3));
        some.Values[5, 1] = float.NaN;
        Assert.StartsWith("value column 1 is NaN in row 5", Errors.Of(() => WordMatch.InStory(some.Words, some.Values, some.Places)), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_one_word_without_end_are_no_trouble()
    {
        // 3,000 equal words: each row ends with the longest match that may be told apart, and all earlier rows say it.
        var grid = TrGrid.Whole(1000, 3);
        var story = new Story("s", [.. Enumerable.Range(0, 3000).Select(i => new Word("no", i, i + 1))], grid);
        StoryRows[] places = [new("s", 0, 1000)];
        WordMatches matches = WordMatch.InStory(WordRows.Of([story], places, 1000), FmriCases.Normal(1000, 1), places, gap: 5, most: int.MaxValue);
        // Row t has heard 3 (t + 1) words, row t - 5 has heard 15 fewer.
        for (int row = 0; row < 1000; row++)
            Assert.Equal(Math.Max(0, 3 * (row + 1) - 15), matches.Lengths[row]);
    }

    [SharedDataFact]
    public void Real_stories_repeat_themselves_and_one_another()
    {
        var data = Ds003020.Open(SharedData.Path("ds003020-pc"));
        Story[] stories = [.. data.Split.Test.Select(data.ReadStory)];
        StoryRows[] places = new StoryRows[stories.Length];
        for (int i = 0, start = 0; i < places.Length; start = places[i++].End)
            places[i] = new StoryRows(stories[i].Name, start, stories[i].Grid.Kept);
        int rows = places[^1].End;
        var words = WordRows.Of(stories, places, rows);
        Matrix values = FmriCases.Normal(rows, 2);
        int[] folds = new int[rows];
        for (int i = 0; i < places.Length; i++)
            folds.AsSpan(places[i].Start, places[i].Count).Fill(i);
        Assert.Equal(910, rows);
        Assert.InRange(WordMatch.InStory(words, values, places).Lengths.Average(), 0.5, 4);
        Assert.InRange(WordMatch.CrossStory(words, values, folds, words, folds).Lengths.Average(), 0.5, 4);
        // Another story's words find themselves in the memory, unless its fold is not seen either.
        WordRows others = words.OtherStories(places, 1);
        Assert.InRange(WordMatch.CrossStory(words, values, folds, others, folds).Lengths.Average(), 8, 16);
        Assert.InRange(WordMatch.CrossStory(words, values, folds, others, folds, standIns: Controls.OtherNumbers(folds, places, 1)).Lengths.Average(), 0.5, 4);
    }

    /// <summary>What was heard by some word's end: the words up to it, by plain lists.</summary>
    /// <param name="Text">The story.</param>
    /// <param name="Pass">The how manieth run of successive rows of it stands in for another story.</param>
    /// <param name="Words">All words of the story.</param>
    /// <param name="Count">How many were heard.</param>
    private sealed record Heard(int Text, int Pass, string[] Words, int Count)
    {
        /// <summary>How many last words are the same.</summary>
        public int Shared(Heard other)
        {
            int n = 0;
            while (n < Count && n < other.Count && Words[Count - 1 - n] == other.Words[other.Count - 1 - n])
                n++;
            return n;
        }
    }

    /// <summary>Random stories of few words, one without words, one without rows, and one longer than all others together; row 0 belongs to none.</summary>
    private sealed class Case
    {
        public Case(int vocabulary, int seed, params int[] counts)
        {
            var random = new Random(seed);
            if (counts.Length == 0) counts = [90, 9, 30, 0, 12, 25];
            Stories = new Story[counts.Length];
            Places = new StoryRows[counts.Length];
            for (int story = 0, start = 1; story < counts.Length; start += counts[story++])
            {
                // Two TRs are left out at the start and one at the end; some words come before the first TR and behind the last.
                var grid = new TrGrid(counts[story] + 3, 2, -2, 2, 1);
                var words = new List<Word>();
                for (double time = -4; time < grid.Start(grid.Count) + 3 && story != 4; time += random.Next(6) == 0 ? random.Next(12) : 1.3 * random.NextDouble())
                    words.Add(new Word($"w{random.Next(vocabulary)}", time, time + 0.1));
                Stories[story] = new Story($"s{story}", words, grid);
                Places[story] = new StoryRows($"s{story}", start, counts[story]);
            }
            Values = FmriCases.Normal(Places[^1].End, 3);
            Words = WordRows.Of(Stories, Places, Values.Rows);
        }

        public Story[] Stories { get; }

        public StoryRows[] Places { get; }

        public Matrix Values { get; }

        public WordRows Words { get; }

        public StandIn StandIn(int shift)
        {
            if (shift == 0) return (story, row) => (story, row);
            // A key that is its row's number tells where it was moved from.
            Matrix moved = Controls.OtherStories(new Matrix(Values.Rows, 1, [.. Enumerable.Range(0, Values.Rows).Select(i => (float)i)]), Places, shift);
            return (story, row) =>
            {
                int from = (int)moved[Places[story].Start + row, 0], other = Array.FindIndex(Places, place => place.Start <= from && from < place.End);
                return (other, from - Places[other].Start);
            };
        }

        public Heard At(StandIn standIn, int story, int row)
        {
            var (text, from) = standIn(story, row);
            double end = Stories[text].Grid.Start(from + Stories[text].Grid.TrimStart + 1);
            return new Heard(text, Pass(standIn, story, row), Texts(text), Stories[text].Words.Count(word => word.Start < end));
        }

        public IEnumerable<Heard> WordsOf(StandIn standIn, int story, int row)
        {
            var (text, from) = standIn(story, row);
            for (int word = 0; word < Stories[text].Words.Count; word++)
            {
                if (Stories[text].WordTrs[word] == from + Stories[text].Grid.TrimStart)
                    yield return new Heard(text, Pass(standIn, story, row), Texts(text), word + 1);
            }
        }

        private static int Pass(StandIn standIn, int story, int row)
        {
            int pass = 0;
            for (int t = 1; t <= row; t++)
                pass += standIn(story, t).Row == standIn(story, t - 1).Row + 1 ? 0 : 1;
            return pass;
        }

        private string[] Texts(int story) => [.. Stories[story].Words.Select(word => word.Text)];
    }
}
