using System.Numerics.Tensors;
using Gim.Fmri.Features;

namespace Gim.Fmri.Matching;

/// <summary>Operations on columns within each story.</summary>
internal static class StoryColumns
{
    /// <summary>
    /// z-scores every column within every story (deviation of the population) and multiplies it with <paramref name="scale"/>;
    /// a column that is constant in a story becomes 0 there. Rows of no story are left alone.
    /// </summary>
    /// <param name="values">[rows, columns], changed in place.</param>
    public static void Standardize(Matrix values, IReadOnlyList<StoryRows> stories, double scale = 1)
    {
        RequireInside(stories, values.Rows);
        foreach (StoryRows story in stories)
        {
            Standardization.Columns(values, story.Start, story.Count);
            Span<float> own = values.Values.AsSpan(story.Start * values.Columns, story.Count * values.Columns);
            TensorPrimitives.Multiply(own, (float)scale, own);
        }
    }

    /// <summary>
    /// Sums that forget: row t is x_t + decay · (row t - 1), within each story. Of delayed features, a key that knows what
    /// was said over the last TRs.
    /// </summary>
    /// <param name="decay">From 0 to below 1.</param>
    public static Matrix DecayedSum(Matrix features, IReadOnlyList<StoryRows> stories, double decay)
    {
        if (!(decay >= 0 && decay < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "a sum's decay must be from 0 to below 1");
        RequireInside(stories, features.Rows);
        var sums = new Matrix(features.Rows, features.Columns);
        foreach (StoryRows story in stories)
        {
            for (int t = 0; t < story.Count; t++)
            {
                Span<float> to = sums.Row(story.Start + t);
                features.Row(story.Start + t).CopyTo(to);
                if (t > 0)
                    TensorPrimitives.MultiplyAdd(sums.Row(story.Start + t - 1), (float)decay, to, to);
            }
        }
        return sums;
    }

    /// <exception cref="ArgumentException">A story lies outside the rows.</exception>
    internal static void RequireInside(IReadOnlyList<StoryRows> stories, int rows)
    {
        foreach (StoryRows story in stories)
        {
            if (story.Start < 0 || story.Count < 0 || story.Start > rows - story.Count)
                throw new ArgumentException($"story '{story.Story}' has {story.Count} rows from {story.Start} on where there are {rows}", nameof(stories));
        }
    }
}
