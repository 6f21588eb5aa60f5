using System.Numerics.Tensors;

namespace Gim.Fmri.Ridge;

/// <summary>A fold of <see cref="PrimalForm"/>.</summary>
/// <param name="scale">[features], what features are multiplied with; null for 1.</param>
/// <param name="constant">[features], which ones are constant on the rows held out: they have no covariance there, not even by rounding.</param>
internal sealed class PrimalFold(int fold, int features, bool intercept, double[]? scale, FoldMeans training, FoldMeans? held, bool[] constant) : RidgeFold
{
    public override double[] RightSides(BlockProducts products)
    {
        if (fold == RidgeForm.All)
            return Product(products.Total, products.TotalSums, training, intercept);
        double[] cross = new double[products.Total.Length], sums = new double[products.TotalSums.Length];
        TensorPrimitives.Subtract(products.Total, products.Held[fold], cross);
        TensorPrimitives.Subtract(products.TotalSums, products.HeldSums[fold], sums);
        return Product(cross, sums, training, intercept);
    }

    public override double[] Cross(BlockProducts products)
    {
        double[] cross = Product(products.Held[fold], products.HeldSums[fold], held!, centred: true);
        int columns = products.Block.Count;
        for (int i = 0; i < features; i++)
        {
            if (constant[i]) cross.AsSpan(i * columns, columns).Clear();
        }
        return System.Enter(cross, columns);
    }

    /// <summary>Σ xᵀy, less n x̄ᵀȳ where it is to be centred, scaled as the features are.</summary>
    private double[] Product(double[] cross, double[] sums, FoldMeans rows, bool centred)
    {
        int columns = sums.Length;
        double[] product = [.. cross];
        for (int i = 0; i < features; i++)
        {
            Span<double> row = product.AsSpan(i * columns, columns);
            if (centred)
                TensorPrimitives.MultiplyAdd(sums, -rows.Means[i], row, row);
            if (scale is not null)
                TensorPrimitives.Multiply(row, scale[i], row);
        }
        return product;
    }

    public override Matrix Weights(double[] solution, int columns, CancellationToken cancellation)
    {
        var weights = new Matrix(features, columns);
        double[] row = new double[columns];
        for (int i = 0; i < features; i++)
        {
            TensorPrimitives.Multiply(solution.AsSpan(i * columns, columns), scale is null ? 1 : scale[i], row);
            TensorPrimitives.ConvertTruncating<double, float>(row, weights.Row(i));
        }
        return weights;
    }

    public override float[] Intercepts(BlockProducts products, Matrix weights)
    {
        var intercepts = new float[weights.Columns];
        if (!intercept) return intercepts;
        double[] values = [.. products.TotalSums], row = new double[weights.Columns];
        if (fold != RidgeForm.All)
            TensorPrimitives.Subtract(values, products.HeldSums[fold], values);
        TensorPrimitives.Divide(values, training.Count, values);
        for (int i = 0; i < features; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(weights.Row(i), row);
            TensorPrimitives.MultiplyAdd(row, -training.Means[i], values, values);
        }
        TensorPrimitives.ConvertTruncating<double, float>(values, intercepts);
        return intercepts;
    }
}
