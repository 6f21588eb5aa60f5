using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gim.Config;
using Gim.Similarity;
using Gim.Similarity.Weights;

namespace Gim.Train;

/// <summary>
/// The folder <c>checkpoint</c> of a run: <c>last.safetensors</c> is where it stands (parameters, both moments of the
/// optimiser, progress), <c>best.safetensors</c> the weights with the lowest validation loss so far, a file of weights
/// like any other. Each is written whole or not at all; the best one first, so that the last one never names a best one
/// that is not there.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="fingerprint">Of everything that decides the weights.</param>
/// <param name="settings">The keys among it as a JSON object, so that the one that differs can be named; null: none are kept.</param>
internal sealed class CheckpointFolder(string path, string fingerprint, string? settings = null)
{
    public const string Name = "checkpoint";
    private const string LastName = "last.safetensors", BestName = "best.safetensors", FingerprintKey = "fingerprint", SettingsKey = "settings", ScheduleKey = "schedule", DecayStartKey = "decay_start", StepKey = "gim_step";

    public string LastPath => Path.Combine(path, LastName);

    public string BestPath => Path.Combine(path, BestName);

    /// <summary>Where an interrupted run stood; null where there is none.</summary>
    /// <exception cref="InputException">There is one of other settings or text, or the file is damaged.</exception>
    public SavedTraining? Open(int parameters)
    {
        if (!File.Exists(LastPath)) return null;
        WeightFile file = Read(LastPath);
        if (!file.Metadata.TryGetValue(FingerprintKey, out string? found) || TrainingProgress.Read(file.Metadata) is not { } progress || !file.Metadata.TryGetValue(ScheduleKey, out string? schedule)
            || !file.Metadata.TryGetValue(DecayStartKey, out string? decay) || !int.TryParse(decay, NumberStyles.None, CultureInfo.InvariantCulture, out int decayStart))
            throw new InputException($"{LastPath} is no checkpoint of a training; remove it, or choose another folder with --output");
        if (found != fingerprint)
        {
            throw new InputException(
                $"{path} holds a training with other {Difference(file.Metadata.GetValueOrDefault(SettingsKey))}, {progress.Step:N0} steps long; choose another folder with --output, or remove it to begin anew");
        }
        float[] Part(string name) => file.Values(name) is { } values && values.Length == parameters
            ? values
            : throw new InputException($"{LastPath}: '{name}' has {file.Values(name).Length:N0} values where the model has {parameters:N0}; the file is damaged, remove it to begin anew");
        return new SavedTraining(progress, schedule, decayStart, Part("parameters"), Part("first_moment"), Part("second_moment"));
    }

    /// <summary>Saves where the run stands.</summary>
    public void Save(TrainingProgress progress, LearningRate schedule, ModelParameters parameters, Optimizer optimizer)
    {
        float[] values = new float[parameters.Layout.Length];
        parameters.Device.Download(parameters.Values, values);
        SafetensorsFile.Write(
            LastPath,
            new WeightFile(
                [
                    new WeightTensor("parameters", [values.Length], values),
                    new WeightTensor("first_moment", [values.Length], optimizer.FirstMoment.ToArray()),
                    new WeightTensor("second_moment", [values.Length], optimizer.SecondMoment.ToArray()),
                ],
                [.. progress.ToMetadata(), new(FingerprintKey, fingerprint), new(SettingsKey, settings ?? "{}"), new(ScheduleKey, schedule.ToString()), new(DecayStartKey, schedule.DecayStart.ToString(CultureInfo.InvariantCulture))]));
    }

    /// <summary>Saves the weights as the best so far.</summary>
    public void SaveBest(ModelParameters parameters, int step)
    {
        WeightFile file = ToFile(parameters);
        SafetensorsFile.Write(BestPath, new WeightFile(file.Tensors, [.. file.Metadata, new(StepKey, step.ToString(CultureInfo.InvariantCulture))]));
    }

    /// <summary>The weights with the lowest validation loss.</summary>
    /// <param name="step">After which they were saved.</param>
    /// <exception cref="InputException">The file is missing or damaged, or holds those of another step.</exception>
    public WeightFile ReadBest(int step)
    {
        const string lost = "the best weights of this training are lost; remove the folder to begin anew";
        if (!File.Exists(BestPath)) throw new InputException($"{BestPath} is missing: {lost}");
        WeightFile file = Read(BestPath);
        return file.Metadata.GetValueOrDefault(StepKey) == step.ToString(CultureInfo.InvariantCulture)
            ? file
            : throw new InputException($"{BestPath} holds the weights of step {file.Metadata.GetValueOrDefault(StepKey) ?? "(none)"}, and those of step {step} were the best: {lost}");
    }

    /// <summary>What differs from a checkpoint's settings, as far as they tell.</summary>
    private string Difference(string? there)
    {
        const string unknown = "settings or text";
        if (there is null || settings is null) return unknown;
        try
        {
            JsonObject own = JsonNode.Parse(settings)!.AsObject(), other = JsonNode.Parse(there)!.AsObject();
            string[] keys = [.. own.Select(key => key.Key).Union(other.Select(key => key.Key)).Where(key => !JsonNode.DeepEquals(own[key], other[key]))];
            return keys.Length == 0 ? "text (or teacher)" : $"settings or text (\"{keys[0]}\" is {Shown(other[keys[0]])} there, {Shown(own[keys[0]])} here)";
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return unknown;
        }

        static string Shown(JsonNode? value) => value is null ? "not set" : Quote.Shorten(value.ToJsonString());
    }

    private static WeightFile Read(string path)
    {
        try
        {
            return WeightFiles.Read(path);
        }
        catch (InputException damaged)
        {
            throw new InputException($"the checkpoint is damaged: {damaged.Message}; remove {Path.GetDirectoryName(path)} to begin anew", damaged);
        }
    }

    /// <summary>The weights as they are used: with the temperature that was learnt.</summary>
    public static WeightFile ToFile(ModelParameters parameters)
    {
        SimilarityConfiguration configuration = parameters.Configuration with { Temperature = parameters.Temperature };
        return new WeightFile(parameters.ToTensors(), configuration.ToMetadata());
    }
}

/// <summary>A checkpoint that was read.</summary>
/// <param name="Schedule">The learning rate's, as text.</param>
/// <param name="DecayStart">The first step at which that rate falls.</param>
/// <param name="Parameters">In the layout's order, as the moments.</param>
internal sealed record SavedTraining(TrainingProgress Progress, string Schedule, int DecayStart, float[] Parameters, float[] FirstMoment, float[] SecondMoment);
