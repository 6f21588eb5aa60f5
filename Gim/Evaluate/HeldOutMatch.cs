using Gim.Index;
using Gim.Match;

namespace Gim.Evaluate;

/// <summary>A document of a reference corpus that is taken as if it were not there.</summary>
/// <param name="Reference">Which of the references.</param>
/// <param name="Shard">Which of its shards.</param>
/// <param name="Start">Position in the shard of its first token.</param>
/// <param name="End">Position behind its last token.</param>
internal readonly record struct HeldOutDocument(int Reference, int Shard, long Start, long End)
{
    public long Length => End - Start;

    public bool Holds(long position) => position >= Start && position < End;
}

/// <summary>
/// The ∞-gram of <see cref="CorpusMatch"/> with one document held out: what an index built without it would answer, exactly.
/// A document that is predicted from an index that holds it would always find itself. A context of which nothing is found
/// matches with length 0 and no counts: GIM's rule never asks for those.
/// </summary>
/// <param name="references">The corpora; they stay the caller's to dispose.</param>
/// <param name="maxContext">Only so many of the context's last tokens are looked up.</param>
internal sealed class HeldOutMatch(IReadOnlyList<CorpusIndex> references, int maxContext)
{
    /// <summary>Finds the match of <paramref name="context"/> outside <paramref name="own"/> and fills <paramref name="result"/>, but for its places.</summary>
    public void Find(ReadOnlySpan<int> context, HeldOutDocument own, MatchResult result)
    {
        result.Begin(MatchSource.Corpus);
        context = context[^Math.Min(context.Length, maxContext)..];
        Span<uint> orders = result.Orders(context.Length);
        int best = 0;
        for (int r = 0; r < references.Count; r++)
        {
            for (int s = 0; s < references[r].Shards.Count; s++)
            {
                IndexShard shard = references[r].Shards[s];
                int known = CorpusMatch.OrderSuffix(shard.Width, context, orders);
                best = LongestSuffix(shard, IsIn(own, r, s) ? own : null, orders[^known..], best);
            }
        }
        result.Length = best;
        if (best > 0) Count(context, own, orders, result);
    }

    private static bool IsIn(HeldOutDocument own, int reference, int shard) => own.Reference == reference && own.Shard == shard;

    /// <summary>The length of the longest suffix that occurs in a shard outside a document, or <paramref name="atLeast"/> where it is not longer.</summary>
    private static int LongestSuffix(IndexShard shard, HeldOutDocument? own, ReadOnlySpan<uint> orders, int atLeast)
    {
        // If a suffix occurs outside then so do all shorter ones.
        int low = atLeast, high = orders.Length + 1;
        while (low + 1 < high)
        {
            int middle = (low + high) >> 1;
            if (Occurs(shard, own, orders[^middle..]))
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    private static bool Occurs(IndexShard shard, HeldOutDocument? own, ReadOnlySpan<uint> query)
    {
        if (own is not { } document) return shard.Occurs(query);
        var (low, high) = shard.Find(query);
        // More places than the document has tokens cannot all be its own.
        if (high - low > document.Length) return true;
        for (long rank = low; rank < high; rank++)
        {
            if (!document.Holds(shard.PlaceOf(rank, query.Length))) return true;
        }
        return false;
    }

    private void Count(ReadOnlySpan<int> context, HeldOutDocument own, Span<uint> orders, MatchResult result)
    {
        for (int r = 0; r < references.Count; r++)
        {
            CorpusIndex reference = references[r];
            for (int s = 0; s < reference.Shards.Count; s++)
            {
                IndexShard shard = reference.Shards[s];
                if (CorpusMatch.OrderSuffix(shard.Width, context, orders) < result.Length) continue;
                var (low, high) = shard.Find(orders[^result.Length..]);
                shard.AddNextTokens(low, high, result.Length, reference.EndOfText, result.Next);
                if (IsIn(own, r, s)) Subtract(shard, own, low, high, context[^result.Length..], reference.EndOfText, result.Next);
            }
        }
        result.Next.Merge();
        result.Next.DropZeros();
    }

    /// <summary>Takes the document's own places off, found among all places or by reading the document, whichever is shorter.</summary>
    private static void Subtract(IndexShard shard, HeldOutDocument own, long low, long high, ReadOnlySpan<int> query, int endOfText, TokenCounts counts)
    {
        if (high - low <= own.Length)
        {
            for (long rank = low; rank < high; rank++)
            {
                long position = shard.PlaceOf(rank, query.Length);
                if (own.Holds(position)) counts.Add(NextToken(shard, own, position + query.Length, endOfText), -1);
            }
            return;
        }
        for (long position = own.Start; position + query.Length <= own.End; position++)
        {
            int equal = 0;
            while (equal < query.Length && shard.TokenAt(position + equal) == query[equal])
                equal++;
            if (equal == query.Length) counts.Add(NextToken(shard, own, position + equal, endOfText), -1);
        }
    }

    private static int NextToken(IndexShard shard, HeldOutDocument own, long position, int endOfText) => position < own.End ? shard.TokenAt(position) : endOfText;
}
