namespace Gim.Fmri.Matching;

/// <summary>
/// <see cref="InStoryMatch"/> of the average over the nearest rows, less what a row at the same place would attend to whatever
/// its text (<see cref="LagProfile"/>): what autocorrelation alone could give is taken out.
/// </summary>
internal static class ContrastMatch
{
    /// <summary>The rule that was found to work: the mean of the 20 nearest, at least 5 TRs back.</summary>
    public static InStoryRule Rule { get; } = new() { Nearest = 20 };

    /// <param name="profile">Fitted with the same kind of keys and the same rule, on the training stories.</param>
    /// <returns>The strongest matches with their weights before the profile was taken off.</returns>
    /// <inheritdoc cref="InStoryMatch.Run(Matrix, Matrix, IReadOnlyList{StoryRows}, InStoryRule, int, int)"/>
    public static MatchedValues Run(
        Matrix keys, Matrix values, IReadOnlyList<StoryRows> stories, LagProfile profile, InStoryRule rule, int strongest = 0, int threads = 1)
        => InStoryMatch.Run(keys, values, stories, rule, profile, strongest, threads);
}
