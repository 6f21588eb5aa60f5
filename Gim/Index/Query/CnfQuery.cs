namespace Gim.Index.Query;

/// <summary>
/// A query of clauses joined by AND, each of n-grams joined by OR. An occurrence of a clause is a place at which one of its
/// n-grams starts, all of it inside one document. An n-gram that begins with another one of its clause (or is the same)
/// adds no place, and is left out.
/// </summary>
public sealed class CnfQuery
{
    private readonly int[][][] clauses;

    /// <param name="clauses">At least one clause of at least one n-gram of at least one token.</param>
    /// <exception cref="InputException">A clause or an n-gram is empty.</exception>
    public CnfQuery(IReadOnlyList<IReadOnlyList<int[]>> clauses)
    {
        if (clauses.Count == 0)
            throw new InputException("the query has no clause; write at least one n-gram");
        var kept = new List<int[][]>(clauses.Count);
        foreach (IReadOnlyList<int[]> clause in clauses)
        {
            if (clause.Count == 0 || clause.Any(ngram => ngram.Length == 0))
                throw new InputException($"clause {kept.Count + 1} of the query holds an n-gram without tokens; write text on both sides of AND and OR");
            var different = new List<int[]>(clause.Count);
            foreach (int[] ngram in clause)
            {
                if (different.Exists(known => ngram.AsSpan().StartsWith(known)))
                    continue;
                different.RemoveAll(known => known.AsSpan().StartsWith(ngram));
                different.Add([.. ngram]);
            }
            kept.Add([.. different]);
        }
        this.clauses = [.. kept];
    }

    /// <summary>Clauses, each of n-grams of which none begins with another.</summary>
    public IReadOnlyList<IReadOnlyList<int[]>> Clauses => clauses;

    internal int[][] Clause(int clause) => clauses[clause];

    /// <exception cref="InputException">A token is the separator of a shard, which is inside no document.</exception>
    internal void RequireTokens(CorpusIndex index)
    {
        foreach (IndexShard shard in index.Shards)
        {
            int separator = shard.Width.Separator();
            if (clauses.Any(clause => clause.Any(ngram => ngram.Contains(separator))))
                throw new InputException($"token {(uint)separator} divides the documents of this index, and a query with AND or OR finds what is inside documents; leave it out");
        }
    }
}

/// <summary>How a <see cref="CnfQuery"/> is answered.</summary>
public sealed record CnfOptions
{
    /// <summary>How many tokens lie at most between the start of the anchor and that of another clause's occurrence.</summary>
    public int MaxDistance { get; init; } = 100;

    /// <summary>
    /// Occurrences of the anchor above which so many of them are drawn at random and the count is scaled; 0 looks at
    /// all of them.
    /// </summary>
    public long MaxClauseFrequency { get; init; }

    /// <summary>Hits to keep.</summary>
    public int MaxHits { get; init; } = 10;

    /// <summary>Seed of every draw.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A clause's occurrence in a hit.</summary>
/// <param name="Position">Position of its first token in the shard.</param>
/// <param name="Length">Tokens of the n-gram.</param>
public readonly record struct ClausePlace(long Position, int Length);

/// <summary>An occurrence of the anchor with every other clause near it.</summary>
/// <param name="Place">Where the anchor's n-gram begins.</param>
/// <param name="Clauses">For every clause of the query the occurrence nearest to the anchor, the earlier of two.</param>
public sealed record CnfHit(IndexPlace Place, IReadOnlyList<ClausePlace> Clauses);

/// <summary>The answer to a <see cref="CnfQuery"/>.</summary>
/// <param name="Count">Number of hits; where sampled, the number in the sample scaled up and rounded.</param>
/// <param name="Documents">Number of documents with a hit; where sampled, those that the sample met, which is at most that.</param>
/// <param name="Approximate">Whether the anchor was sampled.</param>
/// <param name="Anchor">The clause whose occurrences are counted: the one with the fewest, the first of equal ones.</param>
/// <param name="Occurrences">Occurrences of every clause.</param>
/// <param name="Hits">Some of the hits, drawn at random, ascending by place; all of them where there are no more than asked for.</param>
public sealed record CnfResult(
    long Count, long Documents, bool Approximate, int Anchor, IReadOnlyList<long> Occurrences, IReadOnlyList<CnfHit> Hits);
