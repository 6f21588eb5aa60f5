namespace Gim.Fmri.Scores;

/// <summary>Rows that follow each other and stay together: what permutations and resamples move.</summary>
internal readonly record struct RowRange(int Start, int Count)
{
    public int End => Start + Count;

    /// <summary>Each story cut into blocks of <paramref name="length"/> TRs; a story's last block may be shorter. Stories without rows have none.</summary>
    public static RowRange[] Blocks(IReadOnlyList<StoryRows> stories, int length = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        List<RowRange> blocks = [];
        foreach (StoryRows story in stories)
        {
            for (int start = story.Start; start < story.End; start += length)
                blocks.Add(new RowRange(start, Math.Min(length, story.End - start)));
        }
        return [.. blocks];
    }

    /// <summary>Each story as a whole.</summary>
    public static RowRange[] Whole(IReadOnlyList<StoryRows> stories)
        => [.. stories.Where(story => story.Count > 0).Select(story => new RowRange(story.Start, story.Count))];

    /// <exception cref="ArgumentException">The ranges are not the rows of a matrix, one after the other.</exception>
    internal static void RequireAll(ReadOnlySpan<RowRange> ranges, int rows)
    {
        int next = 0;
        foreach (RowRange range in ranges)
        {
            if (range.Count <= 0 || range.Start != next)
                throw new ArgumentException($"rows {range.Start} to {range.End} are given where row {next} follows: the ranges must be all {rows} rows in turn", nameof(ranges));
            next = range.End;
        }
        if (next != rows)
            throw new ArgumentException($"the ranges end at row {next} of {rows}", nameof(ranges));
    }
}
