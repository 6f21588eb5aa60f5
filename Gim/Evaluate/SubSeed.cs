namespace Gim.Evaluate;

/// <summary>Seeds of streams that have nothing to do with each other, from one seed.</summary>
internal static class SubSeed
{
    /// <param name="parts">What the stream is drawn for, as numbers.</param>
    public static long Of(long seed, params ReadOnlySpan<long> parts)
    {
        foreach (long part in parts)
            seed = (long)new SeededRandom(seed ^ part).Next();
        return seed;
    }
}
