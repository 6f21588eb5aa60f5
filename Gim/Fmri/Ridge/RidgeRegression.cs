using Gim.Kernels.Devices;

namespace Gim.Fmri.Ridge;

/// <summary>
/// Ridge regression with a penalty for each target, chosen by the mean over folds of Pearson's r on held-out rows, then
/// fitted to all rows. <see cref="RidgeReference"/> is the definition. Sums of products over rows are made once for each
/// fold's held-out rows, and every fold's system is decomposed once for all penalties (or factored for each, where the
/// shape makes that cheaper). Targets are read in blocks that fit the memory. Results are the same to the last bit for
/// every number of threads.
/// </summary>
/// <param name="threads">Threads of the work in doubles, which the processor does whatever the device is.</param>
internal sealed class RidgeRegression(Device device, int threads, RidgeSettings settings)
{
    private readonly RowProducts products = new(device, threads);

    /// <summary>Fits all targets; the model is in memory as a whole.</summary>
    /// <inheritdoc cref="Fit(Matrix, ITargets, RowFolds, Action{RidgeModel}, CancellationToken)"/>
    public RidgeModel Fit(Matrix features, ITargets targets, RowFolds folds, CancellationToken cancellation = default)
    {
        List<RidgeModel> blocks = [];
        Fit(features, targets, folds, blocks.Add, cancellation);
        return RidgeModel.Join(features.Columns, blocks);
    }

    /// <summary>Fits blocks of targets and hands each on, ascending, as soon as it is done.</summary>
    /// <param name="features">[rows, features]</param>
    /// <param name="folds">None where there is a single penalty and so nothing to choose.</param>
    /// <exception cref="InputException">A feature or target is not a finite number, or the memory does not suffice.</exception>
    /// <exception cref="ArgumentException">The rows differ, a penalty is not positive, or there are several and no folds.</exception>
    public void Fit(Matrix features, ITargets targets, RowFolds folds, Action<RidgeModel> take, CancellationToken cancellation = default)
    {
        settings.Check();
        Check(features, targets, folds);
        if (folds.Count == 0 && settings.Penalties.Count > 1)
            throw new ArgumentException($"there are {settings.Penalties.Count} penalties and no folds to choose by", nameof(folds));
        RidgePlan plan = RidgePlan.Make(features.Rows, features.Columns, targets.Count, folds, settings.Penalties.Count, settings.MemoryBytes, predicted: settings.PredictedRows);
        RidgeForm form = Form(features, folds, plan, cancellation);
        // [blocks][penalties][targets of the block], the sums over folds of r.
        double[][]?[] sums = new double[(targets.Count + plan.TargetsTogether - 1) / plan.TargetsTogether][][];
        for (int first = 0, end; first < folds.Count || first == 0; first = end)
        {
            end = Math.Max(1, Math.Min(first + plan.FoldsTogether, folds.Count));
            RidgeFold[] prepared = [.. Enumerable.Range(first, Math.Min(end, folds.Count) - first).Select(fold => form.Prepare(fold, plan.FoldEigen, cancellation))];
            // The last folds' scores complete a block, so that it is fitted while it is there.
            RidgeFold? all = end >= folds.Count ? form.Prepare(RidgeForm.All, plan.FinalEigen, cancellation) : null;
            for (int target = 0; target < targets.Count; target += plan.TargetsTogether)
            {
                var block = new TargetBlock(targets, target, Math.Min(plan.TargetsTogether, targets.Count - target));
                BlockProducts here = form.Products(block, first, prepared.Length, cancellation);
                double[][] own = sums[target / plan.TargetsTogether] ??= [.. settings.Penalties.Select(_ => new double[block.Count])];
                for (int i = 0; i < prepared.Length; i++)
                    FoldScores.Add(device, prepared[i], here, folds.HeldOut(first + i), settings.Penalties, own, cancellation);
                if (all is not null)
                    take(Refit(all, here, own, folds.Count, cancellation));
            }
        }
    }

    /// <summary>
    /// Predictions of every row by the model of the fold that holds it out: [rows, targets]. The penalties are given, as a
    /// fit has chosen them.
    /// </summary>
    /// <param name="folds">Must hold out every row exactly once.</param>
    /// <param name="penalties">[targets]</param>
    /// <exception cref="InvalidOperationException">A row is held out by no fold or by several.</exception>
    /// <inheritdoc cref="Fit(Matrix, ITargets, RowFolds, Action{RidgeModel}, CancellationToken)"/>
    public Matrix PredictOutOfFold(Matrix features, ITargets targets, RowFolds folds, ReadOnlySpan<double> penalties, CancellationToken cancellation = default)
    {
        settings.Check();
        Check(features, targets, folds);
        folds.FoldOfRow();
        if (penalties.Length != targets.Count)
            throw new ArgumentException($"there are {penalties.Length} penalties for {targets.Count} targets", nameof(penalties));
        RidgePlan plan = RidgePlan.Make(features.Rows, features.Columns, targets.Count, folds, settings.Penalties.Count, settings.MemoryBytes, predicted: settings.PredictedRows);
        RidgeForm form = Form(features, folds, plan, cancellation);
        var predicted = new Matrix(features.Rows, targets.Count);
        for (int first = 0; first < folds.Count; first += plan.FoldsTogether)
        {
            int count = Math.Min(plan.FoldsTogether, folds.Count - first);
            RidgeFold[] prepared = [.. Enumerable.Range(first, count).Select(fold => form.Prepare(fold, plan.FinalEigen, cancellation))];
            for (int target = 0; target < targets.Count; target += plan.TargetsTogether)
            {
                var block = new TargetBlock(targets, target, Math.Min(plan.TargetsTogether, targets.Count - target));
                BlockProducts here = form.Products(block, first, count, cancellation);
                for (int i = 0; i < count; i++)
                {
                    (Matrix weights, float[] intercepts) = FoldScores.Solve(prepared[i], here, penalties.Slice(target, block.Count), cancellation);
                    int[] held = folds.HeldOut(first + i).ToArray();
                    Matrix own = Prediction.Of(device, Rows(features, held), weights, intercepts);
                    for (int row = 0; row < held.Length; row++)
                        own.Row(row).CopyTo(predicted.Row(held[row])[target..]);
                }
            }
        }
        return predicted;
    }

    internal static void Check(Matrix features, ITargets targets, RowFolds folds)
    {
        if (features.Rows != targets.Rows || features.Rows != folds.Rows)
            throw new ArgumentException($"there are {features.Rows} rows of features, {targets.Rows} of targets and {folds.Rows} in folds");
        if (features.Rows == 0 || features.Columns == 0)
            throw new ArgumentException($"features are [{features.Rows}, {features.Columns}]: there is nothing to fit", nameof(features));
        FiniteValues.Require(features, "feature");
    }

    private RidgeForm Form(Matrix features, RowFolds folds, RidgePlan plan, CancellationToken cancellation)
    {
        if (plan.IsKernel)
            return new KernelForm(features, folds, products, settings.Intercept, [], threads, cancellation);
        bool single = !device.Description.IsProcessor && RowProducts.SingleSuffices(features, settings.Penalties.Min());
        return new PrimalForm(features, folds, products, new PrimalOptions(settings.Intercept, [], plan.KeepSums, single, threads), cancellation);
    }

    private RidgeModel Refit(RidgeFold all, BlockProducts here, double[][] sums, int folds, CancellationToken cancellation)
    {
        var choice = new PenaltyChoice(here.Block.Count);
        for (int i = 0; i < sums.Length; i++)
            choice.Offer(0, settings.Penalties[i], sums[i]);
        (Matrix weights, float[] intercepts) = FoldScores.Solve(all, here, choice.Penalties, cancellation);
        return new RidgeModel(here.Block.First, weights, intercepts, choice.Penalties, [.. choice.Sums.Select(sum => sum / Math.Max(1, folds))]);
    }

    private static Matrix Rows(Matrix features, int[] rows)
    {
        var some = new Matrix(rows.Length, features.Columns);
        for (int i = 0; i < rows.Length; i++)
            features.Row(rows[i]).CopyTo(some.Row(i));
        return some;
    }
}
