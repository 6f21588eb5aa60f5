namespace Gim.Fmri.Stimulus;

/// <summary>What was heard: words, when they were spoken, and the TRs they fall into.</summary>
internal sealed class Story
{
    private readonly int[] trs, begun;
    private readonly string[] texts;

    /// <param name="name">Its name.</param>
    /// <param name="words">In the order they were spoken.</param>
    /// <param name="grid">Its TRs.</param>
    /// <param name="labels">Numbers given for each TR after trimming, null where there are none.</param>
    public Story(string name, IReadOnlyList<Word> words, TrGrid grid, LabelTable? labels = null)
    {
        if (labels is not null && labels.Values.Rows != grid.Kept)
            throw new ArgumentException($"{labels.Values.Rows} rows of labels where {grid.Kept} TRs remain after trimming", nameof(labels));
        Name = name;
        Words = words;
        Grid = grid;
        Labels = labels;
        trs = new int[words.Count];
        texts = new string[grid.Kept];
        var ofTr = new List<string>[grid.Count];
        for (int i = 0; i < trs.Length; i++)
        {
            trs[i] = grid.TrAt(words[i].Start);
            if (trs[i] >= 0)
                (ofTr[trs[i]] ??= []).Add(words[i].Text);
        }
        begun = Begun(words, trs, grid);
        for (int row = 0; row < texts.Length; row++)
            texts[row] = string.Join(' ', ofTr[row + grid.TrimStart] ?? []);
    }

    public string Name { get; }

    public IReadOnlyList<Word> Words { get; }

    public TrGrid Grid { get; }

    public LabelTable? Labels { get; }

    /// <summary>For each word the TR in which it starts, counted before trimming; -1 where it starts in none.</summary>
    public ReadOnlySpan<int> WordTrs => trs;

    /// <summary>
    /// [TRs before trimming + 1], how many words have begun when TR k begins, and at last when the last TR ends: the words of
    /// TR k are those from place k to place k + 1. Words are taken to be in the order of their starts.
    /// </summary>
    public ReadOnlySpan<int> WordsBegun => begun;

    /// <summary>The words that start in each TR after trimming, one space between two; empty where none does.</summary>
    public IReadOnlyList<string> Texts => texts;

    private static int[] Begun(IReadOnlyList<Word> words, int[] trs, TrGrid grid)
    {
        int[] begun = new int[grid.Count + 1];
        for (int i = 0; i < trs.Length; i++)
        {
            if (trs[i] >= 0)
                begun[trs[i] + 1] = i + 1;
            else if (words[i].Start < grid.Start(0))
                begun[0] = i + 1;
        }
        for (int tr = 1; tr < begun.Length; tr++)
            begun[tr] = Math.Max(begun[tr], begun[tr - 1]);
        return begun;
    }
}
