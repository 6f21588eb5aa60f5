using Gim.Evaluate;
using Gim.Kernels.LinearAlgebra;
using Gim.Progress;

namespace Gim.Train.Start;

/// <summary>
/// The largest singular values of a sparse symmetric matrix and their vectors, by a random sketch of its range, improved by
/// power iterations with an orthonormal basis in between (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1).
/// <see cref="RandomizedSvdReference"/> is the definition: values differ from it by about 1e-6 of the largest where the
/// spectrum falls. Where those left out are nearly as large as the last ones asked for, values come out smaller and the
/// vectors span only some of the directions that would do. The same to the last bit for every number of threads.
/// </summary>
internal static class RandomizedSvd
{
    /// <summary>Columns of the sketch beyond those asked for.</summary>
    public const int Oversampling = 16;

    public const int PowerIterations = 2;

    /// <summary>Values this much smaller than the largest are rounding of the single precision.</summary>
    public const double Nothing = 1e-5;

    /// <summary>With an orthonormal basis Q of the sketch, A Q = U diag(values) W^T by the eigenvectors W of (A Q)^T A Q.</summary>
    /// <param name="a">Symmetric, and finite.</param>
    /// <param name="columns">How many to find; there are fewer where A's rank is less.</param>
    public static SingularVectors Decompose(
        SparseMatrix a, int columns, GaussianRandom random, int threads, IJobLog log, CancellationToken cancellation)
    {
        int rows = a.Size, width = Math.Min(rows, columns + Oversampling);
        if (columns == 0 || a.Count == 0)
            return new([], []);
        const int Products = 2 + 2 * PowerIterations;
        using IJobProgress progress = log.Start("decomposing the neighbours for the starting embeddings", (long)Products * rows, "rows");
        float[] basis = new float[rows * width];
        random.Fill(basis, 1);
        for (int product = 0; product < Products - 1; product++)
        {
            float[] image = GC.AllocateUninitializedArray<float>(rows * width);
            a.Multiply(basis, width, image, threads, progress, cancellation);
            basis = TallMatrix.Orthonormal(rows, ref width, image, threads, cancellation);
        }
        float[] last = GC.AllocateUninitializedArray<float>(rows * width);
        a.Multiply(basis, width, last, threads, progress, cancellation);
        double[] squares = new double[width], vectors = new double[width * width];
        SymmetricEigen.Decompose(width, TallMatrix.TransposeTimes(rows, width, last, last, threads, cancellation), width, squares, vectors, threads, null, cancellation);
        double[] values = [.. squares.Select(square => Math.Sqrt(Math.Max(0, square)))];
        int[] chosen = Largest(values, columns);
        double[] map = new double[width * chosen.Length];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < chosen.Length; j++)
                map[i * chosen.Length + j] = vectors[i * width + chosen[j]] / values[chosen[j]];
        }
        return new([.. chosen.Select(j => values[j])], TallMatrix.Times(rows, width, last, map, chosen.Length, threads, cancellation));
    }

    /// <summary>The places of the largest singular values, largest first, without those that are rounding.</summary>
    internal static int[] Largest(double[] values, int count)
    {
        double least = values.Length == 0 ? 0 : values.Max() * Nothing;
        return [.. Enumerable.Range(0, values.Length).Where(j => values[j] > least).OrderByDescending(j => values[j]).Take(count)];
    }
}
