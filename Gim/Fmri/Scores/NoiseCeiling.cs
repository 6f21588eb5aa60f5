namespace Gim.Fmri.Scores;

/// <summary>
/// The largest r that any prediction can have with the mean of a few noisy repeats, and r relative to it (Schoppe, Harper,
/// Willmore, King and Schnupp 2016). With N repeats y_n, the power of what they share is
/// SP = (Var(Σ y_n) - Σ Var(y_n)) / (N (N - 1)), and the ceiling √(SP / Var(ȳ)).
/// </summary>
internal static class NoiseCeiling
{
    /// <summary>[targets], from 0 (the repeats share nothing) to 1; NaN where a repeat is not finite.</summary>
    /// <param name="repeats">Two or more of [rows, targets].</param>
    /// <exception cref="InputException">There are fewer than two repeats, or their shapes differ.</exception>
    public static float[] Of(IReadOnlyList<Matrix> repeats)
    {
        if (repeats.Count < 2)
            throw new InputException($"a noise ceiling needs two repeats or more, and there is {repeats.Count}");
        (int rows, int targets, int count) = (repeats[0].Rows, repeats[0].Columns, repeats.Count);
        for (int n = 0; n < count; n++)
        {
            if (repeats[n].Rows != rows || repeats[n].Columns != targets)
                throw new InputException($"repeat {n} is [{repeats[n].Rows}, {repeats[n].Columns}] where the first one is [{rows}, {targets}]");
        }
        var ceilings = new float[targets];
        double[] sum = new double[rows], one = new double[rows];
        for (int target = 0; target < targets; target++)
        {
            sum.AsSpan().Clear();
            double each = 0;
            foreach (Matrix repeat in repeats)
            {
                for (int row = 0; row < rows; row++)
                    sum[row] += one[row] = repeat[row, target];
                each += Variance(one);
            }
            double all = Variance(sum), shared = (all - each) / (count * (count - 1.0));
            // Var(ȳ) = Var(Σ y) / N².
            if (!double.IsFinite(all))
                ceilings[target] = float.NaN;
            else if (shared > 0)
                ceilings[target] = (float)Math.Min(1, Math.Sqrt(shared * count * count / all));
        }
        return ceilings;
    }

    /// <summary>r / ceiling; NaN where the ceiling is below <paramref name="least"/> or unknown: that tells more of noise than of the prediction.</summary>
    public static float[] Normalize(ReadOnlySpan<float> correlations, ReadOnlySpan<float> ceilings, float least = 0.25f)
    {
        if (correlations.Length != ceilings.Length)
            throw new ArgumentException($"there are {correlations.Length} correlations and {ceilings.Length} ceilings");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        var normalized = new float[correlations.Length];
        for (int i = 0; i < normalized.Length; i++)
            normalized[i] = ceilings[i] >= least ? correlations[i] / ceilings[i] : float.NaN;
        return normalized;
    }

    /// <summary>Distances from the first value have a mean that is exact where all are equal.</summary>
    private static double Variance(ReadOnlySpan<double> values)
    {
        double mean = 0, squares = 0;
        foreach (double value in values)
            mean += (value - values[0]) / values.Length;
        foreach (double value in values)
            squares += (value - values[0] - mean) * (value - values[0] - mean);
        return values.Length == 0 ? 0 : squares / values.Length;
    }
}
