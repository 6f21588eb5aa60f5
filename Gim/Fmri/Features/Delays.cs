namespace Gim.Fmri.Features;

/// <summary>
/// Features as they were some TRs before: blood flow answers seconds later than words are heard, and regression finds by
/// itself which delays count (a finite impulse response).
/// </summary>
internal static class Delays
{
    /// <summary>Those of the published models, in TRs.</summary>
    public static IReadOnlyList<int> Published { get; } = [1, 2, 3, 4];

    /// <summary>Row t of the result holds, delay after delay, row t - delay; zeros where there is none.</summary>
    /// <param name="rows">[rows, columns], story after story.</param>
    /// <param name="stories">The stories, which must fill the rows.</param>
    /// <param name="delays">In TRs; negative ones look ahead.</param>
    /// <param name="acrossStories">
    /// Whether a story's first rows see the end of the story before it, as in the published code, which delays after stacking.
    /// </param>
    /// <returns>[rows, delays · columns]</returns>
    public static Matrix Apply(Matrix rows, IReadOnlyList<StoryRows> stories, IReadOnlyList<int> delays, bool acrossStories = false)
    {
        StackedRows.CheckStories(rows, stories);
        var delayed = new Matrix(rows.Rows, checked(rows.Columns * delays.Count));
        IReadOnlyList<StoryRows> runs = acrossStories ? [new StoryRows("all", 0, rows.Rows)] : stories;
        foreach (StoryRows run in runs)
        {
            for (int t = run.Start; t < run.End; t++)
            {
                for (int d = 0; d < delays.Count; d++)
                {
                    long source = (long)t - delays[d];
                    if (source >= run.Start && source < run.End)
                        rows.Row((int)source).CopyTo(delayed.Row(t).Slice(d * rows.Columns, rows.Columns));
                }
            }
        }
        return delayed;
    }
}
