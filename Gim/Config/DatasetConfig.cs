using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>Stories and the responses of people who heard them, chosen by <c>kind</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SimulatedDatasetConfig), "simulated")]
[JsonDerivedType(typeof(Ds003020DatasetConfig), "ds003020")]
[JsonDerivedType(typeof(PlainDatasetConfig), "plain")]
public abstract record DatasetConfig;

/// <summary>A listener who does not exist, with effects of known size.</summary>
[Description("A simulated listener, with effects of known size, who hears stories made of the embedded sample: shows what the pipeline finds and what controls do.")]
public sealed record SimulatedDatasetConfig : DatasetConfig
{
    [Range(4, 1000)]
    [Description("Stories to fit on.")]
    public int TrainingStories { get; init; } = 32;

    [Range(1, 100)]
    [Description("Stories to test on.")]
    public int TestStories { get; init; } = 4;

    [Range(60, 10_000)]
    [Description("TRs of a story, of 2 s.")]
    public int Trs { get; init; } = 300;

    [Range(1, 100_000)]
    [Description("Targets.")]
    public int Targets { get; init; } = 30;

    [Range(0.0, 0.9)]
    [Description("Share of the responses' variance that comes from the features.")]
    public double FeatureShare { get; init; } = 0.15;

    [Range(0.0, 0.9)]
    [Description("Share of the responses' variance that comes back when a passage is told again, and that no feature explains: the true effect of induction.")]
    public double InductionShare { get; init; } = 0.2;
}

/// <summary>Data laid out as OpenNeuro's ds003020.</summary>
[Description("Recordings laid out as OpenNeuro's ds003020: derivative/TextGrids, derivative/respdict.json, derivative/preprocessed_data/SUBJECT/STORY.hf5, and where they are labels/STORY.csv and split.json.")]
public sealed record Ds003020DatasetConfig : DatasetConfig
{
    [ConfigPath]
    [Description("The data set's folder.")]
    public required string Path { get; init; }

    [MinLength(1)]
    [Description("The stories to test on; default: those of split.json, else wheretheressmoke (published).")]
    public IReadOnlyList<string>? Test { get; init => field = value is null ? null : ValueList.From(value); }
}

/// <summary>Data of one's own.</summary>
[Description("Data of one's own: stories/STORY.csv with a line for each TR, its words in the column text and numbers in any others; responses/SUBJECT/STORY.npy (.csv, .h5, .hf5, .hdf5) with a row for each of these TRs; split.json.")]
public sealed record PlainDatasetConfig : DatasetConfig
{
    [ConfigPath]
    [Description("The folder.")]
    public required string Path { get; init; }

    [Range(0.0, 3600, MinimumIsExclusive = true)]
    [Description("Seconds from one TR to the next.")]
    public double Tr { get; init; } = 2;

    [MinLength(1)]
    [Description("The stories to test on; default: those of split.json.")]
    public IReadOnlyList<string>? Test { get; init => field = value is null ? null : ValueList.From(value); }
}
