using Gim.Evaluate;
using Gim.Index;
using Gim.Match;
using Gim.Predict;
using Gim.Progress;
using Gim.Similarity;
using Gim.Train.Data;

namespace Gim.Train;

/// <summary>What suits a finished model: settings of the fuzzy head and GIM's rules over all kinds of text, and for each.</summary>
internal sealed record CalibrationResult(
    VoteSettings Settings, int Threshold, ConfidenceTable Confidence, IReadOnlyDictionary<string, DomainCalibration> Domains, IReadOnlyList<VoteRow> Votes,
    IReadOnlyList<(string Set, ThresholdTable Table)> Thresholds, IReadOnlyList<RuleRow> Rules)
{
    /// <summary>Whether the rule by confidence was right more often than the published one, over all kinds of text alike.</summary>
    public bool IsConfidenceBetter => Rules.Average(row => row.Confidence) >= Rules.Average(row => row.Threshold);
}

/// <summary>recall@1 of GIM's three parts and of its two rules on a held-out set, the training text being the reference.</summary>
/// <param name="Threshold">The published rule with the τ chosen over all sets.</param>
/// <param name="Confidence">The rule by confidence, each half of the examples with what was counted on the other half of all sets.</param>
internal sealed record RuleRow(string Set, int Examples, double Infinigram, double ExactInduction, double FuzzyInduction, double Threshold, double Confidence);

/// <summary>
/// Chooses how the fuzzy head weighs, and GIM's τ, on text that was held out of training: the temperature by the head's own
/// accuracy, then the bonuses beside it, then τ and the confidence in each kind of answer with the training text as
/// reference. Every kind of text counts the same, however much of it there is.
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
        var answers = new List<IReadOnlyList<SourceAnswers>>();
        var domains = new SortedDictionary<string, DomainCalibration>(StringComparer.Ordinal);
        using (IJobProgress progress = log.Start("choosing the threshold", 2 * texts.Sum(text => (long)text.Examples.Count), "examples"))
        {
            for (int i = 0; i < texts.Count; i++)
            {
                answers.Add(Answers(texts[i], network, settings, reference, progress, cancellation));
                ThresholdTable table = Table(Answers(texts[i], network, own[i], reference, progress, cancellation), i);
                domains[texts[i].Name] = new DomainCalibration(1 / own[i].InverseTemperature, own[i].MatchBonus, own[i].Recency, table.Best.Threshold);
            }
        }
        (string Set, ThresholdTable Table)[] tables = [.. answers.Select((all, i) => (texts[i].Name, Table(all, i)))];
        int[] thresholds = [.. tables[0].Table.Rows.Select(row => row.Threshold)];
        int best = Enumerable.Range(0, thresholds.Length).MaxBy(i => tables.Average(table => table.Table.Rows[i].Recall1));
        return new CalibrationResult(
            settings, thresholds[best], Confidence(answers, half: null), domains, votes, tables, Rules(answers, [.. tables.Select(table => table.Table.Rows[best].Recall1)]));
    }

    private ThresholdTable Table(IReadOnlyList<SourceAnswers> answers, int text) => ThresholdTable.Of(answers, texts[text].Text.DocumentCount);

    private RuleRow[] Rules(List<IReadOnlyList<SourceAnswers>> answers, double[] threshold)
    {
        ConfidenceTable[] others = [Confidence(answers, half: 1), Confidence(answers, half: 0)];
        return [.. answers.Select((all, i) => new RuleRow(
            texts[i].Name, all.Count, all.Average(one => one.Corpus.Recall1 ? 1.0 : 0), all.Average(one => one.Context.Recall1 ? 1.0 : 0), all.Average(one => one.Similarity.Recall1 ? 1.0 : 0),
            threshold[i],
            all.Index().Average(one => one.Item.From(others[Half(one.Index, i)].Choose(one.Item.CorpusKind, one.Item.ContextKind, one.Item.SimilarityKind)).Recall1 ? 1.0 : 0)))];
    }

    /// <summary>Counts the answers of all sets, or of one half of each.</summary>
    private ConfidenceTable Confidence(List<IReadOnlyList<SourceAnswers>> answers, int? half)
    {
        var table = new ConfidenceTable();
        foreach (var (text, all) in answers.Index())
        {
            foreach (var (number, one) in all.Index())
            {
                if (half is null || Half(number, text) == half) one.AddTo(table);
            }
        }
        return table;
    }

    /// <summary>Contexts by turns: the targets of one are alike and stay together.</summary>
    private int Half(int example, int text) => example / texts[text].Examples.Consecutive % 2;

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

    private IReadOnlyList<SourceAnswers> Answers(
        ValidationText text, SimilarityNetwork network, VoteSettings settings, CorpusIndex reference, IJobProgress progress, CancellationToken cancellation)
    {
        using var fuzzy = new FuzzyMatch(network, 1 / settings.InverseTemperature, null, settings.MatchBonus, settings.Recency);
        return new AnswerSearch(new CorpusMatch([reference], ReferenceContext), fuzzy, context, vocabularySize, threads).Run(text.Text, text.Examples, progress, cancellation);
    }
}
