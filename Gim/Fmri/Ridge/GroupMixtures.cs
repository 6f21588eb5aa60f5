using Gim.Evaluate;

namespace Gim.Fmri.Ridge;

/// <summary>Random weights of feature groups that add up to 1.</summary>
internal static class GroupMixtures
{
    /// <summary>[candidates][groups]; the same for the same settings on every machine.</summary>
    public static double[][] Draw(int groups, BandedSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.Candidates);
        if (settings.Concentrations.Count == 0 || settings.Concentrations.Any(value => !(value > 0) || !double.IsFinite(value)))
            throw new ArgumentException($"concentrations are [{string.Join(", ", settings.Concentrations)}]; each must be a positive number");
        var uniform = new SeededRandom(settings.Seed);
        var normal = new GaussianRandom(settings.Seed + 1);
        var mixtures = new double[settings.Candidates][];
        mixtures[0] = [.. Enumerable.Repeat(1.0 / groups, groups)];
        for (int i = 1; i < mixtures.Length; i++)
        {
            double concentration = settings.Concentrations[(i - 1) % settings.Concentrations.Count];
            double[] logarithms = [.. Enumerable.Range(0, groups).Select(_ => LogGamma(concentration, uniform, normal))];
            double largest = logarithms.Max();
            double[] shares = [.. logarithms.Select(value => Math.Exp(value - largest))];
            double sum = shares.Sum();
            mixtures[i] = [.. shares.Select(share => share / sum)];
        }
        return mixtures;
    }

    /// <summary>
    /// The logarithm of a number with the gamma distribution of this shape (Marsaglia and Tsang 2000). A logarithm, because
    /// with small shapes the number itself is often too small for a double.
    /// </summary>
    private static double LogGamma(double shape, SeededRandom uniform, GaussianRandom normal)
    {
        // A shape is raised by 1, and the number multiplied with U^(1 / shape).
        double d = shape + 1 - 1.0 / 3, c = 1 / Math.Sqrt(9 * d), raised = Math.Log(Fraction(uniform)) / shape;
        while (true)
        {
            double x = normal.Next(), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(Fraction(uniform)) < x * x / 2 + d - d * v + d * Math.Log(v))
                return Math.Log(d * v) + raised;
        }
    }

    /// <summary>In (0, 1].</summary>
    private static double Fraction(SeededRandom random) => ((random.Next() >> 11) + 1) / 9007199254740992.0;
}
