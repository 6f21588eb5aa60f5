using Gim.Evaluate;
using Gim.Index;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Train.Data;

namespace Gim.Train;

/// <summary>What suits a finished model: settings of the fuzzy head and GIM's threshold over all kinds of text, and for each.</summary>
internal sealed record CalibrationResult(
    VoteSettings Settings, int Threshold, IReadOnlyDictionary<string, DomainCalibration> Domains, IReadOnlyList<VoteRow> Votes,
    IReadOnlyList<(string Set, ThresholdTable Table)> Thresholds);

/// <summary>
/// Chooses how the fuzzy head weighs, and GIM's τ, on text that was held out of training: the temperature by the head's own
/// accuracy, then the bonuses beside it, then τ by the accuracy of the rule with the training text as reference. Every
/// kind of text counts the same, however much of it there is.
/// </summary>
/// <param name="texts">Held-out examples of each kind.</param>
/// <param name="context">Tokens of a context.</param>
/// <param name="vocabularySize">V.</param>
internal sealed class Calibration(IReadOnlyList<ValidationText> texts, int context, int vocabularySize, int threads)
{
    /// <summary>Tokens of the context that are looked up in the reference, as in a language-model run.</summary>
    private const int ReferenceContext = 500;

    private static readonly double[] InverseTemperatures = [4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40],
        MatchBonuses = [0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2], Recencies = [0, 0.5, 1, 2];

    /// <param name="network">The finished model.</param>
    /// <param name="reference">An index of the training text, without what is held out.</param>
    public CalibrationResult Run(SimilarityNetwork network, CorpusIndex reference, IJobLog log, CancellationToken cancellation)
    {
        IReadOnlyList<VoteRow> votes = Votes(network, log, cancellation);
        VoteSettings settings = Best(votes);
        VoteSettings[] own = [.. texts.Select(text => Best(votes.Where(row => row.Set == text.Name)))];
        var tables = new List<(string, ThresholdTable)>();
        var domains = new SortedDictionary<string, DomainCalibration>(StringComparer.Ordinal);
        using (IJobProgress progress = log.Start("choosing the threshold", 2 * texts.Sum(text => (long)text.Examples.Count), "examples"))
        {
            for (int i = 0; i < texts.Count; i++)
            {
                tables.Add((texts[i].Name, Thresholds(texts[i], network, settings, reference, progress, cancellation)));
                ThresholdTable table = Thresholds(texts[i], network, own[i], reference, progress, cancellation);
                domains[texts[i].Name] = new DomainCalibration(1 / own[i].InverseTemperature, own[i].MatchBonus, own[i].Recency, table.Best.Threshold);
            }
        }
        int[] thresholds = [.. tables[0].Item2.Rows.Select(row => row.Threshold)];
        int best = Enumerable.Range(0, thresholds.Length).MaxBy(i => tables.Average(table => table.Item2.Rows[i].Recall1));
        return new CalibrationResult(settings, thresholds[best], domains, votes, tables);
    }

    /// <summary>All temperatures without bonuses; then all bonuses at those temperatures that are best for some kind of text, and at their neighbours.</summary>
    private List<VoteRow> Votes(SimilarityNetwork network, IJobLog log, CancellationToken cancellation)
    {
        using var search = new VoteSearch(network, context, vocabularySize, threads);
        var rows = new List<VoteRow>();
        using IJobProgress progress = log.Start("choosing temperature and bonuses", 2 * texts.Sum(text => (long)text.Examples.Count), "examples");
        VoteSettings[] plain = [.. InverseTemperatures.Select(inverse => new VoteSettings(inverse, 0, 0))];
        foreach (ValidationText text in texts)
            rows.AddRange(search.Run(text, plain, progress, cancellation));
        int center = Array.IndexOf(InverseTemperatures, Best(rows).InverseTemperature);
        double[] near = [.. InverseTemperatures.Where((_, i) => Math.Abs(i - center) <= 2)];
        VoteSettings[] bonuses = [.. from inverse in near from bonus in MatchBonuses from recency in Recencies where bonus + recency > 0 select new VoteSettings(inverse, bonus, recency)];
        foreach (ValidationText text in texts)
            rows.AddRange(search.Run(text, bonuses, progress, cancellation));
        return rows;
    }

    /// <summary>The settings with the best mean accuracy over the sets; of equal ones that with the lowest loss.</summary>
    internal static VoteSettings Best(IEnumerable<VoteRow> rows)
        => rows.GroupBy(row => row.Settings).OrderByDescending(group => group.Average(row => row.Recall1)).ThenBy(group => group.Average(row => row.Loss)).First().Key;

    private ThresholdTable Thresholds(ValidationText text, SimilarityNetwork network, VoteSettings settings, CorpusIndex reference, IJobProgress progress, CancellationToken cancellation)
    {
        using var fuzzy = new FuzzyMatch(network, 1 / settings.InverseTemperature, null, settings.MatchBonus, settings.Recency);
        var answers = new List<SourceAnswers>();
        INextTokenPredictor[] sources =
        [
            new CorpusPredictor("corpus", new CorpusMatch([reference], ReferenceContext), vocabularySize),
            new ExactInductionPredictor("exact", vocabularySize),
            new FuzzyInductionPredictor("fuzzy", fuzzy, vocabularySize),
        ];
        new LanguageModelEvaluation(text.Text, text.Examples, sources, context, fuzzy).Run(0, threads, rows =>
        {
            for (int i = 0; i < rows.Length; i += sources.Length)
                answers.Add(new SourceAnswers(rows[i].SuffixLen, rows[i + 1].SuffixLen, rows[i], rows[i + 1], rows[i + 2]));
        }, progress, cancellation);
        return ThresholdTable.Of(answers, text.Text.DocumentCount);
    }
}
