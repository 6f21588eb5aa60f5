namespace Gim.Train;

/// <summary>How a model in training does on what is held out of it.</summary>
internal interface IValidation
{
    /// <summary>Whether nothing is held out.</summary>
    bool IsEmpty { get; }

    /// <summary>Scores the parameters as they are.</summary>
    ValidationOutcome Run(ModelParameters parameters, CancellationToken cancellation);
}

/// <summary>What a validation came to.</summary>
/// <param name="Loss">The weights with the lowest are kept. Mean over the sets, NaN where there is none.</param>
/// <param name="Details">For the log, behind the loss.</param>
internal sealed record ValidationOutcome(double Loss, string Details, IReadOnlyList<ValidatedSet> Sets);

/// <summary>A validation set in <c>metrics.csv</c>; null is what has no meaning for it.</summary>
internal sealed record ValidatedSet(string Set, double Loss, double? Recall1, double? Recall1Equal, double? ExactRecall1, double? ExactRecall1Equal);
