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
        ["device", "threads", "output", "steps", "decay", "decayShare", "validateEvery", "validationContexts", "patience", "checkpointEvery", "embeddings", "calibrate"];

    /// <summary>Of a distilled model: the published windows have 32 and 64 tokens.</summary>
    private const int DefaultWindow = 32;

    private static readonly string[] Results =
        [TrainResult.ModelName, CalibrationReport.VoteTable, CalibrationReport.ThresholdTable, CalibrationReport.RuleTable, TrainingCurves.LossName, TrainingCurves.AccuracyName];

    public static TrainSummary Run(TrainConfig config, string effectiveJson, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        int threads = DeviceChoice.Threads(config.Threads);
        Tokenizer tokenizer = TokenizerFactory.Create(config.Tokenizer);
        SimilarityConfiguration model = Model(config, tokenizer);
        TrainingSettings settings = Settings(config);
        using Device device = DeviceChoice.Open(config.Device, threads);
        log.Info($"device: {device.Description}");
        using ITrainingData data = config.Teacher is { } teacher
            ? TeacherData.Open(config, teacher, model.Window, tokenizer, log, cancellation)
            : RetrievalData.Read(config, tokenizer, folder, threads, log, cancellation);
        var layout = new ParameterLayout(model);
        var checkpoints = new CheckpointFolder(folder.File(CheckpointFolder.Name), Fingerprint(effectiveJson, tokenizer, data));
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
        log.Info($"{layout.Length:N0} parameters, {layout.Length - layout["transformer.wte.weight"].Length:N0} beside the token embeddings; {data.Tokens.Sum(text => text.Tokens.TokenCount):N0} tokens to train on");
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

    private static SimilarityConfiguration Model(TrainConfig config, Tokenizer tokenizer)
    {
        TrainedModelConfig model = config.Model;
        if (model.Columns % model.Heads != 0)
            throw new InputException($"\"model.columns\" {model.Columns} cannot be divided into \"model.heads\" {model.Heads}; choose a multiple");
        if (model.Columns / model.Heads > AttentionShape.MaximumHeadSize)
            throw new InputException($"\"model.columns\" {model.Columns} and \"model.heads\" {model.Heads} make heads of {model.Columns / model.Heads} columns; at most {AttentionShape.MaximumHeadSize} are possible, raise heads");
        if (config.Teacher is { } teacher) RequireDistillation(config, teacher);
        else RequireRetrieval(config);
        if (config.ValidationShare == 0 && config.Patience > 0)
            throw new InputException($"\"patience\" {config.Patience:N0} waits for validations, and \"validationShare\" 0 holds nothing out; set one of them otherwise");
        return new SimilarityConfiguration
        {
            Layers = model.Layers,
            Heads = model.Heads,
            Columns = model.Columns,
            OutputColumns = model.OutputColumns,
            Vocabulary = tokenizer.VocabularySize,
            Positions = model.Positions == TrainedModelConfig.Relative ? PositionKind.Relative : PositionKind.Bias,
            Band = model.Band,
            Mode = config.Teacher is null ? EmbeddingMode.Streaming : EmbeddingMode.Windowed,
            Window = config.Teacher is null ? model.Band : Window(model),
            Temperature = config.Temperature,
            Tokenizer = tokenizer.Name,
            TokenizerHash = tokenizer.Hash,
        };
    }

    private static int Window(TrainedModelConfig model) => model.Window ?? DefaultWindow;

    /// <summary>Refuses what has no meaning for the retrieval likelihood, or is too much.</summary>
    private static void RequireRetrieval(TrainConfig config)
    {
        if (config.Model.Window is { } window)
            throw new InputException($"\"model.window\" {window:N0} has a meaning only with a \"teacher\": without one, contexts are embedded in one pass; leave it out");
        if (config.FirstQuery >= config.Length)
            throw new InputException($"\"firstQuery\" {config.FirstQuery:N0} is not below \"length\" {config.Length:N0}: nothing would be asked; lower it");
        // The widest that a pass keeps of a position is its hidden layer.
        if ((long)config.Batch * (config.Length + 1) * Math.Max(4 * config.Model.Columns, config.Model.OutputColumns) > Array.MaxLength)
            throw new InputException($"\"batch\" {config.Batch:N0} times \"length\" {config.Length:N0} with \"model.columns\" {config.Model.Columns:N0} is too much for one pass; lower batch and raise \"accumulate\"");
        if ((long)config.Batch * config.Accumulate * (config.Length + 1) > Array.MaxLength)
            throw new InputException($"\"batch\" {config.Batch:N0} times \"accumulate\" {config.Accumulate:N0} times \"length\" {config.Length:N0} is too much for one step; lower accumulate");
    }

    /// <summary>Refuses what has no meaning for distillation, or is too much.</summary>
    private static void RequireDistillation(TrainConfig config, TeacherConfig teacher)
    {
        if (config.Sources is not null)
            throw new InputException("\"teacher\" and \"sources\" are both given, but the text of a teacher is in its file; leave one of them out");
        var defaults = new TrainConfig();
        if (config.Batch != defaults.Batch)
            throw new InputException($"\"batch\" {config.Batch:N0} has no meaning with a \"teacher\", whose \"queries\" and \"keys\" go through the model together; leave it out");
        if (config.FirstQuery != defaults.FirstQuery)
            throw new InputException($"\"firstQuery\" {config.FirstQuery:N0} has no meaning with a \"teacher\", whose windows are all of one length; leave it out");
        int window = Window(config.Model);
        long rows = ((long)teacher.Queries + teacher.Keys) * window, pairs = (long)teacher.Queries * teacher.Keys;
        string sizes = $"\"teacher.queries\" {teacher.Queries:N0} and \"teacher.keys\" {teacher.Keys:N0} with windows of {window:N0} tokens";
        if (rows > Device.MaximumLength / Math.Max(4 * config.Model.Columns, config.Model.OutputColumns) || pairs > Device.MaximumLength)
            throw new InputException($"{sizes} are too much for one pass; lower them and raise \"accumulate\"");
        if (Math.Max(rows, pairs) > Array.MaxLength / config.Accumulate)
            throw new InputException($"{sizes} are too much for one step of {config.Accumulate:N0} passes; lower \"accumulate\"");
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
            config.LearningRate, config.WarmUp, config.Steps, config.DecayShare, config.Decay == TrainConfig.Cosine ? DecayKind.Cosine : DecayKind.Linear),
        ValidateEvery = config.ValidateEvery,
        CheckpointEvery = config.CheckpointEvery,
        Patience = config.Patience,
    };

    /// <summary>The schedule may change only in what has not begun: else the weights would be those of no config.</summary>
    private static void RequireSameSchedule(SavedTraining saved, LearningRate schedule, CheckpointFolder checkpoints)
    {
        if (saved.Schedule == schedule.ToString() || (saved.Progress.Step <= saved.DecayStart && saved.Progress.Step <= schedule.DecayStart)) return;
        throw new InputException(
            $"the training in {Path.GetDirectoryName(checkpoints.LastPath)} is {saved.Progress.Step:N0} steps long, and its learning rate would have fallen otherwise with these \"steps\", \"decay\" and \"decayShare\"; set them back, or choose another folder with --output");
    }

    /// <summary>Of everything that decides the weights, but for the schedule's end.</summary>
    private static string Fingerprint(string effectiveJson, Tokenizer tokenizer, ITrainingData data)
    {
        JsonObject config = JsonNode.Parse(effectiveJson)!.AsObject();
        foreach (string key in FreeKeys)
            config.Remove(key);
        // The text itself is in the hashes; where it lies does not matter.
        foreach (JsonNode? source in config["sources"]?.AsArray() ?? [])
            source!.AsObject().Remove("source");
        config["teacher"]?.AsObject().Remove("path");
        // Keys that were not always there: without them, fingerprints are those of before.
        RemoveNull(config, "teacher");
        RemoveNull(config["model"]!.AsObject(), "window");
        string all = string.Join("\n", [config.ToJsonString(), tokenizer.Hash, .. data.Hashes]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }

    private static void RemoveNull(JsonObject config, string key)
    {
        if (config[key] is null) config.Remove(key);
    }
}
