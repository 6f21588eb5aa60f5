namespace Gim.Fmri.Ridge;

/// <summary>
/// One of the two ways to write the same regression: over features (<see cref="PrimalForm"/>), or over rows where these
/// are fewer (<see cref="KernelForm"/>).
/// </summary>
internal abstract class RidgeForm(RowFolds folds)
{
    /// <summary>Stands for a fold that holds out nothing.</summary>
    public const int All = -1;

    public RowFolds Folds => folds;

    /// <summary>Multiplies the features of group g by √γ_g from now on. Weights stay those of the features as they were.</summary>
    /// <param name="gammas">A γ, not negative, for each group of features.</param>
    public abstract void Scale(ReadOnlySpan<double> gammas);

    /// <summary>What a fold needs whatever the targets are.</summary>
    /// <param name="fold">Its number, or <see cref="All"/>.</param>
    /// <param name="eigen">Whether its system is decomposed, rather than factored for each penalty.</param>
    public abstract RidgeFold Prepare(int fold, bool eigen, CancellationToken cancellation);

    /// <summary>What some targets need in the folds from <paramref name="first"/> on, whatever the penalties and scales are.</summary>
    public abstract BlockProducts Products(TargetBlock block, int first, int count, CancellationToken cancellation);

    protected int[] TrainingRows(int fold) => fold == All ? [.. Enumerable.Range(0, folds.Rows)] : folds.Training(fold);
}

/// <summary>The regression of the rows on which one fold trains.</summary>
internal abstract class RidgeFold
{
    public required RidgeSystem System { get; init; }

    /// <summary>Null where nothing is held out.</summary>
    public required HeldOutScore? Score { get; init; }

    /// <summary>The right-hand sides of the system: [order, targets].</summary>
    public abstract double[] RightSides(BlockProducts products);

    /// <summary>What <see cref="Score"/> takes besides solutions.</summary>
    public abstract double[] Cross(BlockProducts products);

    /// <summary>The weights [features, columns] that solutions stand for.</summary>
    /// <param name="solution">[order, columns], in the form's own coordinates.</param>
    public abstract Matrix Weights(double[] solution, int columns, CancellationToken cancellation);

    /// <summary>[targets], what is added to predictions: 0 without an intercept.</summary>
    public abstract float[] Intercepts(BlockProducts products, Matrix weights);
}

/// <summary>A block of targets, and in the primal form its products with the features.</summary>
internal sealed class BlockProducts(TargetBlock block)
{
    public TargetBlock Block => block;

    /// <summary>[features, targets], Σ xᵀy over all rows.</summary>
    public double[] Total { get; init; } = [];

    /// <summary>[targets], Σ y over all rows.</summary>
    public double[] TotalSums { get; init; } = [];

    /// <summary>Σ xᵀy over the rows that each fold holds out; null for folds that were not asked for.</summary>
    public double[][] Held { get; init; } = [];

    /// <summary>Σ y over the rows that each fold holds out.</summary>
    public double[][] HeldSums { get; init; } = [];
}
