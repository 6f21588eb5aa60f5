using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
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

    /// <summary>Keys that decide no score.</summary>
    private static readonly string[] FreeKeys = ["device", "threads", "output", "memory", "evidence", "weights"];

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

        using var similarity = new StorySimilarity(config, device, log);
        var own = new OwnFolders(folder.Path, folder.Path);
        var create = new FmriFeatures(config, recording, similarity, own, threads, log, cancellation);
        var features = new FeatureLibrary(recording, create.Create, config.Delays, config.DelaysAcrossStories);
        var predictions = new PredictionKeys(device, threads, recording, features, FmriData.Ridge(config));
        var matches = new FmriMatches(config, recording, features, predictions, similarity, device, threads);
        FmriPlan plan = FmriPlan.Make(config, features, recording, matches, data as SimulatedListener);
        var scorer = new SetScorer(device, threads, recording, FmriData.Folds(config, recording), FmriData.Scoring(config));
        var saved = new SavedSets(folder.File(SavedFolder), Fingerprint(config, effectiveJson, subject, recording, device));
        folder.Begin(effectiveJson, FmriResult.Files);

        var sets = new FmriSets(config, recording, features, scorer, saved, folder, log);
        IReadOnlyList<SetScores> scores = sets.Run(plan.Sets, cancellation);
        var result = new FmriResult(config, recording, scores, plan.Curve, sets, folder, log);
        FmriSummary summary = result.Write(device.Description.Choice, threads, () => Stopwatch.GetElapsedTime(started));
        saved.Remove();
        return summary;
    }

    /// <summary>Of everything that decides a score: settings, the stories as they were read, and the responses' size.</summary>
    private static string Fingerprint(FmriConfig config, string effectiveJson, string subject, Recording recording, Device device)
    {
        JsonObject effective = JsonNode.Parse(effectiveJson)!.AsObject();
        foreach (string key in FreeKeys)
            effective.Remove(key);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(effective.ToJsonString());
        Add(subject);
        Add(device.Description.Choice);
        Add(typeof(FmriJob).Module.ModuleVersionId.ToString());
        foreach (var (i, story) in recording.Stories.Index())
        {
            Add($"{story.Name} {recording.Rows[i].Count}");
            foreach (string text in story.Texts)
                Add(text);
        }
        // Responses are large; the first targets of all test TRs tell one recording from another.
        var some = new Matrix(recording.TestRows, Math.Min(8, recording.Targets.Count));
        recording.Targets.Test.Read(0, some);
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(some.Values.AsSpan()));
        Add($"{recording.Targets.Count}");
        if (config.SimilarityModel is { } model && File.Exists(model)) Add($"{new FileInfo(model).Length} {File.GetLastWriteTimeUtc(model):O}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData("\n"u8);
        }
    }
}
