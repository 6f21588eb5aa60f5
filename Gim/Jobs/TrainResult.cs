using Gim.Config;
using Gim.Files;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Report;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Text;
using Gim.Train;
using Gim.Train.Data;

namespace Gim.Jobs;

/// <summary>What a finished training leaves: the calibrated model, its curves and its summary.</summary>
internal static class TrainResult
{
    public const string ModelName = "model.safetensors";

    /// <summary>Calibration takes so many times the contexts of a validation: it is done once, and small differences decide.</summary>
    public const int CalibrationContexts = 4;

    private const string ReferenceName = "reference", RoundedName = "rounded.safetensors";

    public static TrainSummary Write(TrainConfig config, TrainingOutcome outcome, FinishedTraining training, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        WeightFile best = training.Best(outcome.Progress);
        SimilarityConfiguration model = SimilarityConfiguration.Read(best.Metadata, ModelName);
        IReadOnlyList<ValidationText> texts = config.Calibrate ? training.Data.HeldOut(config.ValidationContexts * CalibrationContexts, log) : [];
        IReadOnlyList<ValidationScore> scores = [];
        if (texts.Count > 0)
        {
            // As it will be used: after rounding to the file's format.
            string rounded = Path.Combine(folder.File(CheckpointFolder.Name), RoundedName);
            Write(rounded, best, config.Embeddings);
            try
            {
                model = Calibrated(model, rounded, texts, config, training, folder, log, cancellation);
            }
            finally
            {
                OutputFile.Remove(rounded);
            }
        }
        // Only now: under this name a model is finished.
        string path = folder.File(ModelName);
        Write(path, new WeightFile(best.Tensors, model.ToMetadata()), config.Embeddings);
        if (texts.Count > 0)
        {
            using SimilarityNetwork network = SimilarityNetwork.Load(WeightFiles.Read(path), training.Device, path);
            scores = new Validation(texts, config.Length, training.Tokenizer.VocabularySize, training.Threads).Run(network, cancellation);
            if (scores.Average(score => score.Recall1Equal) < scores.Average(score => score.ExactRecall1Equal))
                log.Warn("on the held-out text the model is worse than exact induction, which needs none; train it longer, or with another \"learningRate\"");
        }
        TrainingCurves.Write(folder, training.Metrics, training.Data.LossTitle);
        TrainSummary summary = Summary(outcome, training, model, new FileInfo(path).Length, scores);
        folder.WriteSummary(summary);
        return summary;
    }

    private static TrainSummary Summary(TrainingOutcome outcome, FinishedTraining training, SimilarityConfiguration model, long bytes, IReadOnlyList<ValidationScore> scores)
    {
        TrainingProgress progress = outcome.Progress;
        long seen = progress.Step * training.TokensOfStep;
        bool validated = double.IsFinite(progress.BestLoss);
        return new TrainSummary(
            "train",
            training.Device.Description.Choice,
            training.Threads,
            training.Tokenizer.Name,
            progress.Step,
            outcome.EndedEarly,
            seen,
            seen / Math.Max(progress.Seconds, 1e-9),
            progress.Seconds,
            training.Parameters.Layout.Length,
            validated ? progress.BestStep : progress.Step,
            validated ? progress.BestLoss : null,
            model.Temperature,
            model.MatchBonus,
            model.Recency,
            model.Threshold,
            ModelName,
            bytes,
            training.Data.Sources,
            scores);
    }

    private static void Write(string path, WeightFile weights, string embeddings)
    {
        ElementType type = embeddings switch
        {
            TrainConfig.Bytes => ElementType.I8,
            TrainConfig.Halves => ElementType.F16,
            _ => ElementType.F32,
        };
        ModelFile.Write(path, weights, type, type == ElementType.F32 ? ElementType.F32 : ElementType.F16);
    }

    /// <summary>The model with what suits it on the held-out text.</summary>
    private static SimilarityConfiguration Calibrated(
        SimilarityConfiguration model, string path, IReadOnlyList<ValidationText> texts, TrainConfig config, FinishedTraining training, RunFolder folder, IJobLog log, CancellationToken cancellation)
    {
        CalibrationResult calibration;
        using (TrainingReference reference = TrainingReference.Build(
            [.. training.Data.Tokens.Select(text => text.Tokens)], training.Tokenizer, Path.Combine(folder.File(CheckpointFolder.Name), ReferenceName), log, cancellation))
        using (SimilarityNetwork network = SimilarityNetwork.Load(WeightFiles.Read(path), training.Device, path))
            calibration = new Calibration(texts, config.Length, training.Tokenizer.VocabularySize, training.Threads).Run(network, reference.Index, log, cancellation);
        CalibrationReport.Write(folder, calibration);
        VoteSettings settings = calibration.Settings;
        log.Info($"temperature {1 / settings.InverseTemperature:G4}, bonus {settings.MatchBonus} per matched token, recency {settings.Recency}, threshold {calibration.Threshold}: chosen on {texts.Sum(text => text.Examples.Count):N0} held-out examples ({CalibrationReport.VoteTable}, {CalibrationReport.ThresholdTable})");
        if (!calibration.IsConfidenceBetter)
            log.Info("the published rule was better than the one by confidence, which is left out of the model");
        return model with
        {
            Temperature = 1 / settings.InverseTemperature,
            MatchBonus = settings.MatchBonus,
            Recency = settings.Recency,
            Threshold = calibration.Threshold,
            Confidence = calibration.IsConfidenceBetter ? calibration.Confidence.ToText() : null,
            ConfidenceContext = config.Length,
            Domains = calibration.Domains,
        };
    }
}

/// <summary>What training leaves in memory.</summary>
/// <param name="Parameters">Of the last step.</param>
internal sealed record FinishedTraining(
    ModelParameters Parameters, CheckpointFolder Checkpoints, MetricsFile Metrics, ITrainingData Data, long TokensOfStep, Tokenizer Tokenizer, Device Device, int Threads, bool Validated)
{
    /// <summary>The weights with the lowest validation loss; the last ones where nothing was validated.</summary>
    public WeightFile Best(TrainingProgress progress) => Validated && double.IsFinite(progress.BestLoss) ? Checkpoints.ReadBest(progress.BestStep) : CheckpointFolder.ToFile(Parameters);
}
