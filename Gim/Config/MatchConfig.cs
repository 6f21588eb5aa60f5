using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Gim.Config;

/// <summary>An induction match that is added to features, chosen by <c>kind</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(InStoryMatchConfig), "in-story")]
[JsonDerivedType(typeof(ContrastMatchConfig), "contrast")]
[JsonDerivedType(typeof(CrossStoryMatchConfig), "cross-story")]
public abstract record MatchConfig
{
    [Description("What tables call it; default: its kind, key and settings.")]
    public string? Name { get; init; }

    [OneOf(KeyNames.Prediction, KeyNames.Features, KeyNames.Similarity, KeyNames.Words, KeyNames.Random)]
    [Description("What rows are compared by: prediction (the responses that a regression predicts, out of fold on training stories), features (their decayed sum), similarity (the similarity model's embedding of the words so far), words (the longest run of same words that ends there), random.")]
    public string Key { get; init; } = KeyNames.Prediction;

    [MinLength(1)]
    [OneOf(FeatureNames.WordRate, FeatureNames.Labels, FeatureNames.Eng1000, FeatureNames.Cooccurrence, FeatureNames.Similarity, FeatureNames.Position)]
    [Description("The features that the key prediction or features is made of; default: those that the match is added to.")]
    public IReadOnlyList<string>? KeyFeatures { get; init => field = value is null ? null : ValueList.From(value); }

    [MinLength(1)]
    [OneOf(FeatureNames.WordRate, FeatureNames.Labels, FeatureNames.Eng1000, FeatureNames.Cooccurrence, FeatureNames.Similarity, FeatureNames.Position)]
    [Description("The features that the match is added to; default: the run's \"features\".")]
    public IReadOnlyList<string>? Features { get; init => field = value is null ? null : ValueList.From(value); }

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Description("What a row's key keeps of the row before it: keys then know what was said over several TRs. For the key features it is 0.5 where nothing is set, else 0.")]
    public double? Decay { get; init; }
}

/// <summary>A match with earlier rows of the same story.</summary>
[Description("Earlier rows of the same story.")]
public sealed record InStoryMatchConfig : MatchConfig
{
    [Range(1, 10_000)]
    [Description("How many TRs a matched row must lie back; below about 5 the slow blood flow alone makes rows alike.")]
    public int Gap { get; init; } = 5;

    [Range(0, 10_000)]
    [Description("How many of the nearest rows are averaged; 0: all, with weights exp(cosine / temperature).")]
    public int Nearest { get; init; } = 1;

    [Range(1e-4, 100)]
    [Description("Temperature, where nearest is 0.")]
    public double Temperature { get; init; } = 0.1;

    [Range(0.0, 1000, MinimumIsExclusive = true)]
    [Description("What the standardised match is multiplied with beside the features: larger ones are penalized less.")]
    public double Scale { get; init; } = 1;
}

/// <summary>A match with earlier rows of the same story, less what a row so far into a story attends to whatever its text.</summary>
[Description("The nearest earlier rows of the same story, less the mean attention of training stories at each distance: what autocorrelation alone gives is taken out.")]
public sealed record ContrastMatchConfig : MatchConfig
{
    [Range(1, 10_000)]
    [Description("How many TRs a matched row must lie back.")]
    public int Gap { get; init; } = 5;

    [Range(1, 10_000)]
    [Description("How many of the nearest rows are averaged.")]
    public int Nearest { get; init; } = 20;

    [Range(0.0, 1000, MinimumIsExclusive = true)]
    [Description("What the standardised match is multiplied with beside the features.")]
    public double Scale { get; init; } = 1;
}

/// <summary>A match with the rows of all training stories.</summary>
[Description("All rows of the other training stories, with weights exp(cosine / temperature): no autocorrelation reaches there.")]
public sealed record CrossStoryMatchConfig : MatchConfig
{
    [Range(1e-4, 100)]
    [Description("Temperature.")]
    public double Temperature { get; init; } = 0.1;

    [Range(0.0, 1000, MinimumIsExclusive = true)]
    [Description("What the standardised match is multiplied with beside the features.")]
    public double Scale { get; init; } = 3;
}
