using Gim.Kernels.Devices;

namespace Gim.Fmri.Ridge;

/// <summary>
/// Ridge regression with a penalty for each target and group of features, found by random search (Dupré la Tour, Eickenberg,
/// Nunez-Elizalde and Gallant 2022): mixtures γ of the groups are drawn, features of group g are scaled by √γ_g, and the
/// mixture and penalty λ with the best mean fold correlation win, which penalizes group g by λ / γ_g. The sums of products
/// over rows are made once and scaled for each mixture.
/// </summary>
internal sealed class BandedRidge(Device device, int threads, RidgeSettings settings, BandedSettings search)
{
    /// <param name="features">[rows, features]</param>
    /// <param name="groups">[features], the group of each, from 0 on.</param>
    /// <exception cref="InputException">A feature or target is not a finite number, or the memory does not suffice.</exception>
    /// <exception cref="ArgumentException">The rows differ, a group has no feature, a setting is out of range, or there are no folds.</exception>
    public BandedModel Fit(Matrix features, ReadOnlySpan<int> groups, ITargets targets, RowFolds folds, CancellationToken cancellation = default)
    {
        List<BandedModel> blocks = [];
        Fit(features, groups, targets, folds, blocks.Add, cancellation);
        return new BandedModel(
            RidgeModel.Join(features.Columns, [.. blocks.Select(block => block.Model)]),
            [.. blocks[0].Penalties.Select((_, group) => blocks.SelectMany(block => block.Penalties[group]).ToArray())]);
    }

    /// <summary>Fits blocks of targets and hands each on, ascending, as soon as it is done.</summary>
    /// <inheritdoc cref="Fit(Matrix, ReadOnlySpan{int}, ITargets, RowFolds, CancellationToken)"/>
    public void Fit(
        Matrix features, ReadOnlySpan<int> groups, ITargets targets, RowFolds folds, Action<BandedModel> take, CancellationToken cancellation = default)
    {
        settings.Check();
        int groupCount = CheckGroups(features, groups);
        RidgeRegression.Check(features, targets, folds);
        if (folds.Count == 0)
            throw new ArgumentException("there are no folds to choose penalties by", nameof(folds));
        double[][] mixtures = GroupMixtures.Draw(groupCount, search);
        // Kept are a kernel for each group, or the sums of every fold, which all mixtures need.
        int kept = features.Rows < features.Columns ? groupCount + 1 : folds.Count;
        RidgePlan plan = RidgePlan.Make(features.Rows, features.Columns, targets.Count, folds, settings.Penalties.Count, settings.MemoryBytes, kept, settings.PredictedRows, allFolds: true);
        RidgeForm form = Form(features, groups.ToArray(), folds, plan, cancellation);
        for (int target = 0; target < targets.Count; target += plan.TargetsTogether)
        {
            var block = new TargetBlock(targets, target, Math.Min(plan.TargetsTogether, targets.Count - target));
            BlockProducts here = form.Products(block, 0, folds.Count, cancellation);
            var choice = new PenaltyChoice(block.Count);
            for (int i = 0; i < mixtures.Length; i++)
                Offer(choice, i, mixtures[i], form, plan, here, cancellation);
            var penalties = new double[groupCount][];
            for (int group = 0; group < groupCount; group++)
                penalties[group] = [.. choice.Penalties.Select((penalty, j) => penalty / mixtures[choice.Candidates[j]][group])];
            take(new BandedModel(Refit(choice, mixtures, form, plan, here, cancellation), penalties));
        }
    }

    private static int CheckGroups(Matrix features, ReadOnlySpan<int> groups)
    {
        if (groups.Length != features.Columns)
            throw new ArgumentException($"there are groups of {groups.Length} features where there are {features.Columns}", nameof(groups));
        var there = new HashSet<int>();
        foreach (int group in groups)
        {
            if (group < 0 || group >= groups.Length)
                throw new ArgumentException($"group {group} is none of 0 to {groups.Length - 1}", nameof(groups));
            there.Add(group);
        }
        for (int group = 0; group < there.Count; group++)
        {
            if (!there.Contains(group))
                throw new ArgumentException($"group {group} has no feature, while a later one has", nameof(groups));
        }
        return there.Count;
    }

    private RidgeForm Form(Matrix features, int[] groups, RowFolds folds, RidgePlan plan, CancellationToken cancellation)
    {
        var products = new RowProducts(device, threads);
        if (plan.IsKernel)
            return new KernelForm(features, folds, products, settings.Intercept, groups, threads, cancellation);
        // Smaller scales make float32 too coarse.
        return new PrimalForm(features, folds, products, new PrimalOptions(settings.Intercept, groups, KeepSums: true, SingleGram: false, threads), cancellation);
    }

    /// <summary>Scores a mixture with all penalties on all folds.</summary>
    private void Offer(PenaltyChoice choice, int candidate, double[] mixture, RidgeForm form, RidgePlan plan, BlockProducts here, CancellationToken cancellation)
    {
        double[][] sums = [.. settings.Penalties.Select(_ => new double[here.Block.Count])];
        form.Scale(mixture);
        for (int fold = 0; fold < form.Folds.Count; fold++)
            FoldScores.Add(device, form.Prepare(fold, plan.FoldEigen, cancellation), here, form.Folds.HeldOut(fold), settings.Penalties, sums, cancellation);
        for (int i = 0; i < sums.Length; i++)
            choice.Offer(candidate, settings.Penalties[i], sums[i]);
    }

    /// <summary>Fits each target to all rows with its own mixture.</summary>
    private static RidgeModel Refit(PenaltyChoice choice, double[][] mixtures, RidgeForm form, RidgePlan plan, BlockProducts here, CancellationToken cancellation)
    {
        int count = here.Block.Count;
        Matrix? weights = null;
        var intercepts = new float[count];
        foreach (int candidate in choice.Candidates.Distinct().Order())
        {
            form.Scale(mixtures[candidate]);
            (Matrix own, float[] ownIntercepts) = FoldScores.Solve(form.Prepare(RidgeForm.All, plan.FinalEigen, cancellation), here, choice.Penalties, cancellation);
            weights ??= new Matrix(own.Rows, count);
            for (int target = 0; target < count; target++)
            {
                if (choice.Candidates[target] != candidate) continue;
                intercepts[target] = ownIntercepts[target];
                for (int i = 0; i < own.Rows; i++)
                    weights[i, target] = own[i, target];
            }
        }
        return new RidgeModel(here.Block.First, weights!, intercepts, choice.Penalties, [.. choice.Sums.Select(sum => sum / form.Folds.Count)]);
    }
}

/// <param name="Model">Its penalties are the λ; its weights are those of the features as they were given.</param>
/// <param name="Penalties">[groups][targets], λ / γ: what each group's weights are penalized by; ∞ where a group has no part.</param>
internal sealed record BandedModel(RidgeModel Model, double[][] Penalties);
