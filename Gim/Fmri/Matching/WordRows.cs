using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Matching;

/// <summary>
/// The words heard by the end of each row, for <see cref="WordMatch"/>: rows point into texts, so that the words of another
/// story can stand in for a story's own.
/// </summary>
internal sealed class WordRows
{
    private readonly string[][] texts;
    private readonly RowWords[] rows;

    private WordRows(string[][] texts, RowWords[] rows) => (this.texts, this.rows) = (texts, rows);

    public int Rows => rows.Length;

    /// <summary>The words of each text, in the order in which they were spoken.</summary>
    public IReadOnlyList<string[]> Texts => texts;

    public RowWords this[int row] => rows[row];

    /// <summary>
    /// Each story is a text. What was said before its first row counts as heard by then, but begins in no row; what was said
    /// after its last row does not count.
    /// </summary>
    /// <param name="stories">The stories.</param>
    /// <param name="places">Where the rows of each are.</param>
    /// <param name="rows">Rows of the matrices; those of no story have no words.</param>
    /// <exception cref="ArgumentException">The places are not those of the stories, or lie outside the rows.</exception>
    public static WordRows Of(IReadOnlyList<Story> stories, IReadOnlyList<StoryRows> places, int rows)
    {
        StoryColumns.RequireInside(places, rows);
        if (stories.Count != places.Count)
            throw new ArgumentException($"there are {stories.Count} stories and rows of {places.Count}", nameof(places));
        string[][] texts = new string[stories.Count][];
        var all = NoWords(rows);
        for (int text = 0; text < texts.Length; text++)
        {
            Story story = stories[text];
            StoryRows place = places[text];
            if (place.Count != story.Grid.Kept || place.Story != story.Name)
                throw new ArgumentException($"the {place.Count} rows of '{place.Story}' stand where '{story.Name}' has {story.Grid.Kept}", nameof(places));
            texts[text] = [.. story.Words.Select(word => word.Text)];
            ReadOnlySpan<int> begun = story.WordsBegun[story.Grid.TrimStart..];
            for (int t = 0; t < place.Count; t++)
                all[place.Start + t] = new RowWords(text, begun[t], begun[t + 1]);
        }
        return new WordRows(texts, all);
    }

    /// <summary>
    /// The words of other stories in each story's place, row by row as <see cref="Controls.OtherStories"/> moves keys: where
    /// one story's rows end and the next one's begin, another text begins.
    /// </summary>
    /// <inheritdoc cref="Controls.OtherStories"/>
    public WordRows OtherStories(IReadOnlyList<StoryRows> stories, int shift)
    {
        int[] sources = Controls.OtherRows(Rows, stories, shift);
        List<string[]> pieces = [];
        var all = NoWords(Rows);
        for (int row = 0; row < all.Length; row++)
        {
            if (sources[row] < 0 || rows[sources[row]].Text == RowWords.None) continue;
            RowWords source = rows[sources[row]];
            // A text that is said twice is two texts: its second time has the first one behind it.
            if (row == 0 || sources[row] != sources[row - 1] + 1 || source.Text != rows[sources[row - 1]].Text)
                pieces.Add(texts[source.Text]);
            all[row] = source with { Text = pieces.Count - 1 };
        }
        return new WordRows([.. pieces], all);
    }

    private static RowWords[] NoWords(int rows)
    {
        var none = new RowWords[rows];
        none.AsSpan().Fill(new RowWords(RowWords.None, 0, 0));
        return none;
    }
}

/// <summary>The words of a row.</summary>
/// <param name="Text">The text that it is in; <see cref="None"/> for a row of no story.</param>
/// <param name="First">The first word that begins in the row, if one does.</param>
/// <param name="End">How many words of the text have begun when the row ends.</param>
internal readonly record struct RowWords(int Text, int First, int End)
{
    public const int None = -1;
}
