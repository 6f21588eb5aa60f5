using System.Diagnostics;
using System.Reflection;
using Gim.Kernels.Sequences;
using Gim.Match;

namespace Gim.Bench.Harness;

/// <summary>What is compared in time must first agree in its result; else the bench stops.</summary>
internal static class Require
{
    /// <summary>
    /// That this process runs optimised code from the first call on: the measured processes are built by
    /// BenchmarkDotNet, which might not take over what the solution's build says.
    /// </summary>
    public static void FullSpeed()
    {
        if (!AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out bool tiered) || tiered)
            throw new InvalidOperationException("Tiered compilation is on: the first calls would run unoptimised code.");
        foreach (Type type in (Type[])[typeof(Require), typeof(MatchResult), typeof(SequenceScan)])
        {
            if (type.Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
                throw new InvalidOperationException($"{type.Assembly.GetName().Name} was not compiled with optimisation: run with -c Release.");
        }
    }

    public static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : IEquatable<T>
    {
        int same = expected.CommonPrefixLength(actual);
        if (same != expected.Length || same != actual.Length)
            throw new InvalidOperationException($"{what}: {expected.Length} values were expected and {actual.Length} came; the first difference is at {same}.");
    }

    /// <summary>The same length, the same next tokens with the same counts, and the same places.</summary>
    public static void Same(MatchResult expected, MatchResult actual, string what)
    {
        Same<int>([expected.Length], [actual.Length], what + ", length of the match");
        Same(expected.Next.Tokens, actual.Next.Tokens, what + ", next tokens");
        Same(expected.Next.Counts, actual.Next.Counts, what + ", counts of the next tokens");
        Same<CorpusPlaces>([.. expected.InCorpus], [.. actual.InCorpus], what + ", places in the corpus");
        // A suffix array gives the places in the order of what follows them.
        Same<int>([.. expected.InContext.Order()], [.. actual.InContext.Order()], what + ", places in the context");
    }
}
