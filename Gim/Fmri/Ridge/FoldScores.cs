using Gim.Kernels.Devices;

namespace Gim.Fmri.Ridge;

/// <summary>What is done with a fold and a block of targets.</summary>
internal static class FoldScores
{
    /// <summary>Adds the r of every penalty to the sums [penalties][targets of the block].</summary>
    /// <param name="held">The rows that the fold holds out.</param>
    public static void Add(
        Device device, RidgeFold fold, BlockProducts here, ReadOnlySpan<int> held, IReadOnlyList<double> penalties, double[][] sums,
        CancellationToken cancellation)
    {
        int count = here.Block.Count;
        double[] squares = here.Block.Squares(held), cross = fold.Cross(here), entered = fold.System.Enter(fold.RightSides(here), count);
        double[] solution = new double[entered.Length];
        using HeldOutScoring session = fold.Score!.Begin(device, count);
        for (int i = 0; i < sums.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            fold.System.Solve(penalties[i], entered, count, solution);
            session.Add(solution, cross, squares, sums[i]);
        }
    }

    /// <summary>The weights [features, targets] and intercepts of a fold with a penalty for each target.</summary>
    public static (Matrix Weights, float[] Intercepts) Solve(RidgeFold fold, BlockProducts here, ReadOnlySpan<double> penalties, CancellationToken cancellation)
    {
        int count = penalties.Length;
        double[] entered = fold.System.Enter(fold.RightSides(here), count), solution = new double[entered.Length];
        fold.System.Solve(penalties, entered, solution);
        Matrix weights = fold.Weights(fold.System.Leave(solution, count), count, cancellation);
        return (weights, fold.Intercepts(here, weights));
    }
}
