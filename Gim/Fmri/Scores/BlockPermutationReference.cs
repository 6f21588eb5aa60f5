namespace Gim.Fmri.Scores;

/// <summary>The definition of <see cref="BlockPermutation"/>: r by its formula for every order of the blocks, in doubles.</summary>
internal static class BlockPermutationReference
{
    /// <inheritdoc cref="BlockPermutation.PValues"/>
    public static double[] PValues(Matrix predicted, Matrix measured, ReadOnlySpan<RowRange> blocks, int permutations = 1000, long seed = 1)
    {
        int rows = measured.Rows;
        int[] orders = BlockPermutation.Orders(rows, blocks, permutations, seed);
        var pValues = new double[measured.Columns];
        for (int target = 0; target < pValues.Length; target++)
        {
            double observed = Correlation(predicted, measured, orders.AsSpan(0, rows), target);
            int count = 0;
            for (int permutation = 1; permutation <= permutations; permutation++)
            {
                if (Correlation(predicted, measured, orders.AsSpan(permutation * rows, rows), target) >= observed - BlockPermutation.Rounding) count++;
            }
            pValues[target] = (1.0 + count) / (1.0 + permutations);
        }
        return pValues;
    }

    private static double Correlation(Matrix predicted, Matrix measured, ReadOnlySpan<int> order, int target)
    {
        double meanP = 0, meanY = 0, pp = 0, yy = 0, py = 0;
        for (int i = 0; i < order.Length; i++)
        {
            meanP += (predicted[i, target] - (double)predicted[0, target]) / order.Length;
            meanY += (measured[i, target] - (double)measured[0, target]) / order.Length;
        }
        for (int i = 0; i < order.Length; i++)
        {
            double p = predicted[i, target] - (double)predicted[0, target] - meanP, y = measured[order[i], target] - (double)measured[0, target] - meanY;
            pp += p * p;
            yy += y * y;
            py += p * y;
        }
        return pp > 0 && yy > 0 ? py / Math.Sqrt(pp * yy) : 0;
    }
}
