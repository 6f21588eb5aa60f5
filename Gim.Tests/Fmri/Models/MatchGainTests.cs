using Gim.Fmri.Models;

namespace Gim.Tests.Fmri.Models;

public sealed class MatchGainTests
{
    private static SetScores Set(string name, SetRole role, float r, double[] samples, string? match = null) => new()
    {
        Name = name,
        Role = role,
        Base = "base",
        Match = match,
        Features = 1,
        Correlations = [r - 0.1f, r + 0.1f],
        PValues = [],
        Penalties = [1, 1],
        FoldCorrelations = [0, 0],
        Samples = samples,
        Courses = [],
    };

    [Fact]
    public void Gains_are_differences_of_means_with_intervals_of_the_same_samples()
    {
        double[] noise = [.. Enumerable.Range(0, 200).Select(i => i % 20 / 100.0)];
        double[] Shifted(double by) => [.. noise.Select(value => value + by)];
        SetScores[] scores =
        [
            Set("base", SetRole.Base, 0.3f, Shifted(0.2)),
            Set("match", SetRole.Match, 0.4f, Shifted(0.3), "match"),
            Set("wrong 1", SetRole.WrongText, 0.25f, Shifted(0.15), "match"),
            Set("wrong 2", SetRole.WrongText, 0.27f, Shifted(0.17), "match"),
            Set("random", SetRole.RandomMatch, 0.28f, Shifted(0.18), "match"),
            Set("other", SetRole.Match, 0.1f, Shifted(0), "other"),
            Set("other wrong", SetRole.WrongText, 0.1f, Shifted(0), "other"),
        ];
        IReadOnlyList<MatchGain> gains = MatchGain.Of(scores);
        Assert.Equal(["match", "other"], gains.Select(gain => gain.Match.Name));
        MatchGain gain = gains[0];
        Assert.Equal(["wrong 1", "wrong 2"], gain.WrongTexts.Select(wrong => wrong.Name));
        // What all sets share in a sample falls out of differences.
        Assert.Equal((0.1, 0.1, 0.1), (Round(gain.Gain.Value), Round(gain.Gain.Low), Round(gain.Gain.High)));
        Assert.Equal(-0.02, Round(gain.RandomGain!.Value.Value));
        Assert.Equal((0.26, -0.04, 0.14), (Round(gain.ControlMean.Value), Round(gain.ControlGain.Value), Round(gain.Difference.Value)));
        // Which texts were drawn widens the interval, to those of each text alone.
        Assert.Equal((0.13, 0.15), (Round(gain.Difference.Low), Round(gain.Difference.High)));
        Assert.Null(gains[1].RandomGain);
        Assert.Equal(0, gains[1].Difference.Value, 1e-6);

        static double Round(double value) => Math.Round(value, 6);
    }
}
