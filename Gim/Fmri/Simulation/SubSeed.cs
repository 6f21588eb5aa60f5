using Gim.Evaluate;

namespace Gim.Fmri.Simulation;

/// <summary>What a random stream is drawn for; each has its own, so that no part of a simulation depends on how much another one drew.</summary>
internal enum RandomPart
{
    Stock,
    Story,
    Weights,
    Haemodynamics,
    PatternWeights,
    Pattern,
    Noise,
}

/// <summary>Seeds of streams that have nothing to do with each other, from one seed.</summary>
internal static class SubSeed
{
    public static long Of(long seed, RandomPart part, long first = 0, long second = 0)
    {
        ReadOnlySpan<long> all = [(long)part, first, second];
        foreach (long value in all)
            seed = (long)new SeededRandom(seed ^ value).Next();
        return seed;
    }
}
