namespace Gim.Fmri.Stimulus;

/// <summary>What was heard: words, when they were spoken, and the TRs they fall into.</summary>
internal sealed class Story
{
    private readonly int[] trs;
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
        for (int row = 0; row < texts.Length; row++)
            texts[row] = string.Join(' ', ofTr[row + grid.TrimStart] ?? []);
    }

    public string Name { get; }

    public IReadOnlyList<Word> Words { get; }

    public TrGrid Grid { get; }

    public LabelTable? Labels { get; }

    /// <summary>For each word the TR in which it starts, counted before trimming; -1 where it starts in none.</summary>
    public ReadOnlySpan<int> WordTrs => trs;

    /// <summary>The words that start in each TR after trimming, one space between two; empty where none does.</summary>
    public IReadOnlyList<string> Texts => texts;
}
