using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Gim.Config;

/// <summary>
/// Task <c>fmri</c>: predicts brain responses to stories from features of their text, adds induction matching, and shows
/// beside each gain what controls that do not know the text gain. The defaults are those of a published replication, on a
/// simulated listener, which every machine has.
/// </summary>
/// <remarks>One subject a run: <c>summary.json</c> names it, and runs of several subjects can go on side by side.</remarks>
[Description("Predicts brain responses to stories from features and induction matching, beside controls that do not know the text.")]
public sealed record FmriConfig : JobConfig
{
    public const string Lanczos = "lanczos", Bins = "bins";

    public const string Refuse = "refuse", Exclude = "exclude";

    [Description("The stories and responses.")]
    public DatasetConfig Dataset { get; init; } = new SimulatedDatasetConfig();

    [Description("Whose responses; default: the first of the data set's subjects.")]
    public string? Subject { get; init; }

    [MinLength(1)]
    [OneOf(FeatureNames.WordRate, FeatureNames.Labels, FeatureNames.Eng1000, FeatureNames.Cooccurrence, FeatureNames.Similarity, FeatureNames.Position)]
    [Description("The base: features that matches and controls are added to.")]
    public IReadOnlyList<string> Features { get; init => field = ValueList.From(value); } =
        ValueList.Create<string>([FeatureNames.WordRate, FeatureNames.Labels]);

    [Description("Other sets of features to score beside the base.")]
    public IReadOnlyList<FeatureSetConfig> Compare { get; init => field = ValueList.From(value); } = ValueList.Create<FeatureSetConfig>([]);

    [Description("Induction matches to add to the base, each with its controls.")]
    public IReadOnlyList<MatchConfig> Matches { get; init => field = ValueList.From(value); } =
        ValueList.Create<MatchConfig>([new InStoryMatchConfig(), new ContrastMatchConfig(), new CrossStoryMatchConfig()]);

    [Range(1, 100)]
    [Description("Wrong texts: every match is made again so many times with another story's text in each story's place. Never fewer than one.")]
    public int WrongTexts { get; init; } = 3;

    [Range(1, 10_000)]
    [Description("Gaps, in TRs, at which the first in-story match is repeated, once with the wrong text: the curve shows what autocorrelation gives. An empty list leaves it out.")]
    public IReadOnlyList<int> Gaps { get; init => field = ValueList.From(value); } = ValueList.Create<int>([1, 2, 3, 5, 10]);

    [Range(1, 10_000)]
    [Description("Columns of the responses that matches lend: the first targets, or components where there are more than 1000 targets.")]
    public int MatchColumns { get; init; } = 100;

    [OneOf(Lanczos, Bins)]
    [Description("How word features become rows: lanczos (a filter over the words' times, published) or bins (added up over each TR). Co-occurrence is always added up.")]
    public string Downsampling { get; init; } = Lanczos;

    [Range(-100, 100)]
    [MinLength(1)]
    [Description("Delays of the features, in TRs.")]
    public IReadOnlyList<int> Delays { get; init => field = ValueList.From(value); } = ValueList.Create<int>([1, 2, 3, 4]);

    [Description("Whether a story's first rows see the end of the story before it, as in the published code; false: zeros.")]
    public bool DelaysAcrossStories { get; init; }

    [Description("Word vectors from counts of text, for the feature co-occurrence.")]
    public CooccurrenceConfig Cooccurrence { get; init; } = new();

    [ConfigPath]
    [Description("An english1000sm.hf5 (data [columns, words], vocab), for the feature eng1000.")]
    public string? Eng1000 { get; init; }

    [ConfigPath]
    [Description("Weights of the similarity model of the feature and key similarity, over GPT-2's tokens; default: the one that comes with the program.")]
    public string? SimilarityModel { get; init; }

    [OneOf(Refuse, Exclude)]
    [Description("What to do with a target that is NaN or infinite in some TR: refuse the data, or exclude the target with a warning.")]
    public string InvalidTargets { get; init; } = Refuse;

    [Range(0, 10_000)]
    [Description("Principal components of the responses, fitted on the training stories, that are predicted in place of the targets; 0: the targets themselves.")]
    public int Components { get; init; }

    [Description("The regression.")]
    public RidgeConfig Ridge { get; init; } = new();

    [Range(0, 100_000)]
    [Description("Permutations of blocks of test TRs, for p-values; 0: none.")]
    public int Permutations { get; init; } = 1000;

    [Range(1, 100_000)]
    [Description("Samples of the test TRs' blocks, for the intervals of gains.")]
    public int BootstrapSamples { get; init; } = 1000;

    [Range(1, 10_000)]
    [Description("TRs of the blocks that permutations and samples keep together.")]
    public int BlockTrs { get; init; } = 10;

    [Range(0, 100)]
    [Description("Matched passages to quote for each TR of the test stories, strongest first; 0: none.")]
    public int Evidence { get; init; } = 3;

    [Range(0, 20)]
    [Description("Best predicted targets whose time course is drawn; 0: none.")]
    public int TimeCourses { get; init; } = 4;

    [Description("Whether to write each set's regression weights, [features, targets], as weights/SET.npy.")]
    public bool Weights { get; init; }

    [Range(0.1, 100_000)]
    [Description("Memory for responses and regression together, in GB; beyond it targets are read again block by block.")]
    public double Memory { get; init; } = 4;
}

/// <summary>A set of features.</summary>
[Description("A set of features.")]
public sealed record FeatureSetConfig
{
    [MinLength(1)]
    [OneOf(FeatureNames.WordRate, FeatureNames.Labels, FeatureNames.Eng1000, FeatureNames.Cooccurrence, FeatureNames.Similarity, FeatureNames.Position)]
    [Description("Its features.")]
    public required IReadOnlyList<string> Features { get; init => field = ValueList.From(value); }
}

/// <summary>Word vectors from counts.</summary>
public sealed record CooccurrenceConfig
{
    [Description("Text to count in beside the training stories; default: none.")]
    public IReadOnlyList<DocumentSourceConfig> Text { get; init => field = ValueList.From(value); } = ValueList.Create<DocumentSourceConfig>([]);

    [Range(1, 10_000)]
    [Description("Most frequent words of the training stories that are counted (English1000: 985).")]
    public int Contexts { get; init; } = 985;

    [Range(1, 1000)]
    [Description("Words to each side within which they are counted.")]
    public int Distance { get; init; } = 15;

    [Range(1, 10_000)]
    [Description("Main directions of the training stories' rows that the features are projected on.")]
    public int Components { get; init; } = 100;
}

/// <summary>Regression settings.</summary>
public sealed record RidgeConfig
{
    public const string WholeStories = "stories", ChunksOfTrs = "chunks";

    [MinLength(1)]
    [Range(0.0, 1e15, MinimumIsExclusive = true)]
    [Description("Penalties λ to choose from for each target; default: 10, from 100 to 1000000 (the published code names their square roots).")]
    public IReadOnlyList<double>? Penalties { get; init => field = value is null ? null : ValueList.From(value); }

    [OneOf(WholeStories, ChunksOfTrs)]
    [Description("What is held out to choose them by: stories (whole ones, in turn) or chunks (draws of chunks of TRs, published).")]
    public string Folds { get; init; } = WholeStories;

    [Range(2, 1000)]
    [Description("Folds of stories. Predictions that keys are made of always use these.")]
    public int StoryFolds { get; init; } = 5;

    [Range(1, 10_000)]
    [Description("Draws of chunks.")]
    public int Draws { get; init; } = 50;

    [Range(1, 100_000)]
    [Description("Chunks held out in each draw.")]
    public int Chunks { get; init; } = 125;

    [Range(1, 100_000)]
    [Description("TRs of a chunk.")]
    public int ChunkTrs { get; init; } = 40;

    [Description("Whether features and responses are centred on the training rows.")]
    public bool Intercept { get; init; }

    [Range(0, 100_000)]
    [Description("Banded ridge: mixtures of the kinds of features that are tried, so that each kind has its own penalty; 0: one penalty for all.")]
    public int Banded { get; init; }
}
