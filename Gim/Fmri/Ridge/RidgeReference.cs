using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri.Ridge;

/// <summary>
/// The definition of <see cref="RidgeRegression"/>: for every fold and penalty w = (XᵀX + λ 1)⁻¹ Xᵀy over the training rows,
/// in doubles, one sum after the other.
/// </summary>
internal static class RidgeReference
{
    /// <summary>[penalties][targets]: the mean over folds of Pearson's r on the rows held out.</summary>
    public static double[][] FoldCorrelations(Matrix features, Matrix targets, RowFolds folds, RidgeSettings settings)
    {
        double[][] means = [.. settings.Penalties.Select(_ => new double[targets.Columns])];
        for (int fold = 0; fold < folds.Count; fold++)
        {
            int[] training = folds.Training(fold), held = folds.HeldOut(fold).ToArray();
            for (int i = 0; i < means.Length; i++)
            {
                (double[] weights, double[] intercepts) = Fit(features, targets, training, settings.Penalties[i], settings.Intercept);
                double[] predicted = Predict(features, held, weights, intercepts);
                for (int target = 0; target < targets.Columns; target++)
                    means[i][target] += Correlation(predicted, targets, held, target) / folds.Count;
            }
        }
        return means;
    }

    /// <summary>For every target the penalty of the best mean; of equal ones the largest.</summary>
    public static double[] Best(double[][] means, IReadOnlyList<double> penalties)
    {
        var best = new double[means[0].Length];
        for (int target = 0; target < best.Length; target++)
        {
            double top = double.NegativeInfinity;
            for (int i = 0; i < means.Length; i++)
            {
                if (means[i][target] > top || (means[i][target] == top && penalties[i] > best[target]))
                    (top, best[target]) = (means[i][target], penalties[i]);
            }
        }
        return best;
    }

    /// <summary>Weights [features, targets] and what is added to predictions [targets].</summary>
    public static (double[] Weights, double[] Intercepts) Fit(Matrix features, Matrix targets, ReadOnlySpan<int> rows, double penalty, bool intercept)
    {
        int p = features.Columns, t = targets.Columns;
        double[] gram = new double[p * p], weights = new double[p * t], intercepts = new double[t];
        double[] featureMeans = intercept ? Means(features, rows) : new double[p], targetMeans = intercept ? Means(targets, rows) : new double[t];
        foreach (int row in rows)
        {
            for (int i = 0; i < p; i++)
            {
                double left = features[row, i] - featureMeans[i];
                for (int j = 0; j <= i; j++)
                    gram[i * p + j] += left * (features[row, j] - featureMeans[j]);
                for (int target = 0; target < t; target++)
                    weights[i * t + target] += left * (targets[row, target] - targetMeans[target]);
            }
        }
        for (int i = 0; i < p; i++)
            gram[i * p + i] += penalty;
        CholeskyReference.Factor(p, gram, p);
        CholeskyReference.Solve(p, t, gram, p, weights, t);
        for (int target = 0; target < t; target++)
        {
            intercepts[target] = targetMeans[target];
            for (int i = 0; i < p; i++)
                intercepts[target] -= featureMeans[i] * weights[i * t + target];
        }
        return (weights, intercepts);
    }

    /// <summary>[rows, targets]</summary>
    public static double[] Predict(Matrix features, ReadOnlySpan<int> rows, double[] weights, double[] intercepts)
    {
        int t = intercepts.Length;
        var predicted = new double[rows.Length * t];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int target = 0; target < t; target++)
            {
                double sum = intercepts[target];
                for (int i = 0; i < features.Columns; i++)
                    sum += features[rows[row], i] * weights[i * t + target];
                predicted[row * t + target] = sum;
            }
        }
        return predicted;
    }

    /// <summary>Pearson's r, 0 where either side is constant.</summary>
    private static double Correlation(double[] predicted, Matrix targets, ReadOnlySpan<int> rows, int target)
    {
        int t = targets.Columns;
        // As distances from the first row: the mean of equal values is exactly that value.
        double meanP = predicted[target], meanY = targets[rows[0], target], pp = 0, yy = 0, py = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            meanP += (predicted[i * t + target] - predicted[target]) / rows.Length;
            meanY += ((double)targets[rows[i], target] - targets[rows[0], target]) / rows.Length;
        }
        for (int i = 0; i < rows.Length; i++)
        {
            double p = predicted[i * t + target] - meanP, y = targets[rows[i], target] - meanY;
            pp += p * p;
            yy += y * y;
            py += p * y;
        }
        return pp > 0 && yy > 0 ? py / (Math.Sqrt(pp) * Math.Sqrt(yy)) : 0;
    }

    private static double[] Means(Matrix matrix, ReadOnlySpan<int> rows)
    {
        var means = new double[matrix.Columns];
        foreach (int row in rows)
        {
            for (int column = 0; column < means.Length; column++)
                means[column] += (double)matrix[row, column] / rows.Length;
        }
        return means;
    }
}
