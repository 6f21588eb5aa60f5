using Gim.Evaluate;
using Gim.Kernels.Products;

namespace Gim.Fmri.Responses;

/// <summary>
/// The main directions of XᵀX where X has so many columns that XᵀX fits no memory: a random subspace is multiplied by XᵀX until
/// it holds no more of X than before, and turned to its own main axes (Halko, Martinsson and Tropp 2011, algorithm 4.4 with
/// Rayleigh-Ritz). The first directions are those of the whole; the last ones may be mixed with their neighbours, whose
/// eigenvalues are nearly equal.
/// </summary>
internal static class SubspaceIteration
{
    /// <summary>Directions that are carried along so that the last ones wanted settle sooner.</summary>
    private const int Extra = 20;

    private const int MostPasses = 12;

    /// <summary>The part of the eigenvalues' sum by which a pass must still raise it.</summary>
    private const double Settled = 1e-4;

    /// <summary>Eigenvalues below this part of the largest are rounding.</summary>
    private const double Rounding = 1e-11;

    /// <param name="columns">Columns of X.</param>
    /// <param name="count">How many directions; fewer where X has a lower rank.</param>
    /// <param name="pieces">All rows of X, piece by piece; asked for once per pass.</param>
    /// <param name="threads">The most threads to use; they change nothing in the result.</param>
    /// <param name="seed">Of the first subspace.</param>
    /// <returns>[columns, count], largest first, orthonormal to about 1e-5.</returns>
    public static Matrix Directions(int columns, int count, Func<IEnumerable<Matrix>> pieces, int threads, int seed)
    {
        var start = new Matrix(columns, Math.Min(columns, count + Extra));
        new GaussianRandom(seed).Fill(start.Values, 1);
        Matrix basis = Orthonormal(start, threads);
        double before = double.NegativeInfinity;
        for (int pass = 1; ; pass++)
        {
            var inside = new Gram(basis.Columns, threads);
            var next = new Matrix(columns, basis.Columns);
            foreach (Matrix piece in pieces())
            {
                Matrix projected = Projection.Of(piece, basis, threads);
                inside.Add(projected);
                MatrixProduct.Multiply(
                    columns, basis.Columns, piece.Rows, 1, piece.Values, columns, true, projected.Values, basis.Columns, false, 1, next.Values,
                    basis.Columns, threads: threads);
            }
            (Matrix axes, double[] values) = inside.Largest(count);
            double held = values.Sum();
            if (pass == MostPasses || !(held - before > Settled * held))
                return Projection.Of(basis, axes, threads);
            before = held;
            basis = Orthonormal(next, threads);
        }
    }

    /// <summary>Orthonormal columns that span the same, without those that are only rounding.</summary>
    private static Matrix Orthonormal(Matrix columns, int threads)
    {
        var gram = new Gram(columns.Columns, threads);
        gram.Add(columns);
        (Matrix axes, double[] values) = gram.Largest(columns.Columns);
        int rank = values.Count(value => value > Rounding * values[0]);
        var scaled = new Matrix(axes.Rows, rank);
        for (int i = 0; i < axes.Rows; i++)
        {
            for (int j = 0; j < rank; j++)
                scaled[i, j] = (float)(axes[i, j] / Math.Sqrt(values[j]));
        }
        return Projection.Of(columns, scaled, threads);
    }
}
