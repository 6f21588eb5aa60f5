using System.Numerics.Tensors;

namespace Gim.Fmri.Ridge;

/// <summary>
/// (A + λ 1) w = b for one A and many λ and b. Work is done in coordinates of the system's own: b enters once, solutions
/// for each λ are cheap there, and only what is wanted leaves.
/// </summary>
internal abstract class RidgeSystem(int order, int threads)
{
    public int Order => order;

    protected int Threads => threads;

    /// <param name="eigen">Whether A is decomposed once, rather than factored for each λ.</param>
    /// <param name="matrix">[order, order], of which the lower triangle is read; the system's from now on.</param>
    public static RidgeSystem Make(bool eigen, int order, double[] matrix, int threads, CancellationToken cancellation)
        => eigen ? new EigenSystem(order, matrix, threads, cancellation) : new CholeskySystem(order, matrix, threads);

    /// <summary>b in the system's coordinates; may be b itself.</summary>
    /// <param name="b">[order, columns]</param>
    public abstract double[] Enter(double[] b, int columns);

    /// <summary>The solutions for one λ, in the system's coordinates.</summary>
    /// <param name="entered">[order, columns]</param>
    /// <param name="solution">[order, columns]</param>
    public abstract void Solve(double penalty, double[] entered, int columns, double[] solution);

    /// <summary>The same with a λ for each column.</summary>
    public abstract void Solve(ReadOnlySpan<double> penalties, double[] entered, double[] solution);

    /// <summary>What entered, in the coordinates of A; may be the argument itself.</summary>
    public abstract double[] Leave(double[] entered, int columns);

    /// <summary>Another symmetric matrix, of which the lower triangle is there, as the quadratic form it is in the system's coordinates.</summary>
    /// <param name="other">[order, order]; used up.</param>
    /// <returns>[order, order], both triangles.</returns>
    public abstract float[] Quadratic(double[] other);

    /// <summary>A map from A's coordinates, as the same map from the system's.</summary>
    /// <param name="map">[rows, order]; used up.</param>
    /// <returns>[rows, order]</returns>
    public abstract float[] Map(double[] map, int rows);

    protected static float[] ToSingle(double[] values)
    {
        var single = new float[values.Length];
        TensorPrimitives.ConvertTruncating<double, float>(values, single);
        return single;
    }

    /// <summary>Copies the lower triangle to the upper one.</summary>
    public static void Mirror(int order, Span<double> matrix)
    {
        const int Tile = 32;
        for (int top = 0; top < order; top += Tile)
        {
            for (int left = 0; left <= top; left += Tile)
            {
                for (int row = top; row < Math.Min(top + Tile, order); row++)
                {
                    for (int column = left; column < Math.Min(left + Tile, row); column++)
                        matrix[column * order + row] = matrix[row * order + column];
                }
            }
        }
    }
}
