using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Report;
using Gim.Similarity;
using Gim.Text;
using Gim.Train;

namespace Gim.Jobs;

/// <summary>Task <c>train</c>: text or a teacher in, a similarity model and how its training went out.</summary>
internal static class TrainJob
{
    /// <summary>Keys that decide neither the weights nor the text; the schedule is looked at by itself.</summary>
    private static readonly string[] FreeKeys =
        ["device", "threads", "output", "steps", "decay", "decayShare", "lowestShare", "validateEvery", "validationContexts", "patience", "checkpointEvery", "embeddings", "calibrate"];

    private static readonly string[] Results =
        [TrainResult.ModelName, CalibrationReport.VoteTable, CalibrationReport.ThresholdTable, CalibrationReport.RuleTable, TrainingCurves.LossName, TrainingCurves.AccuracyName];

    public static TrainSummary Run(TrainConfig config, string effectiveJson, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        int threads = DeviceChoice.Threads(config.Threads);
        Tokenizer tokenizer = TokenizerFactory.Create(config.Tokenizer);
        SimilarityConfiguration model = TrainedModel.Of(config, tokenizer);
        TrainingSettings settings = Settings(config);
        using Device device = DeviceChoice.Open(config.Device, threads);
        log.Info($"device: {device.Description}");
        using ITrainingData data = config.Teacher is { } teacher
            ? TeacherData.Open(config, teacher, model.Window, tokenizer, log, cancellation)
            : RetrievalData.Read(config, tokenizer, folder, threads, log, cancellation);
        var layout = new ParameterLayout(model);
        string settingsText = DecidingSettings(effectiveJson);
        var checkpoints = new CheckpointFolder(folder.File(CheckpointFolder.Name), Fingerprint(settingsText, tokenizer, data), settingsText);
        SavedTraining? saved = checkpoints.Open(layout.Length);
        if (saved is not null) RequireSameSchedule(saved, settings.LearningRate, checkpoints);
        IValidation validation = data.Validation(log);
        if (config.ValidationShare == 0)
            log.Warn("nothing is held out (\"validationShare\" 0): the model will be that of the last step, neither validated nor calibrated");
        // Before anything of an earlier run is removed.
        if (saved is { Progress.ValidatedStep: >= 0 }) checkpoints.ReadBest(saved.Progress.BestStep);
        folder.Begin(effectiveJson, [.. Results, .. saved is null ? (string[])[MetricsFile.FileName] : []]);

        float[] initial = saved?.Parameters ?? InitialWeights.Make(
            model, layout, TrainingSources.Embedding(config, data.Tokens, tokenizer, threads, log, cancellation), 1 / config.Temperature, config.Seed);
        using var parameters = new ModelParameters(model, layout, initial, device);
        if (saved is not null) log.Info($"going on after {saved.Progress.Step:N0} of {config.Steps:N0} steps");
        log.Info($"{layout.Length:N0} parameters, {layout.Length - layout[ParameterLayout.Tokens].Length:N0} beside the token embeddings; {data.Tokens.Sum(text => text.Tokens.TokenCount):N0} tokens to train on");
        var metrics = new MetricsFile(folder.File(MetricsFile.FileName));
        TrainingOutcome outcome;
        long tokensOfStep;
        using (ITrainingObjective objective = data.Objective(parameters, Optimizer(config)))
        {
            tokensOfStep = objective.TokensOfStep;
            outcome = new Trainer(settings, parameters, objective, validation, checkpoints, metrics).Run(saved, log, cancellation);
        }
        var finished = new FinishedTraining(parameters, checkpoints, metrics, data, tokensOfStep, tokenizer, device, threads, !validation.IsEmpty);
        return TrainResult.Write(config, outcome, finished, folder, log, cancellation);
    }

    private static OptimizerSettings Optimizer(TrainConfig config) => new()
    {
        Beta1 = config.Beta1,
        Beta2 = config.Beta2,
        WeightDecay = config.WeightDecay,
        MaximumNorm = config.Clip,
        LearnTemperature = config.LearnTemperature,
    };

    private static TrainingSettings Settings(TrainConfig config) => new()
    {
        LearningRate = new LearningRate(
            config.LearningRate, config.WarmUp, config.Steps, config.DecayShare, config.Decay == TrainConfig.Cosine ? DecayKind.Cosine : DecayKind.Linear,
            config.LowestShare),
        ValidateEvery = config.ValidateEvery,
        CheckpointEvery = config.CheckpointEvery,
        Patience = config.Patience,
    };

    /// <summary>The schedule may change only in what has not begun: else the weights would be those of no config.</summary>
    private static void RequireSameSchedule(SavedTraining saved, LearningRate schedule, CheckpointFolder checkpoints)
    {
        if (saved.Schedule == schedule.ToString() || (saved.Progress.Step <= saved.DecayStart && saved.Progress.Step <= schedule.DecayStart)) return;
        throw new InputException(
            $"the training in {Path.GetDirectoryName(checkpoints.LastPath)} is {saved.Progress.Step:N0} steps long, and its learning rate would have fallen otherwise with these \"steps\", \"decay\", \"decayShare\" and \"lowestShare\"; set them back, or choose another folder with --output");
    }

    /// <summary>The keys of a config that decide the weights, but for the schedule's end.</summary>
    private static string DecidingSettings(string effectiveJson)
    {
        JsonObject config = JsonNode.Parse(effectiveJson)!.AsObject();
        foreach (string key in FreeKeys)
            config.Remove(key);
        // The text itself is in the hashes; where it lies does not matter.
        foreach (JsonNode? source in config["sources"]?.AsArray() ?? [])
            source!.AsObject().Remove("source");
        if (config["teacher"] is JsonObject teacher)
        {
            teacher.Remove("path");
            // Of the contexts that a distilled model is calibrated on.
            config.Remove("length");
        }
        return config.ToJsonString();
    }

    /// <summary>Of these and of the text.</summary>
    private static string Fingerprint(string settings, Tokenizer tokenizer, ITrainingData data)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join("\n", [settings, tokenizer.Hash, .. data.Hashes]))));
}
