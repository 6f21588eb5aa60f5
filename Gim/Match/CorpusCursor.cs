namespace Gim.Match;

/// <summary>
/// What a query of <see cref="CorpusMatch"/> leaves for the next one: the match, and the ranks of its places in every shard. When
/// the next context is the same text one token on, its match is at most one token longer, and is found from there: the
/// ranks of the longer match lie inside the ranks of this one.
/// </summary>
internal sealed class CorpusCursor
{
    private CorpusMatch? owner;
    private int[] tail = [];
    private int tailLength;

    /// <summary>Tokens of the match.</summary>
    public int Length { get; private set; }

    /// <summary>For each shard of all references, the ranks [Low, High) of the match.</summary>
    public (long Low, long High)[] Ranges { get; private set; } = [];

    /// <summary>
    /// Whether <paramref name="context"/> goes on by one token from the context of the last query. The match depends on no
    /// more than its own tokens and the one before them, so only those are compared.
    /// </summary>
    public bool IsBefore(CorpusMatch match, ReadOnlySpan<int> context)
    {
        if (owner != match || context.Length <= Length)
            return false;
        ReadOnlySpan<int> before = context[..^1];
        // Where the context was matched whole, what a token before it would have changed is unknown.
        int needed = before.Length == Length ? Length : Length + 1;
        return tailLength >= needed && before[^needed..].SequenceEqual(tail.AsSpan(tailLength - needed, needed));
    }

    /// <summary>Makes room for the ranges of a query, for it to fill.</summary>
    public void Begin(int shards)
    {
        if (Ranges.Length != shards)
            Ranges = new (long, long)[shards];
        owner = null;
    }

    /// <summary>Keeps a query's answer; <see cref="Ranges"/> has been filled.</summary>
    public void Keep(CorpusMatch match, ReadOnlySpan<int> context, int length)
    {
        tailLength = Math.Min(context.Length, length + 1);
        if (tail.Length < tailLength)
            tail = new int[Math.Max(tailLength, 2 * tail.Length)];
        context[^tailLength..].CopyTo(tail);
        Length = length;
        owner = match;
    }
}
