using System.Diagnostics;
using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Models;
using Gim.Fmri.Simulation;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Report;

namespace Gim.Jobs;

/// <summary>Task <c>fmri</c>: stories and responses in, scores of feature sets, matches and controls out.</summary>
internal static class FmriJob
{
    private const string SavedFolder = "sets";

    public static FmriSummary Run(FmriConfig config, string effectiveJson, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        int threads = DeviceChoice.Threads(config.Threads);
        using Device device = DeviceChoice.Open(config.Device, threads);
        log.Info($"device: {device.Description}");
        IStoryData data = FmriData.Open(config.Dataset, config.Seed, threads, cancellation);
        string subject = FmriData.Subject(config, data);
        if (config.Subject is null && data.Subjects.Count > 1)
            log.Info($"subject {subject}, the first of {data.Subjects.Count}: {string.Join(", ", data.Subjects.Take(10))}{(data.Subjects.Count > 10 ? ", ..." : "")}; choose another with \"subject\"");
        Recording recording = Recording.Open(data, subject, FmriData.Recording(config), threads, log, cancellation);
        log.Info($"{recording.Training.Count:N0} training stories of {recording.TrainingRows:N0} TRs, {recording.Test.Count:N0} test stories of {recording.TestRows:N0}, {recording.Targets.Count:N0} targets");

        FmriData.WarnOfResponses(config, recording, log);
        using var similarity = new StorySimilarity(config, device, log);
        var own = new OwnFolders(folder.Path, folder.Path);
        var create = new FmriFeatures(config, recording, similarity, own, threads, log, cancellation);
        var features = new FeatureLibrary(recording, create.Create, config.Delays, config.DelaysAcrossStories, cancellation);
        var predictions = new PredictionKeys(device, threads, recording, features, FmriData.Ridge(config, recording.TestRows));
        var matches = new FmriMatches(config, recording, features, predictions, similarity, device, threads);
        FmriPlan plan = FmriPlan.Make(config, features, recording, matches, similarity, data as SimulatedListener, log);
        var scorer = new SetScorer(device, threads, recording, FmriData.Folds(config, recording), FmriData.Scoring(config, recording));
        FmriData.CheckPermutations(config, recording);
        scorer.RequireMemory(plan.Sets.Max(set => features.Groups(set.BaseFeatures).Length + (set.Added is null ? 0 : Math.Min(config.MatchColumns, recording.Targets.Count))));
        var saved = new SavedSets(folder.File(SavedFolder), FmriFingerprint.Of(config, effectiveJson, subject, recording, device, own));
        folder.Begin(effectiveJson, FmriResult.Files);
        if (saved.Find(0, plan.Sets[0], recording.Targets.Count) is null) WeightOutput.RemoveAll(folder.File(FmriSets.WeightFolder));

        var sets = new FmriSets(config, recording, features, scorer, saved, folder, log);
        IReadOnlyList<SetScores> scores = sets.Run(plan.Sets, cancellation);
        var result = new FmriResult(config, recording, scores, plan, sets, folder, log);
        FmriSummary summary = result.Write(device.Description.Choice, threads, () => Stopwatch.GetElapsedTime(started));
        saved.Remove();
        return summary;
    }
}
