using Gim.Fmri;
using Gim.Fmri.Matching;

namespace Gim.Tests.Fmri.Matching;

public class InStoryMatchTests
{
    /// <summary>Stories of no, one and few rows, and more than the candidates that are asked for; row 0 belongs to none.</summary>
    private static StoryRows[] Stories => [new("a", 1, 40), new("empty", 41, 0), new("one", 41, 1), new("b", 42, 5), new("c", 47, 33)];

    public static TheoryData<int, int, double> Rules() => new() { { 1, 1, 0 }, { 5, 1, 0 }, { 5, 20, 0 }, { 3, 4, 0 }, { 5, 0, 0.1 }, { 1, 0, 1 }, { 2, 0, 0.001 }, { 100, 3, 0 } };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Is_the_reference_on_any_number_of_threads(int gap, int nearest, double temperature)
    {
        var rule = new InStoryRule { Gap = gap, Nearest = nearest, Temperature = temperature };
        Matrix keys = FmriCases.Normal(80, 17), values = FmriCases.Normal(80, 3, 5);
        double[,] weights = MatchReference.InStory(keys, Stories, rule);
        double[][] expected = MatchReference.Values(weights, values);
        MatchedValues matched = InStoryMatch.Run(keys, values, Stories, rule, strongest: 3);
        // Cosines in float32, divided by the temperature.
        double allowed = nearest > 0 ? 1e-6 : 1e-6 + 4e-7 / temperature;
        for (int row = 0; row < 80; row++)
        {
            Assert.True(FmriCases.Difference(expected[row], matched.Values.Row(row)) <= allowed, $"row {row}");
            RequireStrongest(weights, matched.Strongest, row, Math.Min(3, nearest == 0 ? 3 : nearest), allowed);
        }
        foreach (int threads in (int[])[2, 7])
            Assert.Equal(matched.Values.Values, InStoryMatch.Run(keys, values, Stories, rule, threads: threads).Values.Values);
    }

    internal static void RequireStrongest(double[,] weights, StrongestMatches strongest, int row, int each, double allowed)
    {
        int[] others = [.. Enumerable.Range(0, weights.GetLength(1)).Where(s => weights[row, s] > 0)];
        ReadOnlySpan<int> rows = strongest.Rows(row);
        Assert.Equal(Math.Min(each, others.Length), rows.Length);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(weights[row, rows[i]], strongest.Weights(row)[i], allowed);
        for (int i = 1; i < rows.Length; i++)
            Assert.True(strongest.Weights(row)[i] <= strongest.Weights(row)[i - 1]);
        float least = rows.Length == 0 ? 0 : strongest.Weights(row)[^1];
        int[] kept = rows.ToArray();
        Assert.All(others.Except(kept), s => Assert.True(weights[row, s] <= least + allowed));
    }

    [Fact]
    public void The_nearest_row_lends_its_values_exactly()
    {
        // Keys point the same way in rows 0 and 5, and in 1 and 6.
        var keys = new Matrix(7, 2, [1, 0, 0, 1, 1, 1, -1, 0, 0, -1, 2, 0, 0, 3]);
        Matrix values = FmriCases.Normal(7, 4);
        MatchedValues matched = InStoryMatch.Run(keys, values, [new("a", 0, 7)], new InStoryRule { Gap = 3 }, strongest: 2);
        Assert.Equal(values.Row(0).ToArray(), matched.Values.Row(5).ToArray());
        Assert.Equal(values.Row(1).ToArray(), matched.Values.Row(6).ToArray());
        Assert.Equal([0], matched.Strongest.Rows(5).ToArray());
        Assert.Equal([1f], matched.Strongest.Weights(6).ToArray());
        Assert.All(matched.Values.Values[..12], value => Assert.Equal(0, value));
        Assert.True(matched.Strongest.Rows(2).IsEmpty);
    }

    [Fact]
    public void Of_equal_candidates_the_earliest_counts()
    {
        Matrix keys = new(30, 3), values = FmriCases.Normal(30, 2);
        for (int row = 0; row < 30; row++)
            FmriCases.Normal(1, 3).Row(0).CopyTo(keys.Row(row));
        StoryRows[] story = [new("a", 0, 30)];
        MatchedValues first = InStoryMatch.Run(keys, values, story, new InStoryRule { Gap = 2, Nearest = 1 });
        for (int row = 2; row < 30; row++)
            Assert.Equal(values.Row(0).ToArray(), first.Values.Row(row).ToArray());
        Assert.Equal([0, 1, 2], InStoryMatch.Run(keys, values, story, new InStoryRule { Gap = 2, Nearest = 5 }, strongest: 3).Strongest.Rows(20).ToArray());
        // Rows of zeros are equally far from all.
        keys.Values.AsSpan().Clear();
        Assert.Equal(first.Values.Values, InStoryMatch.Run(keys, values, story, new InStoryRule { Gap = 2, Nearest = 1 }).Values.Values);
    }

    [Fact]
    public void Contrast_takes_the_mean_lag_profile_off()
    {
        StoryRows[] training = [.. Stories[..3], Stories[4]], all = Stories;
        Matrix keys = FmriCases.Normal(80, 9), values = FmriCases.Normal(80, 3, 5);
        foreach (InStoryRule rule in (InStoryRule[])[ContrastMatch.Rule, new() { Gap = 2, Nearest = 3 }, new() { Gap = 1, Nearest = 0, Temperature = 0.5 }])
        {
            double[][] expected = MatchReference.Values(MatchReference.Contrast(keys, all, training, rule), values);
            var profile = LagProfile.Fit(keys, training, rule);
            MatchedValues matched = ContrastMatch.Run(keys, values, all, profile, rule, strongest: 2);
            for (int row = 0; row < 80; row++)
                Assert.True(FmriCases.Difference(expected[row], matched.Values.Row(row)) <= 2e-6, $"row {row}");
            Assert.Equal(40, profile.Weights.Length);
            Assert.All(profile.Weights[..rule.Gap].ToArray(), weight => Assert.Equal(0, weight));
            foreach (int threads in (int[])[2, 7])
                Assert.Equal(matched.Values.Values, ContrastMatch.Run(keys, values, all, LagProfile.Fit(keys, training, rule, threads), rule, threads: threads).Values.Values);
        }
    }

    [Fact]
    public void Contrast_of_constant_values_is_nothing_and_lags_beyond_the_profile_stay()
    {
        Matrix keys = FmriCases.Normal(60, 4), values = new(60, 1);
        values.Values.AsSpan().Fill(1);
        StoryRows[] training = [new("a", 0, 20)], test = [new("b", 20, 40)];
        MatchedValues matched = ContrastMatch.Run(keys, values, test, LagProfile.Fit(keys, training, ContrastMatch.Rule), ContrastMatch.Rule);
        // Both attentions add up to 1.
        Assert.All(matched.Values.Values, value => Assert.Equal(0, value, 1e-6f));
        var none = LagProfile.Fit(keys, [new("a", 0, 3)], ContrastMatch.Rule);
        Assert.Equal(
            InStoryMatch.Run(keys, values, test, ContrastMatch.Rule).Values.Values,
            ContrastMatch.Run(keys, values, test, none, ContrastMatch.Rule).Values.Values);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Matrix keys = FmriCases.Normal(10, 2), values = FmriCases.Normal(10, 2);
        StoryRows[] story = [new("a", 0, 10)];
        string Refusal(InStoryRule rule) => Assert.Throws<ArgumentException>(() => InStoryMatch.Run(keys, values, story, rule)).Message;
        Assert.StartsWith("the gap is 0 TRs", Refusal(new() { Gap = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("the nearest -1 candidates", Refusal(new() { Nearest = -1 }), StringComparison.Ordinal);
        Assert.StartsWith("the temperature is 0;", Refusal(new() { Nearest = 0, Temperature = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("story 'a' has 11 rows from 0 on where there are 10", Assert.Throws<ArgumentException>(() => InStoryMatch.Run(keys, values, [new("a", 0, 11)], new())).Message, StringComparison.Ordinal);
        Assert.StartsWith("there are keys of 10 rows and values of 9", Assert.Throws<ArgumentException>(() => InStoryMatch.Run(keys, FmriCases.Normal(9, 2), story, new())).Message, StringComparison.Ordinal);
        values[3, 1] = float.NaN;
        Assert.StartsWith("value column 1 is NaN in row 3", Assert.Throws<InputException>(() => InStoryMatch.Run(keys, values, story, new())).Message, StringComparison.Ordinal);
        values[3, 1] = 0;
        keys[4, 0] = float.NaN;
        Assert.StartsWith("key column 0 is NaN in row 4", Assert.Throws<InputException>(() => InStoryMatch.Run(keys, values, story, new())).Message, StringComparison.Ordinal);
    }
}
