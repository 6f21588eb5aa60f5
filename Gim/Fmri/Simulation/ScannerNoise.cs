using Gim.Evaluate;

namespace Gim.Fmri.Simulation;

/// <summary>
/// Noise of variance 1, each target's its own: x(t) = m x(t-1) + fresh noise, and a slow drift, a sum of cosines with periods
/// of 128 s or more.
/// </summary>
/// <param name="memory">m, from 0 to below 1.</param>
/// <param name="driftShare">The drift's share of the variance.</param>
/// <param name="seconds">From one TR to the next.</param>
internal sealed class ScannerNoise(double memory, double driftShare, double seconds)
{
    private const double ShortestPeriod = 128;

    /// <param name="seed">The same seed gives the same noise.</param>
    /// <returns>[rows, targets]</returns>
    public Matrix Draw(int rows, int targets, long seed)
    {
        var random = new GaussianRandom(seed);
        var noise = new Matrix(rows, targets);
        // Cosine k has the period 2 rows / k.
        int cosines = Math.Max(1, (int)(2 * rows * seconds / ShortestPeriod));
        double fast = Math.Sqrt(1 - driftShare), fresh = Math.Sqrt(1 - memory * memory), slow = Math.Sqrt(driftShare * 2 / cosines);
        var drift = new double[rows];
        for (int target = 0; target < targets; target++)
        {
            drift.AsSpan().Clear();
            for (int k = 1; k <= cosines; k++)
            {
                double size = random.Next();
                for (int t = 0; t < rows; t++)
                    drift[t] += size * Math.Cos(Math.PI * k * (t + 0.5) / rows);
            }
            double value = random.Next();
            for (int t = 0; t < rows; t++)
            {
                if (t > 0)
                    value = memory * value + fresh * random.Next();
                noise[t, target] = (float)(fast * value + slow * drift[t]);
            }
        }
        return noise;
    }
}
