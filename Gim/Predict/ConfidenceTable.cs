using System.Globalization;
using System.Text;
using Gim.Match;

namespace Gim.Predict;

/// <summary>
/// How often answers of each <see cref="AnswerKind"/> were right on held-out text. Kinds that were seldom seen lean on what
/// is known of wider ones: the probability alone, then with the effective n, then with the places, then with agreement;
/// each level counts for <see cref="Leaning"/> answers in the next.
/// </summary>
public sealed class ConfidenceTable
{
    private const double Leaning = 5, Unknown = 0.2;

    private const int Levels = 4, Sources = 3;

    private static readonly int[] Sizes =
    [
        AnswerKind.ProbabilityClasses,
        AnswerKind.ProbabilityClasses * AnswerKind.EffectiveNClasses,
        AnswerKind.ProbabilityClasses * AnswerKind.EffectiveNClasses * AnswerKind.PlacesClasses,
        AnswerKind.ProbabilityClasses * AnswerKind.EffectiveNClasses * AnswerKind.PlacesClasses * AnswerKind.AgreeingClasses,
    ];

    private readonly int[][] right = [.. Sizes.Select(size => new int[size * Sources])], seen = [.. Sizes.Select(size => new int[size * Sources])];

    /// <summary>Answers counted.</summary>
    public int Count { get; private set; }

    /// <summary>Counts answers of a kind.</summary>
    public void Add(AnswerKind kind, int right, int seen)
    {
        if (right < 0 || seen < right || seen > int.MaxValue - Count)
            throw new ArgumentOutOfRangeException(nameof(right), $"{right} right of {seen}");
        for (int level = 0; level < Levels; level++)
        {
            int cell = Cell(kind, level);
            this.right[level][cell] += right;
            this.seen[level][cell] += seen;
        }
        Count += seen;
    }

    /// <summary>The share of answers of a kind that are right, as far as is known: from 0 to 1.</summary>
    public double Of(AnswerKind kind)
    {
        double share = Unseen(kind);
        for (int level = 0; level < Levels; level++)
        {
            int cell = Cell(kind, level);
            share = (right[level][cell] + Leaning * share) / (seen[level][cell] + Leaning);
        }
        return share;
    }

    /// <summary>
    /// What to lean on where a probability was never seen: short contexts make lower ones than those that were counted, and
    /// such answers are not better than the least likely ones that were.
    /// </summary>
    private double Unseen(AnswerKind kind)
    {
        for (int probability = kind.Probability; probability < AnswerKind.ProbabilityClasses; probability++)
        {
            int cell = Cell(kind with { Probability = probability }, 0);
            if (seen[0][cell] > 0)
                return probability == kind.Probability ? Unknown : (right[0][cell] + Leaning * Unknown) / (seen[0][cell] + Leaning);
        }
        return Unknown;
    }

    /// <summary>
    /// Who answers: the source whose answer is most likely right; of equal ones exact induction, then the ∞-gram. Where none has
    /// one, the ∞-gram: it knows at least how often each token occurs.
    /// </summary>
    public MatchSource Choose(AnswerKind? corpus, AnswerKind? context, AnswerKind? similarity)
    {
        MatchSource chosen = MatchSource.Corpus;
        double best = -1;
        foreach (AnswerKind? one in (ReadOnlySpan<AnswerKind?>)[context, corpus, similarity])
        {
            if (one is not { } kind || !(Of(kind) > best)) continue;
            best = Of(kind);
            chosen = kind.Source;
        }
        return chosen;
    }

    /// <summary>The counts as text: for each kind that was seen its number, how many were right, and how many were seen.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        for (int cell = 0; cell < seen[^1].Length; cell++)
        {
            if (seen[^1][cell] == 0) continue;
            text.Append(text.Length > 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"{cell}:{right[^1][cell]}/{seen[^1][cell]}");
        }
        return text.ToString();
    }

    /// <exception cref="FormatException">The text is none of <see cref="ToText"/>.</exception>
    public static ConfidenceTable Parse(string text)
    {
        var table = new ConfidenceTable();
        foreach (string part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] numbers = part.Split(':', '/');
            if (numbers.Length != 3 || !TryCount(numbers[0], out int cell) || !TryCount(numbers[1], out int right) || !TryCount(numbers[2], out int seen)
                || cell >= Sizes[^1] * Sources || right > seen || seen > int.MaxValue - table.Count)
                throw new FormatException($"'{part}' is no count of answers");
            table.Add(Kind(cell), right, seen);
        }
        return table;
    }

    private static bool TryCount(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static int Cell(AnswerKind kind, int level)
    {
        int cell = (int)kind.Source * AnswerKind.ProbabilityClasses + kind.Probability;
        if (level > 0) cell = cell * AnswerKind.EffectiveNClasses + kind.EffectiveN;
        if (level > 1) cell = cell * AnswerKind.PlacesClasses + kind.Places;
        return level > 2 ? cell * AnswerKind.AgreeingClasses + kind.Agreeing : cell;
    }

    private static AnswerKind Kind(int cell)
    {
        (cell, int agreeing) = Math.DivRem(cell, AnswerKind.AgreeingClasses);
        (cell, int places) = Math.DivRem(cell, AnswerKind.PlacesClasses);
        (cell, int effectiveN) = Math.DivRem(cell, AnswerKind.EffectiveNClasses);
        (int source, int probability) = Math.DivRem(cell, AnswerKind.ProbabilityClasses);
        return new AnswerKind((MatchSource)source, probability, effectiveN, places, agreeing);
    }
}
