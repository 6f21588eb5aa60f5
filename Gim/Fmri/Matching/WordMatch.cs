namespace Gim.Fmri.Matching;

/// <summary>
/// Exact induction over the words themselves: the value of a row is the mean of the values of the rows in which its last n
/// words were said before, for the largest n for which they were. Every occurrence counts once, by the row in which its last
/// word begins; rows without one are 0. Words before a story's first row are part of what was said, but no occurrence ends
/// there; no words of two stories count as one another's continuation.
/// </summary>
internal static class WordMatch
{
    /// <summary>n beyond which longer matches are not told apart, unless said otherwise.</summary>
    public const int DefaultMost = 16;

    /// <summary>Rows that a thread takes at once.</summary>
    private const int RowsTogether = 64;

    /// <summary>Occurrences in the same story that end in a row s &lt;= t - gap, at an earlier word than the row's last one.</summary>
    /// <param name="words">Of all rows; those of other stories (<see cref="WordRows.OtherStories"/>) for the control.</param>
    /// <param name="values">[rows, value columns], usually responses.</param>
    /// <param name="stories">Rows of no story are 0.</param>
    /// <param name="gap">How many TRs an occurrence must lie back, 1 or more; see <see cref="InStoryRule.Gap"/>.</param>
    /// <param name="most">The largest n.</param>
    /// <param name="strongest">How many rows are kept as evidence for each row.</param>
    /// <exception cref="InputException">A value is not a finite number.</exception>
    /// <exception cref="ArgumentException">The rows differ, a story lies outside them, or a number makes no sense.</exception>
    public static WordMatches InStory(
        WordRows words, Matrix values, IReadOnlyList<StoryRows> stories, int gap = 5, int most = DefaultMost, int strongest = 0, int threads = 1,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, 1);
        Check(words, values, most, strongest);
        StoryColumns.RequireInside(stories, values.Rows);
        WordMatches matches = None(values.Rows, values, strongest);
        foreach (StoryRows story in stories)
        {
            var places = WordPlaces.Of(words, story.Start, story.Count);
            int[] rows = [.. Enumerable.Range(story.Start, story.Count)];
            Match(places, row => places.History(words, row), row => row - gap, rows, values, matches, most, threads, cancellation);
        }
        return matches;
    }

    /// <summary>Occurrences in the memory; a row of some fold sees none of its fold.</summary>
    /// <param name="memory">The memory's words, usually of the training stories.</param>
    /// <param name="values">[memory rows, value columns]</param>
    /// <param name="memoryFolds">[memory rows], the fold whose rows do not see it.</param>
    /// <param name="words">Of the rows that are matched; those of other stories for the control.</param>
    /// <param name="folds">[rows], the fold of each, or <see cref="CrossStoryMatch.NoFold"/>.</param>
    /// <param name="memoryStories">[memory rows], the number of the story of each, for stand-ins; default: its fold.</param>
    /// <param name="standIns">
    /// [rows], the story whose memory each row does not see besides (<see cref="Controls.OtherNumbers"/>), or nothing. Where other
    /// stories' words stand in, they would find themselves in the memory, from end to end.
    /// </param>
    /// <inheritdoc cref="InStory"/>
    public static WordMatches CrossStory(
        WordRows memory, Matrix values, ReadOnlySpan<int> memoryFolds, WordRows words, ReadOnlySpan<int> folds, ReadOnlySpan<int> memoryStories = default,
        ReadOnlySpan<int> standIns = default, int most = DefaultMost, int strongest = 0, int threads = 1, CancellationToken cancellation = default)
    {
        Check(memory, values, most, strongest);
        if (memoryFolds.Length != memory.Rows || folds.Length != words.Rows)
            throw new ArgumentException($"there are folds of {memoryFolds.Length} memory rows and {folds.Length} others where there are words of {memory.Rows} and {words.Rows}", nameof(folds));
        if ((!standIns.IsEmpty && standIns.Length != words.Rows) || (!memoryStories.IsEmpty && memoryStories.Length != memory.Rows))
            throw new ArgumentException($"there are stand-ins of {standIns.Length} rows and stories of {memoryStories.Length} where there are {words.Rows} and {memory.Rows}", nameof(standIns));
        WordMatches matches = None(words.Rows, values, strongest);
        var all = WordPlaces.Of(memory, 0, memory.Rows);
        WordHistory[] histories = all.Histories(words);
        int[] foldOfMemory = memoryFolds.ToArray(), storyOfMemory = memoryStories.IsEmpty ? foldOfMemory : memoryStories.ToArray();
        foreach (var ((own, standIn), rows) in CrossStoryMatch.RowsThatSeeAlike(folds, standIns))
        {
            WordPlaces seen = all.Where(row => MatchMemory.Sees(own, foldOfMemory[row]) && MatchMemory.Sees(standIn, storyOfMemory[row]));
            Match(seen, row => histories[row], _ => int.MaxValue, [.. rows], values, matches, most, threads, cancellation);
        }
        return matches;
    }

    private static WordMatches None(int rows, Matrix values, int strongest)
        => new(new MatchedValues(new Matrix(rows, values.Columns), new StrongestMatches(rows, strongest)), new int[rows]);

    /// <param name="words">Of the rows that have the values.</param>
    private static void Check(WordRows words, Matrix values, int most, int strongest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(strongest);
        if (words.Rows != values.Rows)
            throw new ArgumentException($"there are words of {words.Rows} rows and values of {values.Rows}", nameof(words));
        FiniteValues.Require(values, "value column");
    }

    /// <param name="history">What was said by the end of a row.</param>
    /// <param name="newest">The last row in which an occurrence may end.</param>
    private static void Match(
        WordPlaces places, Func<int, WordHistory> history, Func<int, int> newest, int[] rows, Matrix values, WordMatches matches, int most, int threads,
        CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (rows.Length + RowsTogether - 1) / RowsTogether, options, () => new WordOccurrences(places, most, values.Columns, matches.Matched.Strongest.Each), (part, _, found) =>
        {
            int end = Math.Min(rows.Length, (part + 1) * RowsTogether);
            for (int i = part * RowsTogether; i < end; i++)
            {
                int row = rows[i];
                matches.Lengths[row] = found.Find(history(row), newest(row));
                found.Mean(values, matches.Matched.Values.Row(row));
                found.AddStrongest(row, matches.Matched.Strongest);
            }
            return found;
        }, _ => { });
    }
}

/// <param name="Matched">Strongest matches are weighted by their share of all occurrences.</param>
/// <param name="Lengths">[rows], n: how many last words were said before; 0 where not even the last one was.</param>
internal sealed record WordMatches(MatchedValues Matched, int[] Lengths);
