namespace Gim.Evaluate;

/// <summary>Normally distributed numbers from a seed (Box and Muller 1958).</summary>
internal sealed class GaussianRandom(long seed)
{
    private readonly SeededRandom random = new(seed);
    private double? other;

    /// <summary>A number of mean 0 and standard deviation 1.</summary>
    public double Next()
    {
        if (other is { } kept)
        {
            other = null;
            return kept;
        }
        // Never 0: its logarithm is taken.
        double radius = Math.Sqrt(-2 * Math.Log((Fraction() + 1) / 9007199254740992.0)), angle = 2 * Math.PI * Fraction() / 9007199254740992.0;
        other = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    public void Fill(Span<float> values, double deviation)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * Next());
    }

    private double Fraction() => random.Next() >> 11;
}
