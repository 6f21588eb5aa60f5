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

/// <summary>Seeds of the parts.</summary>
internal static class RandomParts
{
    /// <param name="part">What is drawn.</param>
    /// <param name="seed">Of the simulation.</param>
    /// <param name="first">Which one of its kind: a story, a passage.</param>
    /// <param name="second">Which one of those.</param>
    public static long Seed(this RandomPart part, long seed, long first = 0, long second = 0) => SubSeed.Of(seed, (long)part, first, second);
}
