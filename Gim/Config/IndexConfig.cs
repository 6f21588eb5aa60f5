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
}
