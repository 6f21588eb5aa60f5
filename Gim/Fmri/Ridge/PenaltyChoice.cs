namespace Gim.Fmri.Ridge;

/// <summary>The best penalty of each target so far: the largest sum of correlations; of equal ones the larger penalty.</summary>
internal sealed class PenaltyChoice
{
    public PenaltyChoice(int targets)
    {
        Sums = new double[targets];
        Penalties = new double[targets];
        Candidates = new int[targets];
        Sums.AsSpan().Fill(double.NegativeInfinity);
    }

    /// <summary>[targets], the sum over folds of r.</summary>
    public double[] Sums { get; }

    /// <summary>[targets]</summary>
    public double[] Penalties { get; }

    /// <summary>[targets], which candidate of other choices it belongs to; an earlier one stays where a later one is only as good.</summary>
    public int[] Candidates { get; }

    public void Offer(int candidate, double penalty, ReadOnlySpan<double> sums)
    {
        for (int target = 0; target < sums.Length; target++)
        {
            bool better = sums[target] > Sums[target]
                || (sums[target] == Sums[target] && candidate == Candidates[target] && penalty > Penalties[target]);
            if (better)
                (Sums[target], Penalties[target], Candidates[target]) = (sums[target], penalty, candidate);
        }
    }
}
