using System.Collections.Concurrent;
using Gim.Index;

namespace Gim.Match;

/// <summary>
/// What followed matches of one or two tokens that stand at very many places. They are few, come again and again, and take a
/// thousand times as long to count as others. Kept as long as there is room. Safe to use from several threads at once.
/// </summary>
internal sealed class FrequentCounts
{
    // Fewer places are counted faster than it pays to remember them.
    private const int LeastPlaces = 2000;

    // Different next tokens of all entries together, 12 bytes each.
    private const int Capacity = 8_000_000;

    private readonly ConcurrentDictionary<(int Length, int First, int Second), TokenCounts> entries = new();
    private int used;

    /// <summary>Takes over what is known to follow a match.</summary>
    /// <returns>False where it is not known; <paramref name="counts"/> is then left as it was.</returns>
    public bool TryGet(ReadOnlySpan<int> match, long places, TokenCounts counts)
    {
        if (places < LeastPlaces || match.Length > 2 || !entries.TryGetValue(Key(match), out TokenCounts? known))
            return false;
        counts.CopyFrom(known);
        return true;
    }

    /// <summary>Keeps what follows a match, where it is worth it and there is room.</summary>
    public void Offer(ReadOnlySpan<int> match, long places, TokenCounts counts)
    {
        if (places < LeastPlaces || match.Length > 2 || Volatile.Read(ref used) + (long)counts.Length > Capacity)
            return;
        var kept = new TokenCounts();
        kept.CopyFrom(counts);
        if (entries.TryAdd(Key(match), kept))
            Interlocked.Add(ref used, counts.Length);
    }

    private static (int Length, int First, int Second) Key(ReadOnlySpan<int> match) => (match.Length, match[0], match[^1]);
}
