using System.Globalization;

namespace Gim.Train;

/// <summary>
/// How far a run is: with the parameters and the optimiser's moments all that it needs to go on as if it had never
/// stopped. Where the text is read follows from the step's number.
/// </summary>
internal sealed record TrainingProgress
{
    /// <summary>Steps done.</summary>
    public int Step { get; init; }

    /// <summary>The lowest mean loss of a validation, and the step after which it was; ∞ before the first.</summary>
    public double BestLoss { get; init; } = double.PositiveInfinity;

    /// <inheritdoc cref="BestLoss"/>
    public int BestStep { get; init; }

    /// <summary>The last step after which there was a validation; -1 before the first.</summary>
    public int ValidatedStep { get; init; } = -1;

    /// <summary>Validations since.</summary>
    public int SinceBest { get; init; }

    /// <summary>A running mean of the training loss; NaN before the first step.</summary>
    public double RecentLoss { get; init; } = double.NaN;

    /// <summary>Its lowest value so far.</summary>
    public double LowestRecentLoss { get; init; } = double.PositiveInfinity;

    /// <summary>Seconds of training and validating in all, interruptions left out.</summary>
    public double Seconds { get; init; }

    /// <summary>As the metadata of a file.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToMetadata()
    {
        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        yield return new("step", Step.ToString(CultureInfo.InvariantCulture));
        yield return new("best_loss", Text(BestLoss));
        yield return new("best_step", BestStep.ToString(CultureInfo.InvariantCulture));
        yield return new("validated_step", ValidatedStep.ToString(CultureInfo.InvariantCulture));
        yield return new("since_best", SinceBest.ToString(CultureInfo.InvariantCulture));
        yield return new("recent_loss", Text(RecentLoss));
        yield return new("lowest_recent_loss", Text(LowestRecentLoss));
        yield return new("seconds", Text(Seconds));
    }

    /// <returns>Null where the metadata is not that of a checkpoint.</returns>
    public static TrainingProgress? Read(IReadOnlyDictionary<string, string> metadata)
    {
        bool Whole(string key, out int value)
        {
            value = 0;
            return metadata.TryGetValue(key, out string? text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        bool Number(string key, out double value)
        {
            value = 0;
            return metadata.TryGetValue(key, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        return Whole("step", out int step) && Whole("best_step", out int bestStep) && Whole("since_best", out int sinceBest) && Whole("validated_step", out int validated) && Number("best_loss", out double bestLoss)
            && Number("recent_loss", out double recent) && Number("lowest_recent_loss", out double lowest) && Number("seconds", out double seconds)
            ? new TrainingProgress
            {
                Step = step,
                BestLoss = bestLoss,
                BestStep = bestStep,
                ValidatedStep = validated,
                SinceBest = sinceBest,
                RecentLoss = recent,
                LowestRecentLoss = lowest,
                Seconds = seconds,
            }
            : null;
    }
}
