using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Models;
using Gim.Fmri.Scores;
using Gim.Progress;
using Gim.Report;

namespace Gim.Jobs;

/// <summary>What a finished fmri run leaves: scores, summary, evidence and pictures.</summary>
internal sealed class FmriResult(FmriConfig config, Recording recording, IReadOnlyList<SetScores> scores, FmriPlan plan, FmriSets sets, RunFolder folder, IJobLog log)
{
    /// <summary>Targets whose single presentations are read at a time.</summary>
    private const int CeilingTargets = 1024;

    /// <summary>What a run may write.</summary>
    public static string[] Files { get; } =
        [ScoresFile.FileName, PenaltiesFile.FileName, EvidenceFile.FileName, FmriPlots.BarsName, FmriPlots.HistogramName, FmriPlots.GapsName, TimeCoursePlot.FileName];

    public FmriSummary Write(string device, int threads, Func<TimeSpan> elapsed)
    {
        (float[]? ceilings, int presentations) = Ceilings();
        ScoresFile.Write(folder.File(ScoresFile.FileName), recording.Subject, scores, recording.Targets.Numbers, ceilings);
        if (config.Ridge.Banded > 0) PenaltiesFile.Write(folder.File(PenaltiesFile.FileName), recording.Subject, scores, recording.Targets.Numbers, Kinds);
        if (config.Evidence > 0 && sets.Evidence.Count > 0) EvidenceFile.Write(folder.File(EvidenceFile.FileName), recording, 1 + Math.Max(0, config.Delays.Max()), sets.Evidence);
        FmriSummary summary = Summary(device, threads, ceilings, presentations, elapsed);
        FmriPlots.Write(folder, summary, scores);
        if (scores[0].Courses.Count > 0) TimeCoursePlot.Write(folder, summary, recording, scores, Measured());
        folder.WriteSummary(summary);
        return summary;
    }

    /// <summary>What the kinds of a set's features are called.</summary>
    private IReadOnlyList<string> Kinds(SetScores set)
    {
        PlannedSet planned = plan.Sets.First(other => other.Name == set.Name);
        return planned.Added is null ? planned.BaseFeatures : [.. planned.BaseFeatures, "match"];
    }

    /// <summary>[targets], where the test stories were heard several times.</summary>
    private (float[]? Ceilings, int Presentations) Ceilings()
    {
        int targets = recording.Targets.Count, presentations = 0;
        var ceilings = new float[targets];
        for (int first = 0; first < targets; first += CeilingTargets)
        {
            int count = Math.Min(CeilingTargets, targets - first);
            if (recording.Targets.ReadTrials(first, count) is not { } trials) return (null, 0);
            NoiseCeiling.Of(trials).CopyTo(ceilings, first);
            presentations = trials.Length;
        }
        int unknown = ceilings.Count(float.IsNaN);
        if (unknown > 0) log.Warn($"{unknown:N0} targets have no noise ceiling, as not all of their single presentations are finite");
        log.Info($"noise ceiling from {presentations} presentations of the test stories");
        return (ceilings, presentations);
    }

    /// <summary>The measured responses of the targets whose courses are drawn.</summary>
    private IReadOnlyList<TimeCourse> Measured() => [.. sets.Courses.Select(target =>
    {
        var values = new Matrix(recording.TestRows, 1);
        recording.Targets.Test.Read(target, values);
        return new TimeCourse(target, values.Values);
    })];

    private FmriSummary Summary(string device, int threads, float[]? ceilings, int presentations, Func<TimeSpan> elapsed) => new(
        "fmri",
        recording.Subject,
        config.Dataset switch
        {
            SimulatedDatasetConfig => "simulated",
            Ds003020DatasetConfig => "ds003020",
            _ => "plain",
        },
        device,
        threads,
        new FmriRows(recording.Training.Count, recording.TrainingRows),
        new FmriRows(recording.Test.Count, recording.TestRows),
        recording.Targets.Count,
        recording.Targets.AreComponents,
        [.. scores.Select(set => Set(set, ceilings))],
        [.. MatchGain.Of(scores).Select(Match)],
        Gaps(),
        ceilings is null ? null : new FmriCeiling(presentations, ceilings.Where(float.IsFinite).Select(ceiling => (double)ceiling).DefaultIfEmpty(0).Average()),
        config.Dataset is SimulatedDatasetConfig simulated ? new FmriSimulation(simulated.FeatureShare, simulated.InductionShare) : null,
        elapsed().TotalSeconds,
        sets.Resumed);

    private FmriSet Set(SetScores set, float[]? ceilings)
    {
        ScoreSummary summary = ScoreSummary.Of(set.Correlations);
        Interval mean = MatchGain.MeanOf(set), gain = MatchGain.Over(set, scores.First(other => other.Name == set.Base));
        double[] penalties = [.. set.Penalties.Order()];
        float[] normalized = ceilings is null ? [] : [.. NoiseCeiling.Normalize(set.Correlations, ceilings).Where(float.IsFinite)];
        string role = set.Role.ToString();
        return new FmriSet(
            set.Name, char.ToLowerInvariant(role[0]) + role[1..], set.Base, set.Features, summary.Mean, mean.Low, mean.High, summary.MeanTop10, summary.MeanFirst20,
            summary.ShareAboveZero, gain.Value, gain.Low, gain.High, set.PValues.Length > 0 ? FalseDiscovery.Count(FalseDiscovery.Adjust(set.PValues)) : null,
            normalized.Length > 0 ? normalized.Average(r => (double)r) : null, (penalties[(penalties.Length - 1) / 2] + penalties[penalties.Length / 2]) / 2);
    }

    private static FmriMatch Match(MatchGain gain)
    {
        double of = ScoreSummary.Of(gain.Base.Correlations).Mean;
        return new FmriMatch(
            gain.Match.Name, gain.Base.Name, of, ScoreSummary.Of(gain.Match.Correlations).Mean, gain.Gain, Share(gain.Gain), gain.ControlGain, gain.Difference,
            Share(gain.Difference), gain.RandomGain, gain.ControlMean, [.. gain.WrongTexts.Select(wrong => ScoreSummary.Of(wrong.Correlations).Mean)]);

        double? Share(Interval own) => of > 0 ? own.Value / of : null;
    }

    /// <summary>The gap curve.</summary>
    private FmriGap[] Gaps()
    {
        MatchGain[] all = [.. MatchGain.Of(scores), .. MatchGain.Of(scores, SetRole.Gap, SetRole.GapWrongText)];
        return [.. plan.Curve.Select(name => all.First(gain => gain.Match.Name == name)).Select(gain => new FmriGap(
            gain.Match.Gap, ScoreSummary.Of(gain.Match.Correlations).Mean, ScoreSummary.Of(gain.WrongTexts[0].Correlations).Mean, ScoreSummary.Of(gain.Base.Correlations).Mean))];
    }
}
