using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Simulation;

/// <summary>
/// The label tables of simulated stories: numbers that the words of each TR give, named for what they are. A TR without
/// words has 0 everywhere but in its silence.
/// </summary>
internal sealed class WordLabels
{
    private const int Topics = 10, FrequentWords = 100, ShortWord = 3;

    private static readonly string[] Own =
    [
        "letters per word", "letters of the longest word", "share of short words", "share of rare words", "share of numbers", "share of capitals",
        "share of names", "share of vowels", "sentence ends", "share of silence",
    ];

    private readonly HashSet<string> frequent;

    /// <param name="stories">Whose most frequent words are not rare.</param>
    public WordLabels(IEnumerable<ToldStory> stories)
        => frequent = [.. stories.SelectMany(story => story.Words).CountBy(word => word.Text)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(FrequentWords).Select(pair => pair.Key)];

    /// <summary>What each column tells.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Own, .. Enumerable.Range(1, Topics).Select(topic => $"share of topic {topic}")];

    /// <returns>[TRs before trimming, columns]</returns>
    public Matrix Of(ToldStory story)
    {
        var rows = new Matrix(story.Grid.Count, Columns.Count);
        var counts = new int[story.Grid.Count];
        var spoken = new double[story.Grid.Count];
        foreach (Telling telling in story.Tellings)
        {
            for (int i = 0; i < telling.Count; i++)
            {
                Word word = story.Words[telling.FirstWord + i];
                int tr = story.Grid.TrAt(word.Start);
                counts[tr]++;
                Add(telling.Passage.Words[i], rows.Row(tr));
                for (; tr < spoken.Length && word.End > story.Grid.Start(tr); tr++)
                    spoken[tr] += Math.Min(word.End, story.Grid.Start(tr + 1)) - Math.Max(word.Start, story.Grid.Start(tr));
            }
        }
        for (int tr = 0; tr < rows.Rows; tr++)
        {
            Span<float> row = rows.Row(tr);
            // Vowels are a share of the letters, and all others but the longest word and the sentence ends one of the words.
            row[7] = row[0] > 0 ? row[7] / row[0] : 0;
            for (int column = 0; column < row.Length; column++)
            {
                if (column is not (1 or 7 or 8) && counts[tr] > 0)
                    row[column] /= counts[tr];
            }
            row[9] = (float)(1 - spoken[tr] / story.Grid.Seconds);
        }
        return rows;
    }

    private void Add(in PassageWord word, Span<float> row)
    {
        int vowels = 0;
        foreach (char letter in word.Text)
            vowels += letter is 'a' or 'e' or 'i' or 'o' or 'u' ? 1 : 0;
        row[0] += word.Text.Length;
        row[1] = Math.Max(row[1], word.Text.Length);
        row[2] += word.Text.Length <= ShortWord ? 1 : 0;
        row[3] += frequent.Contains(word.Text) ? 0 : 1;
        row[4] += word.Text.AsSpan().ContainsAnyInRange('0', '9') ? 1 : 0;
        row[5] += word.IsCapital ? 1 : 0;
        row[6] += word.IsName ? 1 : 0;
        row[7] += vowels;
        row[8] += word.EndsSentence ? 1 : 0;
        row[Own.Length + Topic(word.Text)]++;
    }

    /// <summary>A number for a word that has nothing to do with its form (the 32-bit hash of Fowler, Noll and Vo, 1a).</summary>
    internal static int Topic(string word)
    {
        uint hash = 2166136261;
        foreach (char letter in word)
            hash = (hash ^ letter) * 16777619;
        return (int)(hash % Topics);
    }
}
