using Gim.Config;
using Gim.Match;
using Gim.Predict;

namespace Gim.Evaluate;

/// <summary>How GIM does with one τ: accuracies and the shares of the answers of each source, all fractions.</summary>
public sealed record ThresholdRow(int Threshold, double Recall1, double Recall1Equal, double Infinigram, double ExactInduction, double FuzzyInduction)
{
    /// <summary>Whether matches never answer, however long.</summary>
    public bool IsNever => Threshold == ThresholdConfig.Maximum;
}

/// <summary>GIM's accuracy for every τ from 0 to <see cref="Largest"/> and for the one that no match reaches.</summary>
public sealed class ThresholdTable
{
    /// <summary>The largest τ tried: longer matches are seldom and nearly always right.</summary>
    public const int Largest = 16;

    private ThresholdTable(IReadOnlyList<ThresholdRow> rows, int examples, int documents)
    {
        Rows = rows;
        Examples = examples;
        Documents = documents;
    }

    /// <summary>By τ, ascending; the last is the one that no match reaches.</summary>
    public IReadOnlyList<ThresholdRow> Rows { get; }

    public int Examples { get; }

    public int Documents { get; }

    /// <summary>The row with the best recall@1; of equal ones the smallest τ.</summary>
    public ThresholdRow Best => Rows.MaxBy(row => row.Recall1)!;

    internal static ThresholdTable Of(IReadOnlyList<SourceAnswers> examples, int documents)
    {
        int[] thresholds = [.. Enumerable.Range(0, Largest + 1), ThresholdConfig.Maximum];
        return new ThresholdTable([.. thresholds.Select(threshold => Row(examples, threshold))], examples.Count, documents);
    }

    private static ThresholdRow Row(IReadOnlyList<SourceAnswers> examples, int threshold)
    {
        int right = 0, tied = 0;
        Span<int> answered = stackalloc int[3];
        foreach (SourceAnswers example in examples)
        {
            MatchSource source = GimRule.Choose(example.CorpusLength, example.ContextLength, threshold);
            PredictionScore answer = example.From(source);
            right += answer.Recall1 ? 1 : 0;
            tied += answer.Recall1Equal ? 1 : 0;
            answered[(int)source]++;
        }
        double n = examples.Count;
        return new ThresholdRow(
            threshold, right / n, tied / n, answered[(int)MatchSource.Corpus] / n, answered[(int)MatchSource.Context] / n, answered[(int)MatchSource.Similarity] / n);
    }
}
