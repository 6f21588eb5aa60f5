using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>
/// What one run does: the keys every task has. The key <c>task</c> chooses the record, as <c>kind</c> does for sources
/// and tokenizers.
/// </summary>
/// <remarks>
/// The JSON names are a contract with the configs people keep: a key can be added, never renamed or given another
/// meaning. A key comes with the feature that reads it, because an accepted key that does nothing would be believed.
/// <c>$schema</c> is accepted beside these keys and ignored; it is for editors.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "task")]
[JsonDerivedType(typeof(LanguageModelConfig), "lm")]
[JsonDerivedType(typeof(IndexConfig), "index")]
[JsonDerivedType(typeof(TrainConfig), "train")]
[JsonDerivedType(typeof(FmriConfig), "fmri")]
public abstract record JobConfig
{
    [JsonPropertyOrder(-1)]
    [Description("The device that computes: auto (a GPU where there is one), cpu, cuda, opencl, or one of several as in cuda:1; 'gim devices' lists them.")]
    public string Device { get; init; } = "auto";

    [JsonPropertyOrder(-1)]
    [Description("Seed of every random choice; the same seed on the same data gives the same run.")]
    public int Seed { get; init; } = 1;

    [JsonPropertyOrder(-1)]
    [Range(0, 1024)]
    [Description("Number of CPU threads; 0 uses all of them.")]
    public int Threads { get; init; }

    /// <summary>
    /// Null only before reading: <see cref="ConfigReader"/> fills in the default, which unlike a written path is
    /// relative to the working directory, so that a config in a shared folder does not collect everybody's runs.
    /// </summary>
    [JsonPropertyOrder(-1)]
    [ConfigPath]
    [Description("Folder for the run's files; default: runs/<name of the config file> in the working directory.")]
    public string? Output { get; init; }

    /// <summary>The run's folder, absolute.</summary>
    /// <exception cref="InvalidOperationException">The record was made in code without an output.</exception>
    [JsonIgnore]
    public string OutputFolder => Output ?? throw new InvalidOperationException("This config has no output folder.");
}
