using Gim.Index;

namespace Gim.Match;

/// <summary>Where a prediction's evidence comes from.</summary>
public enum MatchSource
{
    /// <summary>The longest suffix of the context that occurs in the reference corpus (∞-gram).</summary>
    Corpus,

    /// <summary>The longest suffix of the context that occurs earlier in the context (exact induction head).</summary>
    Context,

    /// <summary>Every earlier position of the context, weighed by how alike the contexts are (fuzzy induction head).</summary>
    Similarity,
}

/// <summary>Places in a reference corpus: ranks [Low, High) of one shard of one of the references.</summary>
public readonly record struct CorpusPlaces(int Reference, int Shard, long Low, long High);

/// <summary>
/// What a matcher found: how long the match is, what followed it, and every place where it stands. An instance is
/// filled anew by each query, so that a query allocates nothing; it belongs to one thread.
/// </summary>
public sealed class MatchResult
{
    private uint[] orders = [];
    private int[] positions = [];
    private double[] votes = [];

    public MatchSource Source { get; private set; }

    /// <summary>Effective n: the number of matched tokens. 0 is no match.</summary>
    public int Length { get; internal set; }

    /// <summary>The tokens that followed the match, each with its count. Empty when there was no match at all.</summary>
    public TokenCounts Next { get; } = new();

    /// <summary>For <see cref="MatchSource.Corpus"/>: where the match stands in the references.</summary>
    public List<CorpusPlaces> InCorpus { get; } = [];

    /// <summary>
    /// For <see cref="MatchSource.Context"/>: the positions in the context of the tokens that followed the match. For
    /// <see cref="MatchSource.Similarity"/>: every position after the first, each with a weight in <see cref="Weights"/>.
    /// </summary>
    public List<int> InContext { get; } = [];

    /// <summary>For <see cref="MatchSource.Similarity"/>: the weights of the votes, in the order of <see cref="InContext"/>.</summary>
    public List<float> Weights { get; } = [];

    /// <summary>For <see cref="CorpusMatch"/>: what the last query found, to go on from.</summary>
    internal CorpusCursor Cursor { get; } = new();

    internal void Begin(MatchSource source)
    {
        Source = source;
        Length = 0;
        Next.Clear();
        InCorpus.Clear();
        InContext.Clear();
        Weights.Clear();
    }

    /// <summary>Room for <paramref name="length"/> token orders, kept between queries.</summary>
    internal Span<uint> Orders(int length)
    {
        if (orders.Length < length)
            orders = new uint[length];
        return orders.AsSpan(0, length);
    }

    /// <summary>Room for <paramref name="length"/> positions, kept between queries.</summary>
    internal Span<int> Positions(int length)
    {
        if (positions.Length < length)
            positions = new int[length];
        return positions.AsSpan(0, length);
    }

    /// <summary>Room for a vote for every token, all 0; whoever uses it leaves zeros behind.</summary>
    internal Span<double> Votes(int vocabularySize)
    {
        if (votes.Length < vocabularySize)
            votes = new double[vocabularySize];
        return votes.AsSpan(0, vocabularySize);
    }
}
