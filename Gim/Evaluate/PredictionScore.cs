using Gim.Predict;

namespace Gim.Evaluate;

/// <summary>
/// How one model did on one example: a row of <c>predictions.csv</c>. The columns and their meanings are the published
/// evaluation's, so that its analysis code reads the file.
/// </summary>
/// <param name="ModelName">The model.</param>
/// <param name="Example">Number of the example, from 0.</param>
/// <param name="Document">Number of the target's document in the test text.</param>
/// <param name="Position">The target's place in its document, in tokens.</param>
/// <param name="Target">The token that stands there.</param>
/// <param name="Predicted">The most likely token, lowest id first among equals.</param>
/// <param name="QueryCount">Places of evidence in all.</param>
/// <param name="TokenProb">Probability given to the target.</param>
/// <param name="SuffixLen">Effective n.</param>
/// <param name="Sparse">Only one token has any probability.</param>
/// <param name="Recall1">The target is the prediction.</param>
/// <param name="Recall5">The target has some probability and is among the five most likely.</param>
/// <param name="Recall1Equal">The target is as likely as any token, in a distribution that is not flat.</param>
/// <param name="Source">What answered: infinigram, exact-induction, fuzzy-induction.</param>
public readonly record struct PredictionScore(
    string ModelName,
    int Example,
    int Document,
    long Position,
    int Target,
    int Predicted,
    long QueryCount,
    double TokenProb,
    int SuffixLen,
    bool Sparse,
    bool Recall1,
    bool Recall5,
    bool Recall1Equal,
    string Source)
{
    /// <summary>Probability given to <see cref="Predicted"/>; NaN of rows that were read, as it is none of the published columns.</summary>
    public double TopProb { get; init; } = double.NaN;

    /// <summary>Scores a distribution against the token that came.</summary>
    public static PredictionScore Of(string model, int number, Example example, int target, NextTokens prediction)
    {
        int rank = prediction.RankOf(target);
        double probability = prediction.ProbabilityOf(target);
        return new PredictionScore(
            model,
            number,
            example.Document,
            example.PositionInDocument,
            target,
            prediction.Best,
            prediction.Count,
            probability,
            prediction.EffectiveN,
            prediction.IsSparse,
            rank == 0,
            rank < 5 && probability > 0,
            prediction.SharesMaximum(target) && !prediction.IsFlat,
            SourceNames.Of(prediction.Source))
        {
            TopProb = prediction.ProbabilityOf(prediction.Best),
        };
    }
}
