namespace Gim.Index.Query;

/// <summary>
/// The longest prefix of a text that occurs in an index, of one text or of every rest of it: infini-gram's longest
/// prefix and creativity. (The original finds nothing where the text would stand before all of the index.)
/// </summary>
public static class PrefixQueries
{
    // Blocks are searched on their own, so that threads share the work and the result does not depend on them.
    private const int BlockSize = 512;

    /// <summary>Length of the longest prefix of <paramref name="text"/> that occurs somewhere, after the rules.</summary>
    public static int LongestPrefix(CorpusIndex index, ReadOnlySpan<int> text, PrefixRules? rules = null)
    {
        rules ??= PrefixRules.None;
        rules.Check(text.Length);
        return rules.Cut(text, 0, Extend(new OrderedText(index, text), 0, 0));
    }

    /// <summary>
    /// For every token of <paramref name="text"/> the end (the position behind the last token) of the longest match that
    /// begins at it; where not even the token occurs, its own position. The ends never fall.
    /// </summary>
    /// <remarks>
    /// What is behind a match's first token occurs too, so the next match ends no earlier: about two looks into the index
    /// for each token, however long the matches are.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The query was stopped.</exception>
    public static int[] MatchEnds(CorpusIndex index, ReadOnlyMemory<int> text, CancellationToken cancellation = default)
    {
        int[] ends = new int[text.Length];
        var ordered = new OrderedText(index, text.Span);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, (text.Length + BlockSize - 1) / BlockSize, parallel, block =>
        {
            int end = 0;
            for (int start = block * BlockSize; start < Math.Min(ends.Length, (block + 1) * BlockSize); start++)
            {
                cancellation.ThrowIfCancellationRequested();
                int known = Math.Max(0, end - start);
                end = start + (end == ends.Length ? known : Extend(ordered, start, known));
                ends[start] = end;
            }
        });
        return ends;
    }

    /// <summary>Length of the longest match that begins at <paramref name="start"/>, given that <paramref name="known"/> tokens match.</summary>
    private static int Extend(OrderedText text, int start, int known)
    {
        int most = text.Length - start;
        // A prefix of what occurs occurs too: grow by doubled steps while it is found, then halve the gap.
        int found = known, missing = most + 1;
        for (int step = 1; found < most; step *= 2)
        {
            int length = (int)Math.Min((long)found + step, most);
            if (!text.Occurs(start, length))
            {
                missing = length;
                break;
            }
            found = length;
        }
        while (found + 1 < missing)
        {
            int middle = (int)(((long)found + missing) / 2);
            if (text.Occurs(start, middle))
                found = middle;
            else
                missing = middle;
        }
        return found;
    }
}
