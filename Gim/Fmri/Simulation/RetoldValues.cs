namespace Gim.Fmri.Simulation;

/// <summary>What a match would lend that knew where the passages of a simulated listener's stories were told as well: the most that matching can find.</summary>
internal static class RetoldValues
{
    /// <summary>The values of the last earlier row of the same story that told the same; 0 where none did.</summary>
    /// <param name="values">[rows, columns]</param>
    /// <param name="rows">The stories' rows in it.</param>
    public static Matrix InStory(SimulatedListener listener, Matrix values, IReadOnlyList<StoryRows> rows)
    {
        var lent = new Matrix(values.Rows, values.Columns);
        foreach (StoryRows story in rows)
        {
            IReadOnlyList<int> earlier = listener.Retold(story.Story).Earlier;
            for (int t = 0; t < story.Count; t++)
            {
                if (earlier[t] >= 0) values.Row(story.Start + earlier[t]).CopyTo(lent.Row(story.Start + t));
            }
        }
        return lent;
    }

    /// <summary>The mean of the values of the training rows of other stories that told the same; 0 where none did.</summary>
    /// <inheritdoc cref="InStory"/>
    public static Matrix Elsewhere(SimulatedListener listener, Matrix values, IReadOnlyList<StoryRows> rows)
    {
        var lent = new Matrix(values.Rows, values.Columns);
        Dictionary<string, StoryRows> places = rows.ToDictionary(story => story.Story);
        foreach (StoryRows story in rows)
        {
            IReadOnlyList<IReadOnlyList<StoryRow>> elsewhere = listener.Retold(story.Story).Elsewhere;
            for (int t = 0; t < story.Count; t++)
            {
                Span<float> to = lent.Row(story.Start + t);
                foreach (StoryRow place in elsewhere[t])
                {
                    ReadOnlySpan<float> from = values.Row(places[place.Story].Start + place.Row);
                    for (int c = 0; c < to.Length; c++)
                        to[c] += from[c] / elsewhere[t].Count;
                }
            }
        }
        return lent;
    }
}
