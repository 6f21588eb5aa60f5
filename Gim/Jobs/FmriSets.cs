using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Matching;
using Gim.Fmri.Models;
using Gim.Progress;
using Gim.Report;

namespace Gim.Jobs;

/// <summary>Scores the sets of a plan one after another, takes those that an interrupted run finished, and keeps what matches are made of.</summary>
internal sealed class FmriSets(
    FmriConfig config, Recording recording, FeatureLibrary features, SetScorer scorer, SavedSets saved, RunFolder folder, IJobLog log)
{
    public const string WeightFolder = "weights";

    /// <summary>Sets that an interrupted run had finished.</summary>
    public int Resumed { get; private set; }

    /// <summary>The targets, by place, whose time courses are kept: those that the base predicts best.</summary>
    public IReadOnlyList<int> Courses { get; private set; } = [];

    /// <summary>The strongest matches of each match.</summary>
    public List<(PlannedSet Set, StrongestMatches Strongest)> Evidence { get; } = [];

    /// <summary>Scores all sets.</summary>
    /// <exception cref="InputException">Features or responses cannot be used, or the memory does not suffice.</exception>
    public IReadOnlyList<SetScores> Run(IReadOnlyList<PlannedSet> plan, CancellationToken cancellation)
    {
        var scores = new List<SetScores>();
        using IJobProgress progress = log.Start("feature sets", plan.Count, "sets");
        try
        {
            foreach (PlannedSet set in plan)
            {
                cancellation.ThrowIfCancellationRequested();
                scores.Add(Score(scores.Count, set, cancellation));
                if (scores.Count == 1) Courses = [.. scores[0].Courses.Select(course => course.Target)];
                progress.Advance(1);
            }
        }
        catch (OperationCanceledException)
        {
            log.Info($"stopped after {scores.Count:N0} of {plan.Count:N0} feature sets; the same command goes on from there");
            throw;
        }
        return scores;
    }

    private SetScores Score(int number, PlannedSet set, CancellationToken cancellation)
    {
        SetScores? done = saved.Find(number, set, recording.Targets.Count);
        bool quoted = set.Role == SetRole.Match && config.Evidence > 0;
        // What a match is made of is not saved, but made again.
        MatchedValues? added = done is null || quoted ? set.Added?.Invoke(quoted ? config.Evidence : 0, cancellation) : null;
        if (quoted) Evidence.Add((set, added!.Strongest));
        if (done is not null)
        {
            if (Resumed++ == 0) log.Info("going on with the feature sets that an interrupted run of the same settings and data has scored");
            return done;
        }
        Matrix columns = features.Of(set.BaseFeatures);
        int[] groups = features.Groups(set.BaseFeatures);
        if (added is not null)
        {
            columns = StackedRows.Beside([columns, added.Values]);
            groups = [.. groups, .. Enumerable.Repeat(set.BaseFeatures.Count, added.Values.Columns)];
        }
        using WeightOutput? weights = config.Weights ? WeightOutput.Create(folder.File(WeightFolder), number, set.Name, columns.Columns, recording.Targets.Count) : null;
        // The first set is the base: its best targets are looked at in all sets.
        var courses = new CourseKeeper(number == 0 ? null : Courses, config.TimeCourses);
        SetScores scores = scorer.Score(set, columns, groups, courses, weights is null ? null : weights.Add, cancellation);
        weights?.Commit();
        saved.Save(number, scores);
        log.Info($"{set.Name}: r {ScoreText(scores)}, {columns.Columns:N0} features");
        return scores;
    }

    private static string ScoreText(SetScores scores) => $"{Gim.Fmri.Scores.ScoreSummary.Of(scores.Correlations).Mean:F4}";
}
