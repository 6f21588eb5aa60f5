using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri.Ridge;

/// <summary>A + λ 1 = L Lᵀ for each λ anew; the coordinates are A's own.</summary>
internal sealed class CholeskySystem(int order, double[] matrix, int threads) : RidgeSystem(order, threads)
{
    private readonly double[] factor = new double[matrix.Length];

    public override double[] Enter(double[] b, int columns) => b;

    public override double[] Leave(double[] entered, int columns) => entered;

    public override void Solve(double penalty, double[] entered, int columns, double[] solution)
    {
        Factor(penalty);
        entered.AsSpan(0, Order * columns).CopyTo(solution);
        Cholesky.Solve(Order, columns, factor, Order, solution, columns, Threads);
    }

    public override void Solve(ReadOnlySpan<double> penalties, double[] entered, double[] solution)
    {
        int columns = penalties.Length;
        foreach (double penalty in penalties.ToArray().Distinct())
        {
            int[] own = [.. Enumerable.Range(0, columns)];
            int count = 0;
            for (int column = 0; column < columns; column++)
            {
                if (penalties[column] == penalty) own[count++] = column;
            }
            var some = new double[Order * count];
            for (int i = 0; i < Order; i++)
            {
                for (int column = 0; column < count; column++)
                    some[i * count + column] = entered[i * columns + own[column]];
            }
            Factor(penalty);
            Cholesky.Solve(Order, count, factor, Order, some, count, Threads);
            for (int i = 0; i < Order; i++)
            {
                for (int column = 0; column < count; column++)
                    solution[i * columns + own[column]] = some[i * count + column];
            }
        }
    }

    private void Factor(double penalty)
    {
        matrix.CopyTo(factor, 0);
        for (int i = 0; i < Order; i++)
            factor[i * Order + i] += penalty;
        try
        {
            Cholesky.Factor(Order, factor, Order, Threads);
        }
        catch (NotPositiveDefiniteException problem)
        {
            throw new InputException($"the penalty {penalty:R} is too small for these features, some of which are sums of others; raise the smallest of \"ridge.penalties\"", problem);
        }
    }

    public override float[] Quadratic(double[] other)
    {
        Mirror(Order, other);
        return ToSingle(other);
    }

    public override float[] Map(double[] map, int rows) => ToSingle(map);
}
