namespace Gim.Fmri.Matching;

/// <summary>How a row attends to earlier rows of its story, by the cosine of their keys.</summary>
internal sealed record InStoryRule
{
    /// <summary>
    /// How many TRs a candidate must lie back: with fewer than about 5, slow blood flow makes neighbouring responses alike
    /// whatever was said.
    /// </summary>
    public int Gap { get; init; } = 5;

    /// <summary>How many of the nearest candidates share the weight equally; 0 gives every candidate exp(cos / T).</summary>
    public int Nearest { get; init; } = 1;

    /// <summary>T, where <see cref="Nearest"/> is 0.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <exception cref="ArgumentException">The gap is below 1, the count negative, or the temperature out of range.</exception>
    internal void Check()
    {
        if (Gap < 1)
            throw new ArgumentException($"the gap is {Gap} TRs; it must be at least 1, or a row would match itself");
        if (Nearest < 0)
            throw new ArgumentException($"the nearest {Nearest} candidates are wanted; it must be 0 or more");
        if (Nearest == 0)
            CrossStoryRule.CheckTemperature(Temperature);
    }
}
