using Gim.Kernels.Products;

namespace Gim.Fmri.Matching;

/// <summary>
/// Induction matching inside a story: the value of row t is what its attention makes of the values of rows s &lt;= t - gap.
/// Rows without a candidate are 0. <see cref="MatchReference"/> is the definition.
/// </summary>
internal static class InStoryMatch
{
    /// <param name="keys">[rows, key columns]; made unit length here.</param>
    /// <param name="values">[rows, value columns], usually responses.</param>
    /// <param name="stories">Rows of no story are 0.</param>
    /// <param name="strongest">How many matches of each row are kept as evidence.</param>
    /// <exception cref="InputException">A key or value is not a finite number.</exception>
    /// <exception cref="ArgumentException">The rows differ, a story lies outside them, or the rule makes no sense.</exception>
    public static MatchedValues Run(Matrix keys, Matrix values, IReadOnlyList<StoryRows> stories, InStoryRule rule, int strongest = 0, int threads = 1)
        => Run(keys, values, stories, rule, null, strongest, threads);

    /// <summary>Less what <paramref name="profile"/>, if there is one, attends to in each row's stead.</summary>
    internal static MatchedValues Run(
        Matrix keys, Matrix values, IReadOnlyList<StoryRows> stories, InStoryRule rule, LagProfile? profile, int strongest, int threads)
    {
        Matrix unit = Check(keys, values, stories, rule);
        var matched = new MatchedValues(new Matrix(values.Rows, values.Columns), new StrongestMatches(values.Rows, strongest));
        foreach (StoryRows story in stories)
        {
            var attention = StoryAttention.Of(unit, story, rule, threads);
            attention.AddStrongest(matched.Strongest, story.Start);
            if (profile is not null)
            {
                for (int t = rule.Gap; t < story.Count; t++)
                    profile.SubtractFrom(attention.Weights.AsSpan(t * story.Count, t + 1));
            }
            int columns = values.Columns, start = story.Start * columns, length = story.Count * columns;
            MatrixProduct.Multiply(
                story.Count, columns, story.Count, 1, attention.Weights, Math.Max(1, story.Count), false, values.Values.AsSpan(start, length), Math.Max(1, columns), false,
                0, matched.Values.Values.AsSpan(start, length), Math.Max(1, columns), threads: threads);
        }
        return matched;
    }

    /// <summary>Returns the keys at unit length.</summary>
    private static Matrix Check(Matrix keys, Matrix values, IReadOnlyList<StoryRows> stories, InStoryRule rule)
    {
        rule.Check();
        if (keys.Rows != values.Rows)
            throw new ArgumentException($"there are keys of {keys.Rows} rows and values of {values.Rows}", nameof(keys));
        StoryColumns.RequireInside(stories, values.Rows);
        FiniteValues.Require(values, "value column");
        return UnitRows.Of(keys);
    }
}
