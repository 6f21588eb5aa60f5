namespace Gim.Index.Query;

/// <summary>Looks for the clauses of a query in the tokens around an occurrence of its anchor. Not for several threads at once.</summary>
internal sealed class ClauseWindow
{
    private readonly CnfQuery query;
    private readonly int anchor, maxDistance, longest;
    private int[] buffer = [];

    public ClauseWindow(CnfQuery query, int anchor, int maxDistance)
    {
        this.query = query;
        this.anchor = anchor;
        this.maxDistance = maxDistance;
        longest = query.Clauses.Max(clause => clause.Max(ngram => ngram.Length));
    }

    /// <summary>Whether every clause but the anchor starts inside the window around <paramref name="position"/>.</summary>
    public bool HoldsAll(IndexShard shard, long position, out long document)
    {
        ReadOnlySpan<int> tokens = Read(shard, position, out document, out _, out int starts);
        for (int clause = 0; clause < query.Clauses.Count; clause++)
        {
            if (clause != anchor && !Holds(tokens, starts, query.Clause(clause)))
                return false;
        }
        return true;
    }

    private static bool Holds(ReadOnlySpan<int> tokens, int starts, int[][] clause)
    {
        foreach (int[] ngram in clause)
        {
            if (tokens[..Math.Min(tokens.Length, starts + ngram.Length - 1)].IndexOf(ngram) >= 0)
                return true;
        }
        return false;
    }

    /// <summary>The nearest occurrence of every clause; the anchor's own is the place itself.</summary>
    public ClausePlace[] Nearest(IndexShard shard, long position, int length)
    {
        ReadOnlySpan<int> tokens = Read(shard, position, out _, out long first, out int starts);
        var places = new ClausePlace[query.Clauses.Count];
        for (int clause = 0; clause < places.Length; clause++)
        {
            places[clause] = new ClausePlace(position, length);
            if (clause == anchor)
                continue;
            long least = long.MaxValue;
            for (int start = 0; start < starts; start++)
            {
                foreach (int[] ngram in query.Clause(clause))
                {
                    long distance = Math.Abs(first + start - position);
                    if (distance < least && tokens[start..].StartsWith(ngram))
                    {
                        least = distance;
                        places[clause] = new ClausePlace(first + start, ngram.Length);
                    }
                }
            }
        }
        return places;
    }

    /// <summary>The tokens of the document from the first start inside the window on, with room for the longest n-gram at the last.</summary>
    private ReadOnlySpan<int> Read(IndexShard shard, long position, out long document, out long first, out int starts)
    {
        document = shard.DocumentOf(position);
        var (start, end) = shard.Bounds(document);
        first = Math.Max(start, position - maxDistance);
        long last = Math.Min(end - 1, position + maxDistance);
        // Nothing, where a damaged table points at a separator.
        starts = (int)Math.Max(0, last - first + 1);
        int length = (int)Math.Clamp((long)starts + longest - 1, 0, Math.Max(0, end - first));
        if (buffer.Length < length)
            buffer = new int[Math.Max(length, 2 * buffer.Length)];
        Span<int> tokens = buffer.AsSpan(0, length);
        shard.ReadDocument(document, first - start, tokens);
        return tokens;
    }
}
