using Gim.Evaluate;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Train.Data;

namespace Gim.Train;

/// <summary>How a model does on one set of held-out examples.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Examples">Predicted tokens.</param>
/// <param name="Loss">Mean of -log P(token) of the fuzzy head over those that occur before in the context.</param>
/// <param name="ExactRecall1">Of the exact head on the same examples.</param>
/// <param name="ExactRecall1Equal">As <paramref name="ExactRecall1"/>, right where no token was likelier.</param>
internal sealed record ValidationScore(string Set, int Examples, double Loss, double Recall1, double Recall1Equal, double ExactRecall1, double ExactRecall1Equal);

/// <summary>Scores a model in training on held-out text, as the language-model job would: the same contexts, heads and ties.</summary>
internal sealed class Validation(IReadOnlyList<ValidationText> texts, int context, int vocabularySize, int threads) : IValidation
{
    private readonly (double Recall1, double Recall1Equal)?[] exact = new (double, double)?[texts.Count];

    /// <inheritdoc/>
    public bool IsEmpty => texts.Count == 0;

    /// <inheritdoc/>
    public ValidationOutcome Run(ModelParameters parameters, CancellationToken cancellation)
    {
        SimilarityConfiguration configuration = parameters.Configuration with { Temperature = parameters.Temperature };
        // The weights are the parameters themselves, which stay the trainer's.
        using var network = new SimilarityNetwork(configuration, parameters.Weights, parameters.Device);
        IReadOnlyList<ValidationScore> scores = Run(network, cancellation);
        return new ValidationOutcome(
            scores.Count == 0 ? double.NaN : scores.Average(score => score.Loss),
            string.Join(", ", scores.Select(score => $"{score.Set} {100 * score.Recall1Equal:F1} % (exact {100 * score.ExactRecall1Equal:F1})")),
            [.. scores.Select(score => new ValidatedSet(score.Set, score.Loss, score.Recall1, score.Recall1Equal, score.ExactRecall1, score.ExactRecall1Equal))]);
    }

    public IReadOnlyList<ValidationScore> Run(SimilarityNetwork network, CancellationToken cancellation)
    {
        using var fuzzy = new FuzzyMatch(network);
        return [.. texts.Select((text, i) => Score(text, i, fuzzy, cancellation))];
    }

    private ValidationScore Score(ValidationText text, int number, FuzzyMatch fuzzy, CancellationToken cancellation)
    {
        exact[number] ??= Exact(text, cancellation);
        var tally = Tally(text, new FuzzyInductionPredictor("fuzzy", fuzzy, vocabularySize), fuzzy, cancellation);
        return new ValidationScore(
            text.Name, text.Examples.Count, tally.Answerable == 0 ? double.NaN : tally.LogLoss / tally.Answerable,
            tally.Score.Recall1, tally.Score.Recall1Equal, exact[number]!.Value.Recall1, exact[number]!.Value.Recall1Equal);
    }

    private (double, double) Exact(ValidationText text, CancellationToken cancellation)
    {
        ModelScore score = Tally(text, new ExactInductionPredictor("exact", vocabularySize), null, cancellation).Score;
        return (score.Recall1, score.Recall1Equal);
    }

    private (ModelScore Score, double LogLoss, int Answerable) Tally(ValidationText text, INextTokenPredictor predictor, FuzzyMatch? fuzzy, CancellationToken cancellation)
    {
        var sum = new ModelScoreSum(predictor.Name, vocabularySize, smoothing: null);
        double loss = 0;
        int answerable = 0;
        new LanguageModelEvaluation(text.Text, text.Examples, [predictor], context, fuzzy).Run(
            0,
            threads,
            rows =>
            {
                foreach (PredictionScore row in rows)
                {
                    sum.Add(row);
                    if (row.TokenProb <= 0) continue;
                    loss -= Math.Log(row.TokenProb);
                    answerable++;
                }
            },
            SilentLog.Instance.Start("", 0, ""),
            cancellation);
        return (sum.Score(0), loss, answerable);
    }
}
