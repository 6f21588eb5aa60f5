namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// All eigenvalues and eigenvectors of a symmetric matrix, on vectors and several cores. <see cref="SymmetricEigenReference"/>
/// is the definition. The matrix is made tridiagonal by reflections, that one is decomposed by divide and conquer, and the
/// vectors are reflected back: |A V - V diag| and |V^T V - 1| stay near n 2^-53, the former times |A|.
/// Results are the same to the last bit for every number of threads.
/// </summary>
public static unsafe class SymmetricEigen
{
    /// <summary>Where a matrix's largest element is outside, squares would leave the range of a double: it is scaled first.</summary>
    private const double Small = 1e-50, Large = 1e50;

    /// <summary>
    /// A = V diag(values) V^T with V^T V = 1. Needs, besides the result, memory of three times A's. A is read before
    /// anything is written, and may share memory with the results.
    /// </summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">[N, N], of which only the lower triangle is read.</param>
    /// <param name="lda">Elements from one row of A to the next.</param>
    /// <param name="values">[N], ascending.</param>
    /// <param name="vectors">[N, N] without gaps: column j belongs to value j. Its sign is arbitrary.</param>
    /// <param name="threads">The most threads to use, the caller's own among them.</param>
    /// <param name="progress">Is told from time to time which part of the work is done, from 0 to 1.</param>
    /// <param name="cancellation">Is asked now and then; the results are then of no use.</param>
    /// <exception cref="ArgumentException">A size is negative, a span has the wrong length, or A has an element that is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Decompose(
        int n, ReadOnlySpan<double> a, int lda, Span<double> values, Span<double> vectors, int threads = 1,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        double largest = LinearAlgebraArguments.CheckEigen(n, a, lda, values, vectors, threads);
        var report = new EigenProgress(progress, cancellation);
        report.Report(0);
        if (n == 0)
            return;
        double[] copy = GC.AllocateUninitializedArray<double>(n * n, pinned: true);
        double[] rows = GC.AllocateUninitializedArray<double>(n * n, pinned: true), scratch = GC.AllocateUninitializedArray<double>(n * n, pinned: true);
        double[] edges = GC.AllocateUninitializedArray<double>(2 * n, pinned: true);
        // In two steps, each a power of two that a double can hold.
        int half = largest is 0 or (>= Small and <= Large) ? 0 : -Math.ILogB(largest) / 2;
        double scale = Math.ScaleB(1, half);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                copy[i * n + j] = a[i * lda + j] * scale * scale;
        }
        fixed (double* matrix = copy, z = rows, work = scratch, beside = edges, pinnedValues = values, pinnedVectors = vectors)
        {
            double* tau = beside + n;
            Tridiagonalization.Reduce(n, matrix, n, pinnedValues, beside, tau, threads, report);
            DivideAndConquer.Decompose(n, pinnedValues, beside, z, work, pinnedVectors, threads, report);
            Reflections.Apply(n, matrix, n, tau, z, n, threads, report);
            Sort(n, pinnedValues, z, pinnedVectors);
        }
        for (int i = 0; i < n; i++)
            values[i] = values[i] / scale / scale;
        progress?.Report(1);
    }

    /// <summary>The rows of Z, by ascending value, as columns.</summary>
    private static void Sort(int n, double* values, double* z, double* vectors)
    {
        const int Rows = 32;
        int[] order = [.. Enumerable.Range(0, n)];
        new Span<double>(values, n).Sort(order.AsSpan());
        double[] some = GC.AllocateUninitializedArray<double>(Rows * n, pinned: true);
        fixed (double* together = some)
        {
            for (int first = 0; first < n; first += Rows)
            {
                int count = Math.Min(Rows, n - first);
                for (int i = 0; i < count; i++)
                    new Span<double>(z + order[first + i] * (nint)n, n).CopyTo(new Span<double>(together + i * (nint)n, n));
                DoublePacking.Transpose(together, n, count, n, vectors + first, n);
            }
        }
    }
}
