using Gim.Index;

namespace Gim.Match;

/// <summary>
/// The ∞-gram over reference corpora (Liu et al. 2024; as the GIM paper uses it): the longest suffix of the context
/// that occurs in a corpus, and the tokens that followed it there, a document's end counting as end-of-text.
/// Over several references and shards the longest match wins, and matches of equal length add their counts.
/// No smoothing. A context of which not even the last token occurs matches with length 0: the corpus's token counts.
/// </summary>
public sealed class CorpusMatch
{
    private readonly IReadOnlyList<CorpusIndex> references;
    private readonly int maxContext;
    private readonly Lazy<TokenCounts> unigram;

    /// <param name="references">The corpora; they stay the caller's to dispose.</param>
    /// <param name="maxContext">Only so many of the context's last tokens are looked up (the paper: 500).</param>
    public CorpusMatch(IReadOnlyList<CorpusIndex> references, int maxContext)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxContext);
        this.references = references;
        this.maxContext = maxContext;
        unigram = new Lazy<TokenCounts>(CountAll);
    }

    /// <summary>Finds the match of <paramref name="context"/> and fills <paramref name="result"/>.</summary>
    public void Find(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Corpus);
        context = context[^Math.Min(context.Length, maxContext)..];
        Span<uint> orders = result.Orders(context.Length);
        int best = 0;
        // By number: through the list's interface an enumerator would be allocated for every query.
        for (int r = 0; r < references.Count; r++)
        {
            for (int s = 0; s < references[r].Shards.Count; s++)
            {
                IndexShard shard = references[r].Shards[s];
                int known = OrderSuffix(shard.Width, context, orders);
                best = LongestSuffix(shard, orders[^known..], best);
            }
        }
        Collect(context, best, orders, result);
    }

    /// <summary>
    /// The definition: try every length from the longest down, each by a full search. For tests and as a baseline.
    /// </summary>
    public void Reference(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Corpus);
        context = context[^Math.Min(context.Length, maxContext)..];
        int length = context.Length;
        while (length > 0 && !Occurs(context[^length..]))
            length--;
        Collect(context, length, result.Orders(context.Length), result);
    }

    private bool Occurs(ReadOnlySpan<int> query)
    {
        foreach (CorpusIndex reference in references)
        {
            if (reference.Count(query) > 0)
                return true;
        }
        return false;
    }

    /// <summary>
    /// The length of the longest suffix that the shard holds, or <paramref name="atLeast"/> where it is not longer.
    /// If a suffix occurs then so do all shorter ones: grow the length by doubling steps, then halve.
    /// </summary>
    private static int LongestSuffix(IndexShard shard, ReadOnlySpan<uint> orders, int atLeast)
    {
        int low = atLeast, high = orders.Length + 1;
        for (int step = 1; low + step < high; step *= 2)
        {
            if (!shard.Occurs(orders[^(low + step)..]))
            {
                high = low + step;
                break;
            }
            low += step;
        }
        while (low + 1 < high)
        {
            int middle = (low + high) >> 1;
            if (shard.Occurs(orders[^middle..]))
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Fills the orders of the longest suffix whose tokens all fit the width; returns its length.</summary>
    internal static int OrderSuffix(TokenWidth width, ReadOnlySpan<int> context, Span<uint> orders)
    {
        for (int i = context.Length - 1; i >= 0; i--)
        {
            if (!width.TryOrder(context[i], out orders[i]))
                return context.Length - 1 - i;
        }
        return context.Length;
    }

    private void Collect(ReadOnlySpan<int> context, int length, Span<uint> orders, MatchResult result)
    {
        result.Length = length;
        for (int r = 0; r < references.Count; r++)
        {
            CorpusIndex reference = references[r];
            for (int s = 0; s < reference.Shards.Count; s++)
            {
                IndexShard shard = reference.Shards[s];
                if (OrderSuffix(shard.Width, context, orders) < length)
                    continue;
                var (low, high) = shard.Find(orders[^length..]);
                if (low == high)
                    continue;
                result.InCorpus.Add(new CorpusPlaces(r, s, low, high));
                if (length > 0)
                    shard.AddNextTokens(low, high, length, reference.EndOfText, result.Next);
            }
        }
        if (length > 0)
            result.Next.Merge();
        else
            result.Next.CopyFrom(unigram.Value);
    }

    // Counting a whole corpus token by token takes long and gives the same each time.
    private TokenCounts CountAll()
    {
        var counts = new TokenCounts();
        foreach (CorpusIndex reference in references)
            reference.NextTokens([], counts);
        return counts;
    }
}
