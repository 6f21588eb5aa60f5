namespace Gim.Evaluate;

/// <summary>
/// Random numbers that are the same on every machine and in every version: SplitMix64 (Steele, Lea and Flood 2014).
/// Drawn examples are part of a result, so their generator is ours to keep still.
/// </summary>
public sealed class SeededRandom(long seed)
{
    private ulong state = (ulong)seed;

    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>A number in [0, <paramref name="bound"/>), each equally likely.</summary>
    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        // Values in the last, incomplete multiple of the bound are drawn again.
        ulong limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong value;
        do
        {
            value = Next();
        }
        while (value >= limit);
        return (long)(value % (ulong)bound);
    }

    /// <summary>
    /// <paramref name="count"/> different numbers in [0, <paramref name="bound"/>), ascending; every set of that size
    /// is equally likely (Floyd's method: time and memory by the count, not by the bound).
    /// </summary>
    public long[] Sample(long bound, long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, bound);
        var chosen = new HashSet<long>();
        for (long last = bound - count; last < bound; last++)
        {
            long candidate = Below(last + 1);
            if (!chosen.Add(candidate))
                chosen.Add(last);
        }
        long[] sorted = [.. chosen];
        Array.Sort(sorted);
        return sorted;
    }
}
