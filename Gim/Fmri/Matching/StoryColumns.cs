using System.Numerics.Tensors;

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
        double[] first = new double[values.Columns], row = new double[values.Columns], means = new double[values.Columns], factors = new double[values.Columns];
        foreach (StoryRows story in stories.Where(story => story.Count > 0))
        {
            TensorPrimitives.ConvertTruncating<float, double>(values.Row(story.Start), first);
            means.AsSpan().Clear();
            factors.AsSpan().Clear();
            // Distances from the first row: the mean of equal values is exactly that value.
            for (int i = story.Start; i < story.End; i++)
            {
                Distances(values.Row(i), first, row);
                TensorPrimitives.Add(means, row, means);
            }
            TensorPrimitives.Divide(means, story.Count, means);
            TensorPrimitives.Add(means, first, means);
            for (int i = story.Start; i < story.End; i++)
            {
                Distances(values.Row(i), means, row);
                TensorPrimitives.MultiplyAdd(row, row, factors, factors);
            }
            for (int column = 0; column < factors.Length; column++)
                factors[column] = (float)(factors[column] / story.Count) == 0 ? 0 : scale / Math.Sqrt(factors[column] / story.Count);
            for (int i = story.Start; i < story.End; i++)
            {
                Distances(values.Row(i), means, row);
                TensorPrimitives.Multiply(row, factors, row);
                TensorPrimitives.ConvertTruncating<double, float>(row, values.Row(i));
            }
        }
    }

    private static void Distances(ReadOnlySpan<float> row, ReadOnlySpan<double> from, Span<double> distances)
    {
        TensorPrimitives.ConvertTruncating<float, double>(row, distances);
        TensorPrimitives.Subtract(distances, from, distances);
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
