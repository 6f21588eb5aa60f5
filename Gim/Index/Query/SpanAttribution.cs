namespace Gim.Index.Query;

/// <summary>What a span must be to be attributed.</summary>
public sealed record AttributionOptions
{
    /// <summary>The fewest tokens of a span.</summary>
    public int MinLength { get; init; } = 5;

    /// <summary>The most occurrences of a span in the index; null for any number.</summary>
    public long? MaxCount { get; init; }

    /// <summary>Where spans may begin and end.</summary>
    public PrefixRules Rules { get; init; } = PrefixRules.None;
}

/// <summary>A stretch of a text that occurs in the index.</summary>
/// <param name="Start">Its first token in the text.</param>
/// <param name="Length">Its tokens.</param>
/// <param name="Count">Its occurrences in the index.</param>
/// <param name="UnigramLogProbability">
/// Sum over its tokens of the natural logarithm of the token's share of the index, separators counted: the lower, the less
/// the span is likely to occur by chance. Always finite, since every token of a span occurs.
/// </param>
/// <param name="Ranges">The ranks of its occurrences, from which their documents are read.</param>
public sealed record AttributedSpan(int Start, int Length, long Count, double UnigramLogProbability, IReadOnlyList<RankRange> Ranges)
{
    /// <summary>The position in the text behind its last token.</summary>
    public int End => Start + Length;
}

/// <summary>
/// Finds the stretches of a text that occur in an index: infini-gram's attribute. For every token the longest match
/// that begins at it is cut by the rules; of those long and rare enough the ones are kept that end behind all before
/// them, so that none lies inside another.
/// </summary>
public static class SpanAttribution
{
    /// <summary>The spans of <paramref name="text"/>, ascending.</summary>
    /// <exception cref="OperationCanceledException">The query was stopped.</exception>
    public static IReadOnlyList<AttributedSpan> Run(
        CorpusIndex index, ReadOnlyMemory<int> text, AttributionOptions options, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinLength, 1);
        options.Rules.Check(text.Length);
        int[] ends = PrefixQueries.MatchEnds(index, text, cancellation);
        var spans = new List<AttributedSpan>();
        var logProbabilities = new Dictionary<int, double>();
        int last = 0, cutAt = -1;
        for (int start = 0; start < ends.Length; start++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!options.Rules.MayBegin(start) || ends[start] <= last)
                continue;
            int length = CutLength(text.Span, start, ends[start] - start, options.Rules, ref cutAt);
            if (length < options.MinLength || start + length <= last)
                continue;
            // Also where it is too frequent: what lies inside it is no rarer, and shorter.
            last = start + length;
            RankRange[] ranges = index.Find(text.Span.Slice(start, length));
            long count = ranges.Sum(range => range.Count);
            if (count > options.MaxCount)
                continue;
            spans.Add(new AttributedSpan(start, length, count, LogProbability(index, text.Span.Slice(start, length), logProbabilities), ranges));
        }
        return spans;
    }

    /// <summary>
    /// As <see cref="PrefixRules.Cut"/>, with the next delimiter remembered from start to start: long matches would
    /// otherwise be searched for it again at every token.
    /// </summary>
    private static int CutLength(ReadOnlySpan<int> text, int start, int length, PrefixRules rules, ref int delimiter)
    {
        if (rules.Delimiters.Count > 0)
        {
            if (delimiter < start)
            {
                delimiter = start;
                while (delimiter < text.Length && !rules.Delimiters.Contains(text[delimiter]))
                    delimiter++;
            }
            length = Math.Min(length, delimiter - start + 1);
        }
        return rules.CutWord(text.Length, start, length);
    }

    private static double LogProbability(CorpusIndex index, ReadOnlySpan<int> tokens, Dictionary<int, double> known)
    {
        double sum = 0;
        foreach (int token in tokens)
        {
            if (!known.TryGetValue(token, out double log))
                known.Add(token, log = Math.Log((double)index.Count([token]) / index.Tokens));
            sum += log;
        }
        return sum;
    }
}
