namespace Gim.Fmri.Ridge;

/// <summary>How ridge regressions are fitted.</summary>
internal sealed record RidgeSettings
{
    /// <summary>
    /// The penalties λ of |y - X w|² + λ |w|². Published encoding models name α = logspace(1, 3, 10) in S / (S² + α²), which
    /// is λ = α².
    /// </summary>
    public IReadOnlyList<double> Penalties { get; init; } = Logarithmic(2, 6, 10);

    /// <summary>
    /// Whether features and responses are centred on the training rows. Off, as in the published encoding models (and
    /// himalaya): features are z-scored per story, and the correlations that decide do not see a constant.
    /// </summary>
    public bool Intercept { get; init; }

    /// <summary>What the working memory may take, besides the features and the results.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Rows that the caller predicts with the model of each block of targets: they take memory too.</summary>
    public int PredictedRows { get; init; }

    /// <summary>10^first ... 10^last, evenly spaced exponents.</summary>
    public static double[] Logarithmic(double first, double last, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = Math.Pow(10, count == 1 ? first : first + (last - first) * i / (count - 1));
        return values;
    }

    /// <exception cref="ArgumentException">There is no penalty, or one is not a positive number.</exception>
    internal void Check()
    {
        if (Penalties.Count == 0)
            throw new ArgumentException("there is no penalty to choose from");
        foreach (double penalty in Penalties)
        {
            if (!(penalty > 0) || !double.IsFinite(penalty))
                throw new ArgumentException($"penalty {penalty:R} is not a positive number");
        }
    }
}
