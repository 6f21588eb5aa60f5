using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Gim.Config;

/// <summary>Task <c>index</c>: builds an index of reference text once, for many runs to open.</summary>
[Description("Builds an index of reference text in the output folder.")]
public sealed record IndexConfig : JobConfig
{
    [Description("How text is cut into tokens; runs that open the index must use the same tokenizer.")]
    public TokenizerConfig Tokenizer { get; init; } = new Gpt2TokenizerConfig();

    [MinLength(1)]
    [Description("The sources of text to index, in this order.")]
    public IReadOnlyList<DocumentSourceConfig> Reference { get; init => field = ValueList.From(value); } =
        ValueList.Create<DocumentSourceConfig>([new SampleSourceConfig { Part = SampleSourceConfig.Runtime }]);

    [Range(0.0, 100_000, MinimumIsExclusive = true)]
    [Description("Memory for building, in GB; a corpus that needs more becomes an index of several shards. A document longer than a few hundred thousand characters comes on top while it is read. Default: half of the machine's memory.")]
    public double? Memory { get; init; }
}
