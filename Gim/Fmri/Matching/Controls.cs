using System.Numerics.Tensors;
using Gim.Evaluate;
using Gim.Fmri.Features;

namespace Gim.Fmri.Matching;

/// <summary>
/// What a match must beat to be about the text: the same match with another story's text, and values that know no text.
/// </summary>
internal static class Controls
{
    /// <summary>
    /// For every story the keys of others in its place: those of the story <paramref name="shift"/> after it in the list and the
    /// following ones (the first after the last; never its own), joined and cut to its length.
    /// </summary>
    /// <param name="stories">Two or more with rows, usually the training stories sorted by name, then the test stories.</param>
    /// <param name="shift">From 1 on.</param>
    /// <returns>[rows, key columns]; rows of no story are 0.</returns>
    /// <exception cref="InputException">There is no other story to take keys from.</exception>
    public static Matrix OtherStories(Matrix keys, IReadOnlyList<StoryRows> stories, int shift)
    {
        int[] sources = OtherRows(keys.Rows, stories, shift);
        var others = new Matrix(keys.Rows, keys.Columns);
        for (int row = 0; row < sources.Length; row++)
        {
            if (sources[row] >= 0)
                keys.Row(sources[row]).CopyTo(others.Row(row));
        }
        return others;
    }

    /// <summary>[rows], the number (of a fold, or a story) of the row that stands in for each; <see cref="CrossStoryMatch.NoFold"/> for rows of no story.</summary>
    /// <inheritdoc cref="OtherStories"/>
    public static int[] OtherNumbers(ReadOnlySpan<int> numbers, IReadOnlyList<StoryRows> stories, int shift)
    {
        int[] others = OtherRows(numbers.Length, stories, shift);
        for (int row = 0; row < others.Length; row++)
            others[row] = others[row] < 0 ? CrossStoryMatch.NoFold : numbers[others[row]];
        return others;
    }

    /// <summary>[rows], the row that stands in for each, as <see cref="OtherStories"/> says; -1 for rows of no story.</summary>
    /// <exception cref="InputException">There is no other story to take rows from.</exception>
    internal static int[] OtherRows(int rows, IReadOnlyList<StoryRows> stories, int shift)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shift);
        StoryColumns.RequireInside(stories, rows);
        StoryRows[] filled = [.. stories.Where(story => story.Count > 0)];
        if (filled.Length == 1)
            throw new InputException($"the control with another story's text needs a second story with rows beside '{filled[0].Story}'");
        int[] sources = new int[rows];
        sources.AsSpan().Fill(-1);
        for (int i = 0; i < filled.Length; i++)
        {
            int row = filled[i].Start;
            for (int other = (int)(((long)i + shift) % filled.Length); row < filled[i].End; other = (other + 1) % filled.Length)
            {
                if (other == i) continue;
                int count = Math.Min(filled[other].Count, filled[i].End - row);
                for (int t = 0; t < count; t++)
                    sources[row++] = filled[other].Start + t;
            }
        }
        return sources;
    }

    /// <summary>Keys of normal random numbers: matches of no meaning.</summary>
    public static Matrix RandomKeys(int rows, int columns, long seed)
    {
        var keys = new Matrix(rows, columns);
        new GaussianRandom(seed).Fill(keys.Values, 1);
        return keys;
    }

    /// <summary>The values of a candidate drawn for each row, each of rows 0 to t - gap equally likely; 0 where there is none.</summary>
    public static Matrix RandomMatch(Matrix values, IReadOnlyList<StoryRows> stories, int gap, long seed)
    {
        var random = new SeededRandom(seed);
        return Each(values, stories, gap, (story, t, to) => values.Row(story.Start + (int)random.Below(t - gap + 1)).CopyTo(to));
    }

    /// <summary>The values of the row <paramref name="gap"/> TRs back; 0 where there is none.</summary>
    public static Matrix Autoregressive(Matrix values, IReadOnlyList<StoryRows> stories, int gap)
        => Each(values, stories, gap, (story, t, to) => values.Row(story.Start + t - gap).CopyTo(to));

    /// <summary>The mean of the values of rows 0 to t - gap; 0 where there is none.</summary>
    public static Matrix PastMean(Matrix values, IReadOnlyList<StoryRows> stories, int gap)
    {
        double[] sums = new double[values.Columns], row = new double[values.Columns];
        return Each(values, stories, gap, (story, t, to) =>
        {
            if (t == gap) sums.AsSpan().Clear();
            TensorPrimitives.ConvertTruncating<float, double>(values.Row(story.Start + t - gap), row);
            TensorPrimitives.Add(sums, row, sums);
            TensorPrimitives.Divide(sums, t - gap + 1, row);
            TensorPrimitives.ConvertTruncating<double, float>(row, to);
        });
    }

    /// <summary>Where in its story a row stands: <see cref="PositionFeatures"/> of every story.</summary>
    /// <returns>[rows, 6]; rows of no story are 0.</returns>
    public static Matrix Position(int rows, IReadOnlyList<StoryRows> stories)
    {
        StoryColumns.RequireInside(stories, rows);
        var position = new Matrix(rows, PositionFeatures.Columns);
        foreach (StoryRows story in stories)
            PositionFeatures.Of(story.Count).Values.CopyTo(position.Values.AsSpan(story.Start * position.Columns));
        return position;
    }

    private delegate void Fill(StoryRows story, int t, Span<float> to);

    /// <summary>Fills every row that has a candidate, in order.</summary>
    private static Matrix Each(Matrix values, IReadOnlyList<StoryRows> stories, int gap, Fill fill)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, 1);
        StoryColumns.RequireInside(stories, values.Rows);
        var result = new Matrix(values.Rows, values.Columns);
        foreach (StoryRows story in stories)
        {
            for (int t = gap; t < story.Count; t++)
                fill(story, t, result.Row(story.Start + t));
        }
        return result;
    }
}
