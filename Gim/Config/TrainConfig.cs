using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gim.Similarity;

namespace Gim.Config;

/// <summary>
/// Task <c>train</c>: trains a similarity model, on plain text or, where <see cref="Teacher"/> is given, by distillation.
/// The defaults are a recipe for plain text that passes exact induction within a minute or two of two cores.
/// </summary>
[Description("Trains a similarity model, on plain text or from a teacher.")]
public sealed record TrainConfig : JobConfig
{
    public const string Linear = "linear", Cosine = "cosine";

    public const string Bytes = "int8", Halves = "f16", Floats = "f32";

    [Description("How text is cut into tokens; the model can only be used with the same tokenizer.")]
    public TokenizerConfig Tokenizer { get; init; } = new Gpt2TokenizerConfig();

    /// <summary>Null where there is a teacher, and else only before reading: <see cref="ConfigReader"/> fills in the default.</summary>
    [MinLength(1)]
    [Description("The text to train on: a mixture of sources with weights; default: the runtime part of the sample. Not together with teacher, whose file has the text.")]
    public IReadOnlyList<TrainingSourceConfig>? Sources { get; init => field = value is null ? null : ValueList.From(value); }

    [Description("A language model's next-token distributions to distil the model from, in place of sources (published: LLaMA-2's, with learningRate 0.0001, beta2 0.95, weightDecay 0.1, warmUp 1000, decay cosine, lowestShare 0.1, accumulate 16, learnTemperature false); default: none, the model learns from the text alone.")]
    public TeacherConfig? Teacher { get; init; }

    [Description("The sizes of the model.")]
    public TrainedModelConfig Model { get; init; } = new();

    [Description("The token embeddings to begin with.")]
    public EmbeddingStartConfig Start { get; init; } = new CooccurrenceStartConfig();

    [Range(2, LanguageModelConfig.MaximumContext)]
    [Description("Positions of a training sequence; predictions are best from contexts of this length. With a teacher: tokens of the contexts that the model is calibrated on.")]
    public int Length { get; init; } = 1024;

    [Range(1, LanguageModelConfig.MaximumContext)]
    [Description("The first position of a sequence whose next token is asked for; earlier ones have too little before them. Not with a teacher.")]
    public int FirstQuery { get; init; } = 64;

    [Range(1, 65_536)]
    [Description("Sequences that go through the model together. Not with a teacher, whose queries and keys do.")]
    public int Batch { get; init; } = 4;

    [Range(1, 65_536)]
    [Description("Batches whose gradients add up to one step.")]
    public int Accumulate { get; init; } = 1;

    [Range(1, int.MaxValue)]
    [Description("Steps of training; each reads length x batch x accumulate tokens, with a teacher (queries + keys) x window x accumulate.")]
    public int Steps { get; init; } = 2500;

    [Range(0, 1.0, MinimumIsExclusive = true)]
    [Description("The highest learning rate.")]
    public double LearningRate { get; init; } = 0.002;

    [Range(0, int.MaxValue)]
    [Description("Steps over which the learning rate rises to its highest.")]
    public int WarmUp { get; init; } = 100;

    [OneOf(Linear, Cosine)]
    [Description("How the learning rate falls: linear or cosine.")]
    public string Decay { get; init; } = Linear;

    [Range(0.0, 1.0)]
    [Description("Share of the steps, at the end, over which the learning rate falls; 1: from the beginning. Until it falls, a stopped training can be made longer or shorter.")]
    public double DecayShare { get; init; } = 1;

    [Range(0.0, 1.0)]
    [Description("What the learning rate falls to, as a share of its highest (published distillation: 0.1).")]
    public double LowestShare { get; init; }

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Description("AdamW: what the mean of gradients keeps at a step.")]
    public double Beta1 { get; init; } = 0.9;

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Description("AdamW: what the mean of squared gradients keeps at a step.")]
    public double Beta2 { get; init; } = 0.98;

    [Range(0.0, 10.0)]
    [Description("AdamW: decay of the matrices; embeddings, gains and biases do not decay.")]
    public double WeightDecay { get; init; }

    [Range(0.0, 1e6)]
    [Description("The longest gradient of a step; a longer one is scaled down to it. 0: none is too long.")]
    public double Clip { get; init; } = 1;

    [Range(SimilarityConfiguration.LowestTemperature, 10.0)]
    [Description("Temperature of the similarity at the start.")]
    public double Temperature { get; init; } = 0.1;

    [Description("Whether the temperature is learnt.")]
    public bool LearnTemperature { get; init; } = true;

    [Range(0.0, 0.5)]
    [Description("Share of each source's or the teacher's tokens, whole documents, that is held out to validate on.")]
    public double ValidationShare { get; init; } = 0.02;

    [Range(1, int.MaxValue)]
    [Description("Steps from one validation to the next.")]
    public int ValidateEvery { get; init; } = 500;

    [Range(1, 1_000_000)]
    [Description("Contexts of each source to validate on; 48 successive tokens are predicted from each. With a teacher: batches of held-out queries and keys.")]
    public int ValidationContexts { get; init; } = 16;

    [Range(0, int.MaxValue)]
    [Description("Validations without a lower loss after which training ends; 0: it goes to the last step.")]
    public int Patience { get; init; }

    [Range(1, int.MaxValue)]
    [Description("Steps from one checkpoint to the next.")]
    public int CheckpointEvery { get; init; } = 250;

    [OneOf(Bytes, Halves, Floats)]
    [Description("How the finished model stores its token embeddings: int8 rows with a scale each, f16, or f32; the rest is f32 for f32, else f16.")]
    public string Embeddings { get; init; } = Halves;

    [Description("Whether the finished model's temperature and threshold are chosen on the validation text.")]
    public bool Calibrate { get; init; } = true;
}
