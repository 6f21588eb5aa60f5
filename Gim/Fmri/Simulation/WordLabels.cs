using System.Numerics.Tensors;
using Gim.Fmri.Stimulus;

namespace Gim.Fmri.Simulation;

/// <summary>
/// The label tables of simulated stories: numbers that the last words up to the end of each TR give, those of two TRs, named
/// for what they are. Where nothing was said there is 0 everywhere but in the silence.
/// </summary>
internal sealed class WordLabels
{
    private const int Topics = 10, FrequentWords = 100, Window = 2, ShortWord = 3, LongWord = 9;

    private static readonly string[] Own =
    [
        "letters per word", "vowels per letter", "share of short words", "share of rare words", "share of numbers", "share of capitals", "share of names",
        "share of long words", "share of sentence ends", "share of silence",
    ];

    private const int Letters = 0, Vowels = 1, Short = 2, Rare = 3, Numbers = 4, Capitals = 5, Names = 6, Long = 7, Ends = 8, Silence = 9;

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
        Matrix sums = new(story.Grid.Count, Columns.Count), rows = new(story.Grid.Count, Columns.Count);
        int[] counts = new int[story.Grid.Count];
        double[] spoken = new double[story.Grid.Count];
        foreach (Telling telling in story.Tellings)
        {
            for (int i = 0; i < telling.Count; i++)
            {
                Word word = story.Words[telling.FirstWord + i];
                int tr = story.Grid.TrAt(word.Start);
                counts[tr]++;
                Add(telling.Passage.Words[i], sums.Row(tr));
                for (; tr < spoken.Length && word.End > story.Grid.Start(tr); tr++)
                    spoken[tr] += Math.Min(word.End, story.Grid.Start(tr + 1)) - Math.Max(word.Start, story.Grid.Start(tr));
            }
        }
        for (int tr = 0; tr < rows.Rows; tr++)
        {
            int count = 0;
            double silence = 0;
            Span<float> row = rows.Row(tr);
            for (int back = 0; back < Window && back <= tr; back++)
            {
                count += counts[tr - back];
                silence += 1 - spoken[tr - back] / story.Grid.Seconds;
                TensorPrimitives.Add(row, sums.Row(tr - back), row);
            }
            float letters = row[Letters], vowels = row[Vowels];
            if (count > 0)
                TensorPrimitives.Divide(row, count, row);
            row[Vowels] = letters > 0 ? vowels / letters : 0;
            row[Silence] = (float)(silence / Math.Min(Window, tr + 1));
        }
        return rows;
    }

    private void Add(in PassageWord word, Span<float> row)
    {
        int vowels = 0;
        foreach (char letter in word.Text)
            vowels += letter is 'a' or 'e' or 'i' or 'o' or 'u' ? 1 : 0;
        row[Letters] += word.Text.Length;
        row[Vowels] += vowels;
        row[Short] += word.Text.Length <= ShortWord ? 1 : 0;
        row[Rare] += frequent.Contains(word.Text) ? 0 : 1;
        row[Numbers] += word.Text.AsSpan().ContainsAnyInRange('0', '9') ? 1 : 0;
        row[Capitals] += word.IsCapital ? 1 : 0;
        row[Names] += word.IsName ? 1 : 0;
        row[Long] += word.Text.Length >= LongWord ? 1 : 0;
        row[Ends] += word.EndsSentence ? 1 : 0;
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
