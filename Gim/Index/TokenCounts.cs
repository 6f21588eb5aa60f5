namespace Gim.Index;

/// <summary>
/// How often each token followed something: a list of (token, count), grown without loss and sorted on request.
/// One instance serves many queries, so that a query allocates nothing.
/// </summary>
public sealed class TokenCounts
{
    private int[] tokens = new int[64];
    private long[] counts = new long[64];

    /// <summary>Entries so far; after <see cref="Merge"/>, different tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Sum of all counts.</summary>
    public long Total { get; private set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Length);

    public ReadOnlySpan<long> Counts => counts.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        Total = 0;
    }

    public void Add(int token, long count)
    {
        if (Length == tokens.Length)
        {
            Array.Resize(ref tokens, 2 * Length);
            Array.Resize(ref counts, 2 * Length);
        }
        tokens[Length] = token;
        counts[Length] = count;
        Length++;
        Total += count;
    }

    /// <summary>Takes over all entries of another list, in place of what was here.</summary>
    public void CopyFrom(TokenCounts other)
    {
        if (tokens.Length < other.Length)
        {
            tokens = new int[other.Length];
            counts = new long[other.Length];
        }
        other.Tokens.CopyTo(tokens);
        other.Counts.CopyTo(counts);
        Length = other.Length;
        Total = other.Total;
    }

    /// <summary>Sorts by token id and adds up entries of the same token.</summary>
    public void Merge()
    {
        if (Length < 2)
            return;
        Array.Sort(tokens, counts, 0, Length);
        int last = 0;
        for (int i = 1; i < Length; i++)
        {
            if (tokens[i] == tokens[last])
            {
                counts[last] += counts[i];
            }
            else
            {
                last++;
                tokens[last] = tokens[i];
                counts[last] = counts[i];
            }
        }
        Length = last + 1;
    }

    /// <summary>Removes the entries, merged before, whose counts came to 0.</summary>
    internal void DropZeros()
    {
        int kept = 0;
        for (int i = 0; i < Length; i++)
        {
            if (counts[i] == 0) continue;
            tokens[kept] = tokens[i];
            counts[kept++] = counts[i];
        }
        Length = kept;
    }
}
