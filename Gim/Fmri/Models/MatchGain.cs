using Gim.Evaluate;
using Gim.Fmri.Scores;

namespace Gim.Fmri.Models;

/// <summary>What a match gains over its base, beside what its controls gain; in mean r over targets, with 95 % intervals over blocks of test rows.</summary>
/// <param name="Match">The set of the match.</param>
/// <param name="Base">The set of its base.</param>
/// <param name="WrongTexts">The same with other stories' texts.</param>
/// <param name="ControlMean">The mean r of the wrong texts, on average.</param>
/// <param name="Gain">Of the match over the base.</param>
/// <param name="ControlGain">Of the wrong texts, on average, over the base.</param>
/// <param name="Difference">The match less the wrong texts, on average: what is left for the text.</param>
/// <param name="RandomGain">Of random keys over the base; null where the match's own are random.</param>
internal sealed record MatchGain(
    SetScores Match, SetScores Base, IReadOnlyList<SetScores> WrongTexts, Interval ControlMean, Interval Gain, Interval ControlGain, Interval Difference, Interval? RandomGain)
{
    /// <summary>The gains of all matches among some scores.</summary>
    /// <param name="match">Which sets to take for matches, and which for their wrong texts.</param>
    public static IReadOnlyList<MatchGain> Of(IReadOnlyList<SetScores> scores, SetRole match = SetRole.Match, SetRole wrong = SetRole.WrongText)
        => [.. scores.Where(set => set.Role == match).Select(set => Of(set, scores, wrong))];

    private static MatchGain Of(SetScores match, IReadOnlyList<SetScores> scores, SetRole wrong)
    {
        SetScores of = scores.First(set => set.Name == match.Base);
        SetScores[] wrongTexts = [.. scores.Where(set => set.Role == wrong && set.Match == match.Name)];
        SetScores? random = scores.FirstOrDefault(set => set.Role == SetRole.RandomMatch && set.Match == match.Name);
        double[][] columns = [Column(of), Column(match), Control(wrongTexts), .. random is null ? (double[][])[] : [Column(random)]];
        var drawn = new PairedBootstrap(
            [.. columns.Select(column => column[0])], [.. Enumerable.Range(1, match.Samples.Length).Select(i => columns.Select(column => column[i]).ToArray())]);
        return new MatchGain(
            match, of, wrongTexts, drawn.Of(means => means[2]), drawn.Difference(1, 0), drawn.Difference(2, 0), drawn.Difference(1, 2),
            random is null ? null : drawn.Difference(3, 0));
    }

    /// <summary>The mean r, then that of each sample.</summary>
    private static double[] Column(SetScores set) => [ScoreSummary.Of(set.Correlations).Mean, .. set.Samples];

    /// <summary>
    /// The average of the wrong texts: of all of them, and in each sample of as many drawn with replacement, as they are but some
    /// of the texts that could have been.
    /// </summary>
    private static double[] Control(SetScores[] wrongTexts)
    {
        var random = new SeededRandom(wrongTexts.Length);
        double[][] all = [.. wrongTexts.Select(Column)];
        var control = new double[all[0].Length];
        control[0] = all.Average(column => column[0]);
        for (int i = 1; i < control.Length; i++)
        {
            for (int draw = 0; draw < all.Length; draw++)
                control[i] += all[random.Below(all.Length)][i] / all.Length;
        }
        return control;
    }

    /// <summary>What a set gains over another.</summary>
    public static Interval Over(SetScores set, SetScores other) => Joint([other, set]).Difference(1, 0);

    /// <summary>The mean r of a set.</summary>
    public static Interval MeanOf(SetScores set) => Joint([set]).Of(means => means[0]);

    private static PairedBootstrap Joint(SetScores[] sets) => new(
        [.. sets.Select(set => ScoreSummary.Of(set.Correlations).Mean)],
        [.. Enumerable.Range(0, sets[0].Samples.Length).Select(i => sets.Select(set => set.Samples[i]).ToArray())]);
}
