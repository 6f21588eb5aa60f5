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
    // Matches of text that is not in the corpus are about so long: the first look decides most of them.
    private const int UsualLength = 3;

    private readonly IReadOnlyList<CorpusIndex> references;
    private readonly (IndexShard Shard, int Reference, int Number)[] shards;
    private readonly int maxContext;
    private readonly Lazy<TokenCounts> unigram;
    private readonly FrequentCounts frequent = new();

    /// <param name="references">The corpora; they stay the caller's to dispose.</param>
    /// <param name="maxContext">Only so many of the context's last tokens are looked up (the paper: 500).</param>
    public CorpusMatch(IReadOnlyList<CorpusIndex> references, int maxContext)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxContext);
        this.references = references;
        this.maxContext = maxContext;
        shards = [.. references.SelectMany((reference, r) => reference.Shards.Select((shard, s) => (shard, r, s)))];
        unigram = new Lazy<TokenCounts>(CountAll);
    }

    /// <summary>
    /// Finds the match of <paramref name="context"/> and fills <paramref name="result"/>. Where the same result was last filled for
    /// the context one token shorter, the match is found from that one, in a fraction of the time.
    /// </summary>
    public void Find(ReadOnlySpan<int> context, MatchResult result)
    {
        result.Begin(MatchSource.Corpus);
        context = context[^Math.Min(context.Length, maxContext)..];
        Span<uint> orders = result.Orders(context.Length);
        CorpusCursor cursor = result.Cursor;
        bool goesOn = cursor.IsBefore(this, context);
        cursor.Begin(shards.Length);
        int length = goesOn ? Extend(context, orders, cursor) : 0;
        if (length == 0)
            length = LongestSuffix(context, orders, goesOn ? cursor.Length : context.Length, cursor);
        cursor.Keep(this, context, length);
        Collect(context, length, cursor.Ranges, result);
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
        Span<uint> orders = result.Orders(context.Length);
        var ranges = new (long, long)[shards.Length];
        for (int i = 0; i < shards.Length; i++)
            ranges[i] = OrderSuffix(shards[i].Shard.Width, context, orders) < length ? (0, 0) : shards[i].Shard.Find(orders[^length..]);
        Collect(context, length, ranges, result);
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
    /// From the match of the context without its last token, the match with it: its ranks in every shard, and its length; 0 where
    /// no shard goes on with that token.
    /// </summary>
    private int Extend(ReadOnlySpan<int> context, Span<uint> orders, CorpusCursor cursor)
    {
        int length = cursor.Length + 1;
        bool found = false;
        for (int i = 0; i < shards.Length; i++)
        {
            IndexShard shard = shards[i].Shard;
            var (low, high) = cursor.Ranges[i];
            if (low == high || OrderSuffix(shard.Width, context, orders) < length)
                (low, high) = (0, 0);
            else
                (low, high) = shard.Reversed ? shard.Find(orders[^length..]) : shard.Extend(orders[^length..], low, high);
            cursor.Ranges[i] = (low, high);
            found |= low < high;
        }
        return found ? length : 0;
    }

    /// <summary>The length of the longest suffix of at most <paramref name="atMost"/> tokens that a shard holds, and its ranks in every shard.</summary>
    private int LongestSuffix(ReadOnlySpan<int> context, Span<uint> orders, int atMost, CorpusCursor cursor)
    {
        int best = 0, finder = -1;
        long first = 0;
        // A match that goes on grows by a token and breaks off: then what is left is often nearly as long, and is sought from above.
        bool fromAbove = atMost < context.Length;
        for (int i = 0; i < shards.Length; i++)
        {
            IndexShard shard = shards[i].Shard;
            int known = OrderSuffix(shard.Width, context, orders);
            ReadOnlySpan<uint> suffix = orders[^known..];
            int most = Math.Min(known, atMost);
            int length = fromAbove ? ShortenedTo(shard, suffix, best, most, ref first) : GrownTo(shard, suffix, best, most, ref first);
            if (length > best)
                (best, finder) = (length, i);
        }
        for (int i = 0; i < shards.Length; i++)
        {
            IndexShard shard = shards[i].Shard;
            if (OrderSuffix(shard.Width, context, orders) < best)
                cursor.Ranges[i] = (0, 0);
            else if (i == finder)
                cursor.Ranges[i] = (first, shard.EndOf(orders[^best..], first));
            else
                cursor.Ranges[i] = shard.Find(orders[^best..]);
        }
        return best;
    }

    /// <summary>
    /// The length of the longest suffix that the shard holds, or <paramref name="atLeast"/> where it is not longer. If a
    /// suffix occurs then so do all shorter ones: grow the length by doubling steps from the usual one on, then halve.
    /// </summary>
    /// <param name="first">The first rank of what was found, where it is longer.</param>
    private static int GrownTo(IndexShard shard, ReadOnlySpan<uint> orders, int atLeast, int atMost, ref long first)
    {
        int low = atLeast, high = atMost + 1;
        for (int step = atLeast == 0 ? UsualLength : 1, next = 1; low + step < high; step = next, next *= 2)
        {
            if (!shard.Occurs(orders[^(low + step)..], out long rank))
            {
                high = low + step;
                break;
            }
            first = rank;
            low += step;
        }
        return Halved(shard, orders, low, high, ref first);
    }

    /// <summary>As <see cref="GrownTo"/>, from the longest down.</summary>
    private static int ShortenedTo(IndexShard shard, ReadOnlySpan<uint> orders, int atLeast, int atMost, ref long first)
    {
        int low = atLeast, high = atMost + 1;
        for (int step = 1; high - step > low; step *= 2)
        {
            if (shard.Occurs(orders[^(high - step)..], out long rank))
            {
                first = rank;
                low = high - step;
                break;
            }
            high -= step;
        }
        return Halved(shard, orders, low, high, ref first);
    }

    /// <summary>The longest length in [low, high) that occurs, low being known to.</summary>
    private static int Halved(IndexShard shard, ReadOnlySpan<uint> orders, int low, int high, ref long first)
    {
        while (low + 1 < high)
        {
            int middle = (low + high) >> 1;
            if (shard.Occurs(orders[^middle..], out long rank))
            {
                first = rank;
                low = middle;
            }
            else
            {
                high = middle;
            }
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

    private void Collect(ReadOnlySpan<int> context, int length, ReadOnlySpan<(long Low, long High)> ranges, MatchResult result)
    {
        result.Length = length;
        long places = 0;
        for (int i = 0; i < shards.Length; i++)
        {
            var (low, high) = ranges[i];
            if (low == high)
                continue;
            places += high - low;
            result.InCorpus.Add(new CorpusPlaces(shards[i].Reference, shards[i].Number, low, high));
        }
        if (length == 0)
        {
            result.Next.CopyFrom(unigram.Value);
            return;
        }
        ReadOnlySpan<int> match = context[^length..];
        if (frequent.TryGet(match, places, result.Next))
            return;
        foreach (CorpusPlaces found in result.InCorpus)
        {
            CorpusIndex reference = references[found.Reference];
            reference.Shards[found.Shard].AddNextTokens(found.Low, found.High, length, reference.EndOfText, result.Next);
        }
        result.Next.Merge();
        frequent.Offer(match, places, result.Next);
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
