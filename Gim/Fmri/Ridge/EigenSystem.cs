using System.Numerics.Tensors;
using Gim.Kernels.LinearAlgebra;

namespace Gim.Fmri.Ridge;

/// <summary>A = Q diag(s) Qᵀ; the coordinates are those of Q's columns, in which a solution is b / (s + λ).</summary>
internal sealed class EigenSystem : RidgeSystem
{
    /// <summary>Columns of a quadratic form that are made together, from the diagonal down.</summary>
    private const int Together = 256;

    private readonly double[] values, vectors;

    public EigenSystem(int order, double[] matrix, int threads, CancellationToken cancellation) : base(order, threads)
    {
        values = new double[order];
        // The vectors take the matrix's place.
        vectors = matrix;
        SymmetricEigen.Decompose(order, matrix, order, values, vectors, threads, null, cancellation);
        // A has no negative ones but by rounding.
        for (int i = 0; i < order; i++)
            values[i] = Math.Max(0, values[i]);
    }

    public override double[] Enter(double[] b, int columns) => Times(b, columns, transpose: true);

    public override double[] Leave(double[] entered, int columns) => Times(entered, columns, transpose: false);

    private double[] Times(double[] from, int columns, bool transpose)
    {
        var to = new double[Order * columns];
        DoubleProduct.Multiply(Order, columns, Order, 1, vectors, Order, transpose, from, columns, false, 0, to, columns, Threads);
        return to;
    }

    public override void Solve(double penalty, double[] entered, int columns, double[] solution)
    {
        for (int i = 0; i < Order; i++)
            TensorPrimitives.Multiply(entered.AsSpan(i * columns, columns), 1 / (values[i] + penalty), solution.AsSpan(i * columns, columns));
    }

    public override void Solve(ReadOnlySpan<double> penalties, double[] entered, double[] solution)
    {
        int columns = penalties.Length;
        for (int i = 0; i < Order; i++)
        {
            Span<double> to = solution.AsSpan(i * columns, columns);
            TensorPrimitives.Add(penalties, values[i], to);
            TensorPrimitives.Divide(entered.AsSpan(i * columns, columns), to, to);
        }
    }

    public override float[] Quadratic(double[] other)
    {
        Mirror(Order, other);
        double[] half = Times(other, Order, transpose: true);
        // Qᵀ other Q, its lower triangle in strips: it is symmetric.
        for (int first = 0; first < Order; first += Together)
        {
            int count = Math.Min(Together, Order - first);
            DoubleProduct.Multiply(
                Order - first, count, Order, 1, half.AsSpan(first * Order), Order, false, vectors.AsSpan(first), Order, false,
                0, other.AsSpan(first * Order + first), Order, Threads);
        }
        Mirror(Order, other);
        return ToSingle(other);
    }

    public override float[] Map(double[] map, int rows)
    {
        var to = new double[rows * Order];
        DoubleProduct.Multiply(rows, Order, Order, 1, map, Order, false, vectors, Order, false, 0, to, Order, Threads);
        return ToSingle(to);
    }
}

