namespace Gim.Evaluate;

/// <summary>Accuracy of one source of answers within a model.</summary>
public sealed record SourceScore(int Examples, double Recall1, double Recall1Equal, double Recall5, double MeanEffectiveN);

/// <summary>
/// One model over all examples; accuracies are fractions. <c>Perplexity</c> is exp of the mean of
/// -log((1 - s) P(target) + s/V), s being <c>PerplexitySmoothing</c>; both are null unless asked for.
/// <c>ExamplesPerSecond</c>: see <see cref="LanguageModelEvaluation.ExamplesPerSecond"/>.
/// </summary>
public sealed record ModelScore(
    string Name,
    double Recall1,
    double Recall1Equal,
    double Recall5,
    double MeanTargetProbability,
    double MeanEffectiveN,
    double Unanswered,
    double? Perplexity,
    double? PerplexitySmoothing,
    double ExamplesPerSecond,
    SortedDictionary<string, SourceScore> BySource);

/// <summary>Adds up rows, in the order of the examples: the same rows give the same figures to the last digit.</summary>
/// <param name="name">The model.</param>
/// <param name="vocabularySize">V.</param>
/// <param name="smoothing">s, or null for no perplexity.</param>
public sealed class ModelScoreSum(string name, int vocabularySize, double? smoothing)
{
    private readonly Tally all = new();
    private readonly SortedDictionary<string, Tally> bySource = new(StringComparer.Ordinal);
    private double probability, logLoss;
    private long unanswered;

    public void Add(in PredictionScore row)
    {
        all.Add(row);
        if (!bySource.TryGetValue(row.Source, out Tally? tally))
            bySource[row.Source] = tally = new Tally();
        tally.Add(row);
        probability += row.TokenProb;
        if (row.QueryCount == 0)
            unanswered++;
        if (smoothing is { } s)
            logLoss -= Math.Log((1 - s) * row.TokenProb + s / vocabularySize);
    }

    /// <summary>The figures so far; <paramref name="examplesPerSecond"/> is measured elsewhere.</summary>
    public ModelScore Score(double examplesPerSecond)
    {
        SourceScore total = all.Score();
        return new ModelScore(
            name,
            total.Recall1,
            total.Recall1Equal,
            total.Recall5,
            probability / all.Examples,
            total.MeanEffectiveN,
            (double)unanswered / all.Examples,
            smoothing is null ? null : Math.Exp(logLoss / all.Examples),
            smoothing,
            examplesPerSecond,
            new SortedDictionary<string, SourceScore>(
                bySource.ToDictionary(pair => pair.Key, pair => pair.Value.Score()), StringComparer.Ordinal));
    }

    private sealed class Tally
    {
        private int recall1, recall1Equal, recall5;
        private long effectiveN;

        public int Examples { get; private set; }

        public void Add(in PredictionScore row)
        {
            Examples++;
            recall1 += row.Recall1 ? 1 : 0;
            recall1Equal += row.Recall1Equal ? 1 : 0;
            recall5 += row.Recall5 ? 1 : 0;
            effectiveN += row.SuffixLen;
        }

        public SourceScore Score()
        {
            double n = Examples;
            return new SourceScore(Examples, recall1 / n, recall1Equal / n, recall5 / n, effectiveN / n);
        }
    }
}
