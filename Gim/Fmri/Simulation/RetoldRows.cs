namespace Gim.Fmri.Simulation;

/// <summary>A row of a story.</summary>
internal readonly record struct StoryRow(string Story, int Row);

/// <summary>
/// Where else responses answer to what a story's rows answer to: what a match could find at best. A row answers to the words
/// of the TR <see cref="Lag"/> TRs before, for which their middle one stands.
/// </summary>
/// <param name="Earlier">For each row the last row of the same story, at least ten TRs before, that answers to the same word; -1 where none does.</param>
/// <param name="Elsewhere">For each row the rows of other training stories that answer to the same word; empty where none does.</param>
internal sealed record RetoldRows(IReadOnlyList<int> Earlier, IReadOnlyList<IReadOnlyList<StoryRow>> Elsewhere)
{
    /// <summary>TRs of 2 s from words to the larger part of the response: haemodynamic responses are largest after 4 to 7 s.</summary>
    public const int Lag = 2;

    /// <param name="training">The stories that are searched.</param>
    /// <param name="test">Further stories.</param>
    /// <returns>Of the training stories, then of the test stories.</returns>
    public static RetoldRows[] Of(IReadOnlyList<ToldStory> training, IReadOnlyList<ToldStory> test)
    {
        var tellings = training.SelectMany(story => story.Tellings.Select(telling => (Story: story, Telling: telling)))
            .ToLookup(told => told.Telling.Passage.Number);
        return [.. training.Concat(test).Select(story => Of(story, tellings))];
    }

    private static RetoldRows Of(ToldStory story, ILookup<int, (ToldStory Story, Telling Telling)> tellings)
    {
        var earlier = new int[story.Grid.Kept];
        var elsewhere = new IReadOnlyList<StoryRow>[story.Grid.Kept];
        int[] middle = MiddleWords(story);
        for (int row = 0, current = 0; row < earlier.Length; row++)
        {
            (earlier[row], elsewhere[row]) = (-1, []);
            int word = middle[row];
            if (word < 0)
                continue;
            while (word >= story.Tellings[current].FirstWord + story.Tellings[current].Count)
                current++;
            Telling own = story.Tellings[current];
            int place = word - own.FirstWord;
            for (int i = current - 1; i >= 0 && earlier[row] < 0; i--)
            {
                if (story.Tellings[i].Passage.Number == own.Passage.Number)
                    earlier[row] = Row(story, story.Tellings[i], place);
            }
            elsewhere[row] = [.. tellings[own.Passage.Number].Where(told => told.Story != story)
                .Select(told => new StoryRow(told.Story.Name, Row(told.Story, told.Telling, place))).Where(found => found.Row >= 0)];
        }
        return new RetoldRows(earlier, elsewhere);
    }

    /// <summary>For each row after trimming the middle one of the words that it answers to, -1 where there is none.</summary>
    private static int[] MiddleWords(ToldStory story)
    {
        var middle = new int[story.Grid.Kept];
        middle.AsSpan().Fill(-1);
        for (int first = 0, next; first < story.Words.Count; first = next)
        {
            int row = RowAt(story, first);
            for (next = first + 1; next < story.Words.Count && RowAt(story, next) == row;)
                next++;
            if (row >= 0)
                middle[row] = (first + next - 1) / 2;
        }
        return middle;
    }

    /// <summary>The row that answers to the word at a place of a telling's passage; -1 where it was not told, or the row was trimmed.</summary>
    private static int Row(ToldStory story, Telling telling, int place) => place < telling.Count ? RowAt(story, telling.FirstWord + place) : -1;

    private static int RowAt(ToldStory story, int word)
    {
        int row = story.Grid.TrAt(story.Words[word].Start) + Lag - story.Grid.TrimStart;
        return row >= 0 && row < story.Grid.Kept ? row : -1;
    }
}
