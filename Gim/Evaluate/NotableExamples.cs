namespace Gim.Evaluate;

/// <summary>
/// The predictions of a model that were surest and right, and those that were surest and wrong, for each source: by the
/// probability of the likeliest token, then by effective n, then by places of evidence, then in text order. Of a document only the
/// surest of each kind counts, as its neighbours would show the same.
/// </summary>
/// <param name="each">How many of each.</param>
internal sealed class NotableExamples(int each)
{
    private readonly SortedDictionary<(string Source, bool Right), List<PredictionScore>> kept = [];

    /// <summary>The sources that answered.</summary>
    public IEnumerable<string> Sources => kept.Keys.Select(key => key.Source).Distinct();

    /// <summary>The surest first.</summary>
    public IReadOnlyList<PredictionScore> Of(string source, bool right) => kept.TryGetValue((source, right), out List<PredictionScore>? rows) ? rows : [];

    /// <summary>Adds a row, in the order of the examples; one about which nothing was known, or whose probability is lost, is none.</summary>
    public void Add(in PredictionScore row)
    {
        if (row.QueryCount == 0 || double.IsNaN(row.TopProb))
            return;
        if (!kept.TryGetValue((row.Source, row.Recall1), out List<PredictionScore>? rows))
            kept[(row.Source, row.Recall1)] = rows = [];
        int document = row.Document, same = rows.FindIndex(other => other.Document == document);
        if (same >= 0)
        {
            if (!IsSurer(row, rows[same]))
                return;
            rows.RemoveAt(same);
        }
        int place = rows.Count;
        while (place > 0 && IsSurer(row, rows[place - 1]))
            place--;
        rows.Insert(place, row);
        if (rows.Count > each) rows.RemoveAt(each);
    }

    private static bool IsSurer(in PredictionScore row, in PredictionScore other)
        => (row.TopProb, row.SuffixLen, row.QueryCount).CompareTo((other.TopProb, other.SuffixLen, other.QueryCount)) > 0;
}
