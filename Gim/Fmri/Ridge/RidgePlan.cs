namespace Gim.Fmri.Ridge;

/// <summary>How a regression of some size is computed: which form, which way to solve, and how much of it at a time.</summary>
internal sealed record RidgePlan
{
    /// <summary>The fewest targets worth a block: with fewer, products are no longer bound by arithmetic.</summary>
    private const int LeastTargets = 64;

    // Time in multiply-adds in doubles over the order cubed: an eigendecomposition with the quadratic form, the former alone, and a factor.
    private const double EigenAndForm = 10.5, Eigen = 6.5, Factor = 0.38;

    // And over the order squared and each target: what enters, a solution of two triangles with its score, a score alone.
    private const double Enter = 2, SolveAndScore = 3, ScoreAlone = 1;

    /// <summary>Whether unknowns are rows rather than features.</summary>
    public required bool IsKernel { get; init; }

    /// <summary>Whether the folds' systems are decomposed, rather than factored for each penalty.</summary>
    public required bool FoldEigen { get; init; }

    /// <summary>The same for the system of all rows.</summary>
    public required bool FinalEigen { get; init; }

    /// <summary>Whether the primal form keeps the sums of every fold.</summary>
    public required bool KeepSums { get; init; }

    /// <summary>Folds that are prepared at once: the targets are read once for each such group.</summary>
    public required int FoldsTogether { get; init; }

    /// <summary>Targets of a block.</summary>
    public required int TargetsTogether { get; init; }

    /// <param name="predicted">Rows that are predicted for each block of targets, beside the fitted ones.</param>
    /// <param name="kept">Matrices of the order squared that are there all the time, besides what a single regression needs.</param>
    /// <param name="allFolds">Whether products of the targets with all folds are there at once, not with some after others.</param>
    /// <exception cref="InputException">The memory does not suffice for the smallest parts.</exception>
    public static RidgePlan Make(int rows, int features, int targets, RowFolds folds, int penalties, long memory, int kept = 0, int predicted = 0, bool allFolds = false)
    {
        bool kernel = rows < features;
        double order = kernel ? rows : features, square = 8 * order * order;
        int most = 0;
        for (int fold = 0; fold < folds.Count; fold++)
            most = Math.Max(most, folds.HeldOut(fold).Length);
        double scored = kernel ? most : order;
        // Total, the last system with its factor, and three times that for decomposing.
        double always = (6.0 + kept) * square + 8 * order * scored, each = 2 * square + 8 * order * scored;
        double perTarget = 12.0 * rows + 16.0 * predicted + 56 * order + 32 * scored + (kernel ? 0 : 20 * order);
        double perTargetAndFold = kernel ? 0 : 8 * order;
        if (allFolds)
            (perTarget, perTargetAndFold) = (perTarget + folds.Count * perTargetAndFold, 0);
        int least = Math.Min(LeastTargets, targets);
        double needed = always + each + least * (perTarget + perTargetAndFold);
        if (needed > memory)
        {
            throw new InputException(
                $"ridge regression of {rows:N0} rows, {features:N0} features and {targets:N0} targets takes at least {needed / 1e9:N1} GB"
                + $" where {memory / 1e9:N1} GB are allowed: allow more, or use fewer features");
        }
        double forFolds = (memory - always) / 2;
        int together = (int)Math.Clamp(forFolds / (each + least * perTargetAndFold), 1, Math.Max(1, folds.Count));
        double left = memory - always - together * each;
        bool keep = !kernel && folds.Count * square <= left / 2;
        if (keep) left -= folds.Count * square;
        // No array of a block may be longer than an array can be.
        double longest = Array.MaxLength / Math.Max(Math.Max(rows, predicted), Math.Max(order, scored));
        int width = (int)Math.Clamp(Math.Min(left / (perTarget + together * perTargetAndFold), longest), Math.Min(least, longest), Math.Max(1, targets));
        int blocks = (Math.Max(1, targets) + width - 1) / width;
        int used = Math.Min(penalties, targets);
        return new RidgePlan
        {
            IsKernel = kernel,
            FoldEigen = EigenAndForm * order + (Enter + ScoreAlone * penalties) * targets < penalties * (blocks * Factor * order + SolveAndScore * targets),
            FinalEigen = Eigen < blocks * used * Factor,
            KeepSums = keep,
            FoldsTogether = together,
            TargetsTogether = (Math.Max(1, targets) + blocks - 1) / blocks,
        };
    }
}
