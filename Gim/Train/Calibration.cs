using Gim.Evaluate;
using Gim.Index;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Train.Data;

namespace Gim.Train;

/// <summary>A held-out set at one temperature.</summary>
/// <param name="Loss">As <see cref="ValidationScore.Loss"/>.</param>
internal sealed record TemperatureRow(string Set, double InverseTemperature, double Loss, double Recall1, double Recall1Equal);

/// <summary>What suits a finished model: temperature and threshold over all kinds of text, and for each.</summary>
internal sealed record CalibrationResult(
    double Temperature, int Threshold, IReadOnlyDictionary<string, DomainCalibration> Domains, IReadOnlyList<TemperatureRow> Temperatures,
    IReadOnlyList<(string Set, ThresholdTable Table)> Thresholds);

/// <summary>
/// Chooses the temperature of the fuzzy head and GIM's τ on text that was held out of training: the temperature by the
/// head's own accuracy, then τ by the accuracy of the rule with the training text as reference. Every kind of text counts
/// the same, however much of it there is.
/// </summary>
/// <param name="texts">Held-out examples of each kind.</param>
/// <param name="context">Tokens of a context.</param>
/// <param name="vocabularySize">V.</param>
internal sealed class Calibration(IReadOnlyList<ValidationText> texts, int context, int vocabularySize, int threads)
{
    /// <summary>Tokens of the context that are looked up in the reference, as in a language-model run.</summary>
    private const int ReferenceContext = 500;

    /// <summary>Steps of an eighth or a quarter: between neighbours accuracy hardly differs.</summary>
    public static IReadOnlyList<double> InverseTemperatures { get; } = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 32, 40];

    /// <param name="network">The finished model.</param>
    /// <param name="reference">An index of the training text, without what is held out.</param>
    public CalibrationResult Run(SimilarityNetwork network, CorpusIndex reference, IJobLog log, CancellationToken cancellation)
    {
        var rows = new List<TemperatureRow>();
        long units = texts.Sum(text => (long)text.Examples.Count);
        using (IJobProgress progress = log.Start("choosing the temperature", units * InverseTemperatures.Count, "examples"))
        {
            foreach (ValidationText text in texts)
            {
                foreach (double inverse in InverseTemperatures)
                    rows.Add(AtTemperature(text, network, inverse, progress, cancellation));
            }
        }
        double temperature = 1 / Best(InverseTemperatures.Select(inverse => rows.Where(row => row.InverseTemperature == inverse).Average(row => row.Recall1)));
        var domainTemperatures = texts.Select(text => 1 / Best(rows.Where(row => row.Set == text.Name).Select(row => row.Recall1))).ToArray();

        var tables = new List<(string, ThresholdTable)>();
        var domains = new SortedDictionary<string, DomainCalibration>(StringComparer.Ordinal);
        using (IJobProgress progress = log.Start("choosing the threshold", 2 * units, "examples"))
        {
            for (int i = 0; i < texts.Count; i++)
            {
                tables.Add((texts[i].Name, Thresholds(texts[i], network, temperature, reference, progress, cancellation)));
                ThresholdTable own = domainTemperatures[i] == temperature ? tables[^1].Item2 : Thresholds(texts[i], network, domainTemperatures[i], reference, progress, cancellation);
                domains[texts[i].Name] = new DomainCalibration(domainTemperatures[i], own.Best.Threshold);
            }
        }
        int[] thresholds = [.. tables[0].Item2.Rows.Select(row => row.Threshold)];
        int best = Enumerable.Range(0, thresholds.Length).MaxBy(i => tables.Average(table => table.Item2.Rows[i].Recall1));
        return new CalibrationResult(temperature, thresholds[best], domains, rows, tables);
    }

    /// <summary>The inverse temperature with the best accuracy, each taken with its neighbours: single values of a few hundred examples scatter.</summary>
    /// <param name="accuracies">Of <see cref="InverseTemperatures"/>, in their order.</param>
    internal static double Best(IEnumerable<double> accuracies)
    {
        double[] all = [.. accuracies];
        double Smooth(int i) => (all[Math.Max(i - 1, 0)] + 2 * all[i] + all[Math.Min(i + 1, all.Length - 1)]) / 4;
        return InverseTemperatures[Enumerable.Range(0, all.Length).MaxBy(Smooth)];
    }

    private TemperatureRow AtTemperature(ValidationText text, SimilarityNetwork network, double inverse, IJobProgress progress, CancellationToken cancellation)
    {
        using var fuzzy = new FuzzyMatch(network, 1 / inverse);
        var sum = new ModelScoreSum("fuzzy", vocabularySize, smoothing: null);
        double loss = 0;
        int answerable = 0;
        Evaluate(text, [new FuzzyInductionPredictor("fuzzy", fuzzy, vocabularySize)], fuzzy, rows =>
        {
            foreach (PredictionScore row in rows)
            {
                sum.Add(row);
                if (row.TokenProb <= 0) continue;
                loss -= Math.Log(row.TokenProb);
                answerable++;
            }
        }, progress, cancellation);
        ModelScore score = sum.Score(0);
        return new TemperatureRow(text.Name, inverse, answerable == 0 ? double.NaN : loss / answerable, score.Recall1, score.Recall1Equal);
    }

    private ThresholdTable Thresholds(ValidationText text, SimilarityNetwork network, double temperature, CorpusIndex reference, IJobProgress progress, CancellationToken cancellation)
    {
        using var fuzzy = new FuzzyMatch(network, temperature);
        var answers = new List<SourceAnswers>();
        INextTokenPredictor[] sources =
        [
            new CorpusPredictor("corpus", new CorpusMatch([reference], ReferenceContext), vocabularySize),
            new ExactInductionPredictor("exact", vocabularySize),
            new FuzzyInductionPredictor("fuzzy", fuzzy, vocabularySize),
        ];
        Evaluate(text, sources, fuzzy, rows =>
        {
            for (int i = 0; i < rows.Length; i += sources.Length)
                answers.Add(new SourceAnswers(rows[i].SuffixLen, rows[i + 1].SuffixLen, rows[i], rows[i + 1], rows[i + 2]));
        }, progress, cancellation);
        return ThresholdTable.Of(answers, text.Text.DocumentCount);
    }

    private void Evaluate(
        ValidationText text, INextTokenPredictor[] predictors, FuzzyMatch fuzzy, Action<PredictionScore[]> save, IJobProgress progress, CancellationToken cancellation)
        => new LanguageModelEvaluation(text.Text, text.Examples, predictors, context, fuzzy).Run(0, threads, save, progress, cancellation);
}
