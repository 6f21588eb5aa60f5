using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Gim.Config;

/// <summary>A part of the training text.</summary>
[Description("A part of the training text.")]
public sealed record TrainingSourceConfig
{
    [Description("What curves and tables call it; default: the name of its file or sample.")]
    public string? Name { get; init; }

    [Range(0, 1e9, MinimumIsExclusive = true)]
    [Description("Its share of the training sequences, relative to the others' weights.")]
    public double Weight { get; init; } = 1;

    [Description("Where the documents come from.")]
    public required DocumentSourceConfig Source { get; init; }
}
