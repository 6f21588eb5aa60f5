using Gim.Config;
using Gim.Fmri;
using Gim.Fmri.Matching;
using Gim.Evaluate;
using Gim.Fmri.Models;
using Gim.Kernels.Devices;

namespace Gim.Jobs;

/// <summary>What stands in for the text that a match knows.</summary>
/// <param name="Shift">Which other story's text takes each story's place; 0: its own.</param>
/// <param name="IsRandom">Whether keys are random instead.</param>
internal readonly record struct MatchText(int Shift, bool IsRandom)
{
    public static MatchText True => default;

    public static MatchText Random => new(0, true);

    public static MatchText Wrong(int shift) => new(shift, false);
}

/// <summary>Makes the matches that a config names.</summary>
internal sealed class FmriMatches(
    FmriConfig config, Recording recording, FeatureLibrary features, PredictionKeys predictions, StorySimilarity similarity, Device device, int threads)
{
    private const int RandomColumns = 100;

    private const double FeatureDecay = 0.5;

    /// <summary>What a match adds to the features: [all rows, lent columns], standardised within each story and scaled.</summary>
    /// <param name="match">The match.</param>
    /// <param name="baseFeatures">What it is added to.</param>
    /// <param name="strongest">Matches of each row to keep as evidence.</param>
    /// <exception cref="InputException">What keys are made of is missing.</exception>
    public MatchedValues Make(MatchConfig match, IReadOnlyList<string> baseFeatures, MatchText text, int strongest, CancellationToken cancellation)
    {
        Matrix values = recording.Targets.Values(cancellation);
        (MatchedValues matched, double scale) = match.Key == KeyNames.Words && !text.IsRandom
            ? ByWords(match, values, text, strongest, cancellation)
            : ByKeys(match, values, Keys(match, baseFeatures, text.IsRandom, cancellation), text.Shift, strongest, cancellation);
        StoryColumns.Standardize(matched.Values, recording.Rows, scale);
        return matched;
    }

    private (MatchedValues Matched, double Scale) ByKeys(MatchConfig match, Matrix values, Matrix keys, int shift, int strongest, CancellationToken cancellation)
    {
        Matrix asked = shift == 0 ? keys : Controls.OtherStories(keys, recording.Rows, shift);
        switch (match)
        {
            case InStoryMatchConfig own:
                var rule = new InStoryRule { Gap = own.Gap, Nearest = own.Nearest, Temperature = own.Temperature };
                return (InStoryMatch.Run(asked, values, recording.Rows, rule, strongest, threads), own.Scale);
            case ContrastMatchConfig own:
                var nearest = new InStoryRule { Gap = own.Gap, Nearest = own.Nearest };
                var profile = LagProfile.Fit(asked, recording.Training, nearest, threads);
                return (ContrastMatch.Run(asked, values, recording.Rows, profile, nearest, strongest, threads), own.Scale);
            case CrossStoryMatchConfig own:
                // The memory keeps its own text: only what asks is exchanged, and does not see where it comes from.
                var memory = new MatchMemory(recording.TrainingPart(keys), recording.TrainingPart(values), recording.StoryFolds.FoldOfRow(), Stories().AsSpan(0, recording.TrainingRows));
                var across = new CrossStoryRule { Temperature = own.Temperature, Strongest = strongest };
                return (CrossStoryMatch.Run(device, memory, asked, Folds(), across, StandIns(shift), cancellation), own.Scale);
            default:
                throw new ArgumentOutOfRangeException(nameof(match), match.GetType().Name);
        }
    }

    private (MatchedValues Matched, double Scale) ByWords(MatchConfig match, Matrix values, MatchText text, int strongest, CancellationToken cancellation)
    {
        WordRows own = WordRows.Of(recording.Stories, recording.Rows, values.Rows), asked = text.Shift == 0 ? own : own.OtherStories(recording.Rows, text.Shift);
        switch (match)
        {
            case InStoryMatchConfig inStory:
                return (WordMatch.InStory(asked, values, recording.Rows, inStory.Gap, strongest: strongest, threads: threads, cancellation: cancellation).Matched, inStory.Scale);
            case CrossStoryMatchConfig across:
                WordRows memory = WordRows.Of([.. recording.Stories.Take(recording.Training.Count)], recording.Training, recording.TrainingRows);
                return (
                    WordMatch.CrossStory(
                        memory, recording.TrainingPart(values), recording.StoryFolds.FoldOfRow(), asked, Folds(), Stories().AsSpan(0, recording.TrainingRows), StandIns(text.Shift), strongest: strongest, threads: threads,
                        cancellation: cancellation).Matched,
                    across.Scale);
            default:
                throw new ArgumentOutOfRangeException(nameof(match), match.GetType().Name);
        }
    }

    /// <summary>[all rows], the fold of whose memory each row sees nothing; test rows see all of it.</summary>
    private int[] Folds() => [.. recording.StoryFolds.FoldOfRow(), .. Enumerable.Repeat(CrossStoryMatch.NoFold, recording.TestRows)];

    /// <summary>[all rows], the number of each row's story.</summary>
    private int[] Stories() => [.. recording.Rows.SelectMany((story, number) => Enumerable.Repeat(number, story.Count))];

    /// <summary>[all rows], the story that stands in for each row's own; nothing for the true text.</summary>
    private int[] StandIns(int shift) => shift == 0 ? [] : Controls.OtherNumbers(Stories(), recording.Rows, shift);

    private Matrix Keys(MatchConfig match, IReadOnlyList<string> baseFeatures, bool random, CancellationToken cancellation)
    {
        Matrix keys = random ? RandomKeys(match) : match.Key switch
        {
            KeyNames.Prediction => predictions.Of(match.KeyFeatures ?? baseFeatures, cancellation),
            KeyNames.Features => features.Of(match.KeyFeatures ?? baseFeatures),
            KeyNames.Similarity => similarity.Keys(recording.Stories, cancellation),
            KeyNames.Random => RandomKeys(match),
            _ => throw new ArgumentOutOfRangeException(nameof(match), match.Key),
        };
        double decay = match.Decay ?? (match.Key == KeyNames.Features ? FeatureDecay : 0);
        return decay == 0 ? keys : StoryColumns.DecayedSum(keys, recording.Rows, decay);
    }

    /// <summary>Other ones for every match of the config, so that their controls do not rise and fall together.</summary>
    private Matrix RandomKeys(MatchConfig match)
    {
        int number = config.Matches.TakeWhile(other => !ReferenceEquals(other, match)).Count();
        return Controls.RandomKeys(recording.TrainingRows + recording.TestRows, RandomColumns, SubSeed.Of(config.Seed, number));
    }
}
