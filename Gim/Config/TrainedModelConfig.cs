using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Gim.Config;

/// <summary>Sizes of a model to train.</summary>
public sealed record TrainedModelConfig
{
    public const string Bias = "bias", Relative = "relative";

    [Range(1, 100)]
    [Description("Layers.")]
    public int Layers { get; init; } = 3;

    [Range(1, 100)]
    [Description("Heads of attention in each layer; they divide the columns.")]
    public int Heads { get; init; } = 4;

    [Range(1, 8192)]
    [Description("d: columns of the token embeddings and of the residual stream.")]
    public int Columns { get; init; } = 128;

    [Range(1, 8192)]
    [Description("Columns of the embeddings that contexts are compared by.")]
    public int OutputColumns { get; init; } = 128;

    [Range(1, 65_536)]
    [Description("Tokens that a position sees in each layer, itself included.")]
    public int Band { get; init; } = 32;

    [Range(1, 65_536)]
    [Description("Tokens of the windows that are compared, only with a teacher; default: 32 (published: 32 and 64). Without one, contexts are embedded in one pass.")]
    public int? Window { get; init; }

    [OneOf(Bias, Relative)]
    [Description("How attention knows distances: a learnt bias per head and distance, or learnt relative keys and values (published).")]
    public string Positions { get; init; } = Bias;
}
