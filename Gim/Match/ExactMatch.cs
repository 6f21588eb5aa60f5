using Gim.Kernels.Sequences;

namespace Gim.Match;

/// <summary>
/// The exact induction head (method of the GIM paper, "induction, exact"): the longest suffix of the context that also
/// ends at an earlier position, and the tokens that came after each such place. Nothing is built for a query: the
/// places of the last token are found by one vectorised scan and each is extended backwards.
/// The place just before the last token counts like any other, so the last token itself can be a continuation.
/// Cost: n/16 vector steps, plus one per 16 tokens of every candidate's agreement.
/// </summary>
public static class ExactMatch
{
    /// <summary>Finds the match of <paramref name="context"/> (tokens w_1..w_n) and fills <paramref name="result"/>.</summary>
    public static void Find(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Context);
        if (context.Length < 2)
            return;
        ReadOnlySpan<int> earlier = context[..^1];
        Span<int> candidates = result.Positions(earlier.Length);
        int found = SequenceScan.IndexesOf(earlier, context[^1], candidates);
        int best = 0, kept = 0;
        // From the last place to the first: in a periodic context the last match is the longest, and the first look at
        // any earlier one ends it. What is kept moves to the end of the candidates, so that it stays ascending.
        for (int i = found - 1; i >= 0; i--)
        {
            int end = candidates[i];
            // A match longer than the best so far must agree at its far end: one look spares most extensions.
            if (end + 1 < best || context[end + 1 - Math.Max(best, 1)] != context[^Math.Max(best, 1)])
                continue;
            int length = SequenceScan.CommonSuffixLength(context[..(end + 1)], context);
            if (length < best)
                continue;
            if (length > best)
            {
                best = length;
                kept = 0;
            }
            kept++;
            candidates[found - kept] = end;
        }
        Fill(context, candidates[(found - kept)..found], best, result);
    }

    /// <summary>The definition, as plain loops over every earlier end and every length.</summary>
    public static void Reference(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Context);
        var ends = new List<int>();
        int best = 0;
        for (int end = 0; end < context.Length - 1; end++)
        {
            int length = 0;
            while (length <= end && context[end - length] == context[context.Length - 1 - length])
                length++;
            if (length > best)
            {
                best = length;
                ends.Clear();
            }
            if (length == best && best > 0)
                ends.Add(end);
        }
        Fill(context, ends.ToArray(), best, result);
    }

    private static void Fill(ReadOnlySpan<int> context, ReadOnlySpan<int> ends, int length, MatchResult result)
    {
        result.Length = length;
        foreach (int end in ends)
        {
            result.InContext.Add(end + 1);
            result.Next.Add(context[end + 1], 1);
        }
        result.Next.Merge();
    }
}
