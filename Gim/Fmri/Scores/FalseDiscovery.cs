namespace Gim.Fmri.Scores;

/// <summary>The false discovery rate among many tests (Benjamini and Hochberg 1995).</summary>
internal static class FalseDiscovery
{
    /// <summary>
    /// The lowest rate at which each test is a discovery: the i-th smallest of m p-values gives min over j >= i of p_j m / j.
    /// </summary>
    /// <exception cref="ArgumentException">A p-value is not from 0 to 1.</exception>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        int m = pValues.Length;
        double[] sorted = pValues.ToArray();
        for (int i = 0; i < m; i++)
        {
            if (!(sorted[i] >= 0 && sorted[i] <= 1))
                throw new ArgumentException($"p-value {i} is {sorted[i]}; it must be from 0 to 1", nameof(pValues));
        }
        int[] order = [.. Enumerable.Range(0, m)];
        Array.Sort(sorted, order);
        var adjusted = new double[m];
        double least = 1;
        for (int i = m - 1; i >= 0; i--)
        {
            least = Math.Min(least, sorted[i] * m / (i + 1));
            adjusted[order[i]] = least;
        }
        return adjusted;
    }

    /// <summary>How many tests are discoveries at this rate.</summary>
    public static int Count(ReadOnlySpan<double> adjusted, double rate = 0.05)
    {
        int count = 0;
        foreach (double value in adjusted)
        {
            if (value <= rate) count++;
        }
        return count;
    }
}
