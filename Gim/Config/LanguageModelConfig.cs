using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gim.Similarity;

namespace Gim.Config;

/// <summary>
/// Task <c>lm</c>: predicts the next tokens of a test text and scores the predictions. The defaults are the published
/// evaluation's, except that the texts default to the embedded sample, which every machine has.
/// </summary>
[Description("Predicts the next tokens of a test text and scores the predictions.")]
public sealed record LanguageModelConfig : JobConfig
{
    /// <summary>Longest accepted context, in tokens: a thousand times the published one, and far from overflow.</summary>
    public const int MaximumContext = 1 << 20;

    [Description("How text is cut into tokens; the published evaluation uses GPT-2's and LLaMA-2's.")]
    public TokenizerConfig Tokenizer { get; init; } = new Gpt2TokenizerConfig();

    [MinLength(1)]
    [Description("The reference corpus, searched for the longest suffix of the context: one or more sources.")]
    public IReadOnlyList<SourceConfig> Reference { get; init => field = ValueList.From(value); } =
        ValueList.Create<SourceConfig>([new SampleSourceConfig { Part = SampleSourceConfig.Runtime }]);

    [Description("The text whose tokens are predicted.")]
    public DocumentSourceConfig Test { get; init; } = new SampleSourceConfig { Part = SampleSourceConfig.AspNetCore };

    [MinLength(1)]
    [OneOf(ModelNames.InfiniGram, ModelNames.InductionExact, ModelNames.InductionFuzzy, ModelNames.Gim)]
    [Description("The predictors to score: infini-gram looks in the reference corpus, induction-exact and induction-fuzzy in the context, gim takes one of the three for each prediction.")]
    public IReadOnlyList<string> Models { get; init => field = ValueList.From(value); } =
        ValueList.Create<string>([ModelNames.InfiniGram, ModelNames.InductionExact, ModelNames.InductionFuzzy, ModelNames.Gim]);

    [ConfigPath]
    [Description("Weights of the similarity model that induction-fuzzy and gim compare contexts with: a .safetensors file, or a .pt checkpoint of the published training script; default: the one that comes with the program.")]
    public string? SimilarityModel { get; init; }

    [Description("The kind of text to predict, one of those that the similarity model was calibrated on: its temperature, bonuses and threshold are then taken; default: those that suit all kinds.")]
    public string? Domain { get; init; }

    [Range(1, MaximumContext)]
    [Description("Tokens of the windows that the similarity model compares, where it takes windows; default: what its file says, else 32 (published: 32 and 64).")]
    public int? Window { get; init; }

    [Range(SimilarityConfiguration.LowestTemperature, SimilarityConfiguration.HighestTemperature)]
    [Description("Temperature of the similarity; default: what the model's file says, else 0.1 (published).")]
    public double? Temperature { get; init; }

    [Range(0.0, SimilarityConfiguration.HighestMatchBonus)]
    [Description("What each token of a literal match, up to 8, adds to the logarithm of a vote of the fuzzy head; default: what the model's file says, else 0 (published).")]
    public double? MatchBonus { get; init; }

    [Range(0.0, SimilarityConfiguration.HighestRecency)]
    [Description("What 1024 tokens of distance take from the logarithm of a vote of the fuzzy head; default: what the model's file says, else 0 (published).")]
    public double? Recency { get; init; }

    [Description("How long a match must be for gim to trust it (published: 8 and 9), or auto: chosen on a held-out part of the reference; default: what the model's file says, else auto.")]
    public ThresholdConfig? Threshold { get; init; }

    [OneOf(GimRules.Threshold, GimRules.Confidence)]
    [Description("Who answers for gim. threshold (published): the longest match if it has as many tokens as the threshold, else the fuzzy head. confidence: the source whose answer is most likely right, by what was counted on held-out text when the model was calibrated. Default: threshold where that key is set or the model's file has no counts, else confidence.")]
    public string? Rule { get; init; }

    [Range(1, MaximumContext)]
    [Description("Length of each context, in tokens (published: 1024).")]
    public int Context { get; init; } = 1024;

    [Range(1, int.MaxValue)]
    [Description("Tokens between the starts of successive contexts of a document (published: 512).")]
    public int Stride { get; init; } = 512;

    [Range(0, int.MaxValue)]
    [Description("Number of examples drawn at random; 0 takes all (published: up to 100000).")]
    public int Examples { get; init; }

    [Range(1, int.MaxValue)]
    [Description("Successive targets predicted from each drawn context (published: 1).")]
    public int Consecutive { get; init; } = 1;

    [Description("Whether a context may run over the border of two documents (published: false).")]
    public bool CrossDocuments { get; init; }

    [Range(1, MaximumContext)]
    [Description("Last tokens of the context that are looked up in the reference corpus (published: 500).")]
    public int ReferenceContext { get; init; } = 500;

    [Description("Whether to report perplexity as well, from the predictions mixed with the uniform distribution.")]
    public bool Perplexity { get; init; }

    [Range(1e-12, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    [Description("Weight of the uniform distribution that is mixed in for perplexity, above 0 and below 1; without it one unseen target makes perplexity infinite.")]
    public double Smoothing { get; init; } = 0.01;

    /// <summary>Null only before reading: <see cref="ConfigReader"/> fills in the default.</summary>
    [ConfigPath]
    [Description("Folder that keeps built indexes for later runs; default: the folder cache in the output folder.")]
    public string? Cache { get; init; }
}
