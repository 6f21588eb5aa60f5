using System.Numerics.Tensors;

namespace Gim.Fmri.Ridge;

/// <summary>
/// (XᵀX + λ 1) w = Xᵀy over the training rows. Sums are made once for the rows that each fold holds out; those of its
/// training rows are the total less them.
/// </summary>
internal sealed class PrimalForm : RidgeForm
{
    private readonly Matrix features;
    private readonly PrimalOptions options;
    private readonly RowProducts products;
    private readonly FeatureSums total;
    private readonly FeatureSums?[] held;
    private double[]? scale;

    public PrimalForm(Matrix features, RowFolds folds, RowProducts products, PrimalOptions options, CancellationToken cancellation) : base(folds)
    {
        (this.features, this.products, this.options) = (features, products, options);
        held = new FeatureSums?[folds.Count];
        if (!folds.IsPartition)
            total = Sums(TrainingRows(All), cancellation);
        else
        {
            total = new FeatureSums(features.Columns);
            for (int fold = 0; fold < folds.Count; fold++)
            {
                FeatureSums own = HeldOut(fold, cancellation);
                total.Add(own);
                if (options.KeepSums) held[fold] = own;
            }
        }
    }

    private FeatureSums Sums(ReadOnlySpan<int> rows, CancellationToken cancellation)
        => FeatureSums.Of(features, rows, products, options.SingleGram, cancellation);

    private FeatureSums HeldOut(int fold, CancellationToken cancellation)
    {
        FeatureSums sums = held[fold] ?? Sums(Folds.HeldOut(fold), cancellation);
        if (options.KeepSums) held[fold] = sums;
        return sums;
    }

    public override void Scale(ReadOnlySpan<double> gammas)
    {
        scale = new double[features.Columns];
        for (int i = 0; i < scale.Length; i++)
            scale[i] = Math.Sqrt(gammas[options.GroupOfFeature[i]]);
    }

    public override RidgeFold Prepare(int fold, bool eigen, CancellationToken cancellation)
    {
        FeatureSums? own = fold == All ? null : HeldOut(fold, cancellation);
        FeatureSums training = own is null ? total : total.Without(own);
        double[] matrix = options.Intercept ? training.Centred(out _) : own is null ? [.. training.Gram] : training.Gram;
        ScaleBothSides(matrix);
        var system = RidgeSystem.Make(eigen, features.Columns, matrix, options.Threads, cancellation);
        HeldOutScore? score = null;
        bool[] constant = [];
        if (own is not null)
        {
            double[] covariance = own.Centred(out constant);
            ScaleBothSides(covariance);
            score = new HeldOutScore(system.Quadratic(covariance), features.Columns, features.Columns, IsMap: false);
        }
        return new PrimalFold(fold, features.Columns, options.Intercept, scale, new FoldMeans(training), own is null ? null : new FoldMeans(own), constant)
        {
            System = system, Score = score,
        };
    }

    public override BlockProducts Products(TargetBlock block, int first, int count, CancellationToken cancellation)
    {
        int size = features.Columns * block.Count;
        // Of all folds together, where their rows are all rows, the total is known.
        bool summed = Folds.IsPartition && count == Folds.Count;
        double[] sum = new double[size], sums = summed ? new double[block.Count] : block.Sums(TrainingRows(All));
        double[][] cross = new double[Folds.Count][], crossSums = new double[Folds.Count][];
        if (!summed)
            products.AddCross(features, block.Values, TrainingRows(All), sum, cancellation);
        for (int fold = first; fold < first + count; fold++)
        {
            cross[fold] = new double[size];
            products.AddCross(features, block.Values, Folds.HeldOut(fold), cross[fold], cancellation);
            crossSums[fold] = block.Sums(Folds.HeldOut(fold));
            if (!summed) continue;
            TensorPrimitives.Add(sum, cross[fold], sum);
            TensorPrimitives.Add(sums, crossSums[fold], sums);
        }
        return new BlockProducts(block) { Total = sum, TotalSums = sums, Held = cross, HeldSums = crossSums };
    }

    private void ScaleBothSides(double[] matrix)
    {
        if (scale is null) return;
        int columns = features.Columns;
        for (int i = 0; i < columns; i++)
        {
            Span<double> row = matrix.AsSpan(i * columns, i + 1);
            TensorPrimitives.Multiply(row, scale.AsSpan(0, i + 1), row);
            TensorPrimitives.Multiply(row, scale[i], row);
        }
    }
}

/// <param name="Intercept">Whether training rows are centred.</param>
/// <param name="GroupOfFeature">[features], or empty where nothing is scaled.</param>
/// <param name="KeepSums">Whether there is memory for the sums of all folds.</param>
/// <param name="SingleGram">Whether the device makes XᵀX in float32.</param>
internal sealed record PrimalOptions(bool Intercept, int[] GroupOfFeature, bool KeepSums, bool SingleGram, int Threads);

/// <summary>The rows of a fold, and the features' means over them.</summary>
internal sealed class FoldMeans(FeatureSums sums)
{
    public int Count { get; } = sums.Count;

    public double[] Means { get; } = sums.Means();
}
