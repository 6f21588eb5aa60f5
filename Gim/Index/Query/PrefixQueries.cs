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
        return rules.Cut(text, 0, Extend(index, text, 0));
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
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, (text.Length + BlockSize - 1) / BlockSize, parallel, block =>
        {
            ReadOnlySpan<int> all = text.Span;
            int end = 0;
            for (int start = block * BlockSize; start < Math.Min(all.Length, (block + 1) * BlockSize); start++)
            {
                cancellation.ThrowIfCancellationRequested();
                int known = Math.Max(0, end - start);
                end = start + known + (end == all.Length ? 0 : Extend(index, all[start..], known) - known);
                ends[start] = end;
            }
        });
        return ends;
    }

    /// <summary>Length of the longest prefix of <paramref name="text"/> that occurs, given that its first <paramref name="known"/> tokens do.</summary>
    private static int Extend(CorpusIndex index, ReadOnlySpan<int> text, int known)
    {
        // A prefix of what occurs occurs too: grow by doubled steps while it is found, then halve the gap.
        int found = known, missing = text.Length + 1;
        for (int step = 1; found < text.Length; step *= 2)
        {
            int length = (int)Math.Min((long)found + step, text.Length);
            if (index.Count(text[..length]) == 0)
            {
                missing = length;
                break;
            }
            found = length;
        }
        while (found + 1 < missing)
        {
            int middle = (int)(((long)found + missing) / 2);
            if (index.Count(text[..middle]) > 0)
                found = middle;
            else
                missing = middle;
        }
        return found;
    }
}
