using Gim.Evaluate;

namespace Gim.Train.Start;

/// <summary>Normally distributed numbers from a seed (Box and Muller 1958).</summary>
internal sealed class SeededGaussian(long seed)
{
    /// <summary>2^-53</summary>
    private const double Step = 1.0 / (1L << 53);

    private readonly SeededRandom random = new(seed);

    /// <summary>Fills with numbers of mean 0 and the given standard deviation.</summary>
    public void Fill(Span<float> values, double deviation)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            double radius = deviation * Math.Sqrt(-2 * Math.Log(Uniform()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * Uniform());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
                values[i + 1] = (float)(radius * sine);
        }
    }

    /// <summary>In (0, 1], so that it has a logarithm.</summary>
    private double Uniform() => ((random.Next() >> 11) + 1) * Step;
}
