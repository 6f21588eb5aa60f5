namespace Gim.Train.Distill;

/// <summary>A teacher's row: some tokens and their log-probabilities.</summary>
internal static class TeacherRow
{
    /// <summary>How far above 1 the probabilities of a row may sum: log-probabilities of halves are off by up to 2⁻¹¹ of themselves.</summary>
    public const double LargestExcess = 1e-3;

    /// <summary>What is wrong with a row, to be said behind its place; null where nothing is.</summary>
    /// <param name="ids">[k]</param>
    /// <param name="logProbabilities">[k]</param>
    /// <param name="sorted">[k], room to work in.</param>
    public static string? Problem(ReadOnlySpan<int> ids, ReadOnlySpan<float> logProbabilities, int vocabulary, Span<int> sorted)
    {
        double sum = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0 || ids[i] >= vocabulary)
                return $"lists the id {ids[i]}; expected ids from 0 to {vocabulary - 1} (vocab_size {vocabulary})";
            if (!(logProbabilities[i] <= 0 && float.IsFinite(logProbabilities[i])))
                return $"gives the id {ids[i]} the log-probability {logProbabilities[i]:R}; expected a finite one of at most 0";
            sum += Math.Exp(logProbabilities[i]);
        }
        if (sum > 1 + LargestExcess)
            return $"has probabilities that sum to {sum:G6}; expected at most 1: natural logarithms, after the softmax over the whole vocabulary";
        ids.CopyTo(sorted);
        sorted.Sort();
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
                return $"lists the id {sorted[i]} twice";
        }
        return null;
    }
}
