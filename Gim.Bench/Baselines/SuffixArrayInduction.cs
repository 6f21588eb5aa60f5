using Gim.Index.Sort;
using Gim.Match;

namespace Gim.Bench.Baselines;

/// <summary>
/// The exact induction head as the published implementation does it: for every query a suffix array of the context
/// without its last token, and in it the longest suffix of the context by binary search.
/// Kept as fast as it can be: tokens are renamed so that the sorter's counters are few, and no memory is allocated.
/// </summary>
internal sealed class SuffixArrayInduction
{
    private readonly int[] nameOf;
    private readonly int[] text, suffixes;

    /// <param name="vocabularySize">V: every token is below it.</param>
    /// <param name="maxContext">The longest context.</param>
    public SuffixArrayInduction(int vocabularySize, int maxContext)
    {
        nameOf = new int[vocabularySize];
        Array.Fill(nameOf, -1);
        text = new int[maxContext];
        suffixes = new int[maxContext];
    }

    public void Find(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Context);
        if (context.Length < 2)
            return;
        // Any order of the tokens will do to find equal ones: they are numbered as they come.
        int names = 0;
        for (int i = 0; i < context.Length; i++)
        {
            ref int name = ref nameOf[context[i]];
            if (name < 0)
                name = names++;
            text[i] = name;
        }
        foreach (int token in context)
            nameOf[token] = -1;

        ReadOnlySpan<int> query = text.AsSpan(0, context.Length);
        Span<int> sorted = suffixes.AsSpan(0, context.Length - 1);
        SuffixArray.Build(query[..^1], names, sorted);
        int low = 0, high = 1;
        while (high < query.Length && Occurs(sorted, query, high))
        {
            low = high;
            high *= 2;
        }
        high = Math.Min(high, query.Length);
        while (low + 1 < high)
        {
            int middle = (low + high) / 2;
            if (Occurs(sorted, query, middle))
                low = middle;
            else
                high = middle;
        }
        result.Length = low;
        if (low == 0)
            return;
        int first = Bound(sorted, query, low, 0), end = Bound(sorted, query, low, 1);
        for (int rank = first; rank < end; rank++)
        {
            int next = sorted[rank] + low;
            result.InContext.Add(next);
            result.Next.Add(context[next], 1);
        }
        result.Next.Merge();
    }

    private static bool Occurs(ReadOnlySpan<int> sorted, ReadOnlySpan<int> query, int length)
    {
        int first = Bound(sorted, query, length, 0);
        return first < sorted.Length && Compare(sorted[first], query, length) == 0;
    }

    private static int Bound(ReadOnlySpan<int> sorted, ReadOnlySpan<int> query, int length, int least)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Compare(sorted[middle], query, length) < least)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The suffix at a position of the text, which ends before the query's last token, against the query's ending.</summary>
    private static int Compare(int position, ReadOnlySpan<int> query, int length)
    {
        ReadOnlySpan<int> suffix = query[position..^1], wanted = query[^length..];
        return suffix[..Math.Min(length, suffix.Length)].SequenceCompareTo(wanted);
    }
}
