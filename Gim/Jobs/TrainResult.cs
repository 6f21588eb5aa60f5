using Gim.Config;
using Gim.Kernels.Devices;
using Gim.Progress;
using Gim.Report;
using Gim.Similarity;
using Gim.Similarity.Weights;
using Gim.Text;
using Gim.Train;
using Gim.Train.Data;

namespace Gim.Jobs;

/// <summary>What a finished training leaves: the model, its curves and its summary.</summary>
internal static class TrainResult
{
    public const string ModelName = "model.safetensors";

    public static TrainSummary Write(
        TrainConfig config, TrainingOutcome outcome, ModelParameters parameters, IReadOnlyList<ValidationText> validation, CheckpointFolder checkpoints, MetricsFile metrics,
        IReadOnlyList<TrainingText> texts, Tokenizer tokenizer, Device device, RunFolder folder, int threads, IJobLog log, CancellationToken cancellation)
    {
        WeightFile best = validation.Count > 0 && File.Exists(checkpoints.BestPath) ? WeightFiles.Read(checkpoints.BestPath) : CheckpointFolder.ToFile(parameters);
        string path = folder.File(ModelName);
        SafetensorsFile.Write(path, best, config.Embeddings == TrainConfig.Floats ? null : _ => true);
        TrainingProgress progress = outcome.Progress;
        long seen = (long)progress.Step * config.Batch * config.Accumulate * config.Length;
        var summary = new TrainSummary(
            "train",
            device.Description.Choice,
            threads,
            tokenizer.Name,
            progress.Step,
            outcome.EndedEarly,
            seen,
            seen / Math.Max(progress.Seconds, 1e-9),
            progress.Seconds,
            parameters.Layout.Length,
            validation.Count > 0 ? progress.BestStep : progress.Step,
            validation.Count > 0 ? progress.BestLoss : null,
            1 / (double)parameters.InverseTemperature,
            null,
            ModelName,
            new FileInfo(path).Length,
            [.. texts.Select((text, i) => new TrainSourceSummary(text.Name, config.Sources[i].Weight, text.Documents, text.TokenCount, text.ValidationDocuments.Sum(document => (long)document.Length)))],
            []);
        folder.WriteSummary(summary);
        return summary;
    }
}
