namespace Gim.Fmri.Features;

/// <summary>Rows of several stories, one story after another.</summary>
/// <param name="Values">[TRs of all stories, columns]</param>
/// <param name="Stories">Where each story's rows are.</param>
internal sealed record StackedRows(Matrix Values, IReadOnlyList<StoryRows> Stories)
{
    /// <summary>Puts matrices with the same columns one below another.</summary>
    public static StackedRows Below(IReadOnlyList<(string Story, Matrix Rows)> parts)
    {
        int columns = parts.Count == 0 ? 0 : parts[0].Rows.Columns;
        var values = new Matrix(parts.Sum(part => part.Rows.Rows), columns);
        var stories = new StoryRows[parts.Count];
        int start = 0;
        for (int i = 0; i < stories.Length; i++)
        {
            var (story, rows) = parts[i];
            if (rows.Columns != columns)
                throw new ArgumentException($"{rows.Columns} columns of '{story}' where '{parts[0].Story}' has {columns}", nameof(parts));
            rows.Values.CopyTo(values.Values.AsSpan(start * columns));
            stories[i] = new StoryRows(story, start, rows.Rows);
            start = stories[i].End;
        }
        return new StackedRows(values, stories);
    }

    /// <summary>Puts matrices with the same rows side by side.</summary>
    public static Matrix Beside(IReadOnlyList<Matrix> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        int rows = parts.Count == 0 ? 0 : parts[0].Rows;
        var values = new Matrix(rows, parts.Sum(part => part.Columns));
        int start = 0;
        foreach (Matrix part in parts)
        {
            if (part.Rows != rows)
                throw new ArgumentException($"{part.Rows} rows beside {rows}", nameof(parts));
            for (int i = 0; i < rows; i++)
                part.Row(i).CopyTo(values.Row(i)[start..]);
            start += part.Columns;
        }
        return values;
    }

    internal static void CheckStories(Matrix rows, IReadOnlyList<StoryRows> stories)
    {
        int start = 0;
        foreach (StoryRows story in stories)
        {
            if (story.Start != start || story.Count < 0)
                throw new ArgumentException($"the rows of '{story.Story}' start at {story.Start} where {start} was expected", nameof(stories));
            start = story.End;
        }
        if (start != rows.Rows)
            throw new ArgumentException($"the stories have {start} rows where the matrix has {rows.Rows}", nameof(stories));
    }
}
