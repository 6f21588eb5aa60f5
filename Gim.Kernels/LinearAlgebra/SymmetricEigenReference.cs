namespace Gim.Kernels.LinearAlgebra;

/// <summary>The definition of <see cref="SymmetricEigen"/>: Jacobi's rotations, one for each element in turn, until nothing is left beside the diagonal.</summary>
public static class SymmetricEigenReference
{
    /// <summary>Sweeps over all elements; six to ten are the rule.</summary>
    private const int MostSweeps = 60;

    /// <inheritdoc cref="SymmetricEigen.Decompose"/>
    public static void Decompose(
        int n, ReadOnlySpan<double> a, int lda, Span<double> values, Span<double> vectors, int threads = 1,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        double largest = LinearAlgebraArguments.CheckEigen(n, a, lda, values, vectors, threads);
        double scale = largest == 0 ? 1 : Math.ScaleB(1, -Math.ILogB(largest) / 2);
        double[,] rest = new double[n, n], rotations = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            rotations[i, i] = 1;
            for (int j = 0; j <= i; j++)
                rest[i, j] = rest[j, i] = a[i * lda + j] * scale * scale;
        }
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report((double)sweep / MostSweeps);
            bool changed = false;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    changed |= Rotate(n, rest, rotations, p, q);
            }
            if (!changed)
                break;
        }
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => rest[i, i])];
        for (int j = 0; j < n; j++)
        {
            values[j] = rest[order[j], order[j]] / scale / scale;
            for (int i = 0; i < n; i++)
                vectors[i * n + j] = rotations[i, order[j]];
        }
        progress?.Report(1);
    }

    /// <summary>The rotation of rows and columns p and q that leaves nothing at their crossing, if there was anything to speak of.</summary>
    private static bool Rotate(int n, double[,] rest, double[,] rotations, int p, int q)
    {
        const double Rounding = 1e-17;
        double between = rest[p, q];
        if (Math.Abs(between) <= Rounding * (Math.Abs(rest[p, p]) + Math.Abs(rest[q, q])) || double.IsSubnormal(between))
            return false;
        double ratio = (rest[q, q] - rest[p, p]) / (2 * between);
        double tangent = double.IsInfinity(ratio) ? 0 : 1 / (ratio + Math.CopySign(Math.Sqrt(ratio * ratio + 1), ratio));
        double cosine = 1 / Math.Sqrt(tangent * tangent + 1), sine = tangent * cosine;
        for (int i = 0; i < n; i++)
        {
            (rest[i, p], rest[i, q]) = (cosine * rest[i, p] - sine * rest[i, q], sine * rest[i, p] + cosine * rest[i, q]);
            (rotations[i, p], rotations[i, q]) = (cosine * rotations[i, p] - sine * rotations[i, q], sine * rotations[i, p] + cosine * rotations[i, q]);
        }
        for (int i = 0; i < n; i++)
            (rest[p, i], rest[q, i]) = (cosine * rest[p, i] - sine * rest[q, i], sine * rest[p, i] + cosine * rest[q, i]);
        rest[p, q] = rest[q, p] = 0;
        return true;
    }
}
