namespace Gim.Fmri.Matching;

/// <summary>How a row attends to the rows of other stories.</summary>
internal sealed record CrossStoryRule
{
    /// <summary>T of the weights exp(cos / T), which are then made to add up to 1.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>How many of the strongest matches of each row are kept as evidence. GPUs read all weights once for each.</summary>
    public int Strongest { get; init; }

    /// <exception cref="ArgumentException">The temperature or the count is out of range.</exception>
    internal void Check()
    {
        CheckTemperature(Temperature);
        if (Strongest < 0)
            throw new ArgumentException($"the strongest {Strongest} matches are wanted; it must be 0 or more");
    }

    internal static void CheckTemperature(double temperature)
    {
        // Below, a cosine's last digit in float32 decides everything.
        const double Least = 1e-4, Most = 1e6;
        if (!(temperature >= Least && temperature <= Most))
            throw new ArgumentException($"the temperature is {temperature}; it must be from {Least} to {Most}");
    }
}
