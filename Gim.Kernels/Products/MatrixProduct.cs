using System.Runtime.Intrinsics;

namespace Gim.Kernels.Products;

/// <summary>
/// The product of two matrices of 32-bit floats, on vectors and several cores. <see cref="MatrixProductReference"/> is the
/// definition. Sums are made in single precision, by fused multiply-adds: an element differs from the definition by at
/// most about K 2^-24 sum |a||b|, and it overflows where a partial sum leaves the range of a float.
/// Results are the same to the last bit for every number of threads (not for every kind of processor).
/// </summary>
public static unsafe class MatrixProduct
{
    // Hot loops ask for full optimisation at once (AggressiveOptimization): with tiered compilation, which a consumer's
    // program has on unless it is switched off, they would run unoptimised code first. So marked, large products were
    // measured as fast with tiering as without; those of microseconds lost up to a third, as their callers start unoptimised.

    /// <summary>Multiply-adds below which waking a second thread costs more than it brings.</summary>
    private const long OneThread = 1 << 22;

    /// <summary>The same for a matrix times a vector: elements read.</summary>
    private const long OneThreadVector = 1 << 18;

    /// <summary>
    /// C = alpha op(A) op(B) + beta C + bias, then GELU where asked for; all matrices row by row, op(X) being X or its
    /// transpose. Where beta is 0, C is not read; where alpha or K is 0, A and B are not.
    /// C must not share memory with A, B or the bias. Elements between C's columns and its row stride are left alone.
    /// </summary>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">Columns of op(A), rows of op(B).</param>
    /// <param name="a">[M, K], or [K, M] where transposed.</param>
    /// <param name="lda">Elements from one stored row of A to the next; likewise ldb and ldc.</param>
    /// <param name="b">[K, N], or [N, K] where transposed.</param>
    /// <param name="c">[M, N]</param>
    /// <param name="bias">[N], added to every row, or empty.</param>
    /// <param name="gelu">Whether C is x Φ(x) of the value x so far: the exact GELU.</param>
    /// <param name="threads">The most threads to use, the caller's own among them.</param>
    /// <exception cref="ArgumentException">A size is negative, a span too short for its shape and stride, or memory is shared.</exception>
    public static void Multiply(
        int m, int n, int k, float alpha, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB,
        float beta, Span<float> c, int ldc, ReadOnlySpan<float> bias = default, bool gelu = false, int threads = 1)
    {
        MatrixProductArguments.Check(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, bias, threads);
        if (m == 0 || n == 0)
            return;
        fixed (float* pinnedA = a, pinnedB = b, pinnedC = c, pinnedBias = bias)
        {
            var problem = new ProductProblem
            {
                M = m, N = n, K = k, Alpha = alpha, Beta = beta, A = pinnedA, B = pinnedB, C = pinnedC, Lda = lda, Ldb = ldb, Ldc = ldc,
                TransposeA = transposeA, TransposeB = transposeB, Bias = pinnedBias, Gelu = gelu, RowParts = 1, ColumnParts = 1,
            };
            Run(&problem, threads);
        }
    }

    /// <summary>The product of operands that are checked and pinned already, as parts of other operations are.</summary>
    internal static void Run(
        int m, int n, int k, float alpha, float* a, nint lda, bool transposeA, float* b, nint ldb, bool transposeB, float beta, float* c, nint ldc, int threads)
    {
        if (m == 0 || n == 0)
            return;
        var problem = new ProductProblem
        {
            M = m, N = n, K = k, Alpha = alpha, Beta = beta, A = a, B = b, C = c, Lda = lda, Ldb = ldb, Ldc = ldc,
            TransposeA = transposeA, TransposeB = transposeB, RowParts = 1, ColumnParts = 1,
        };
        Run(&problem, threads);
    }

    internal static void Run(ProductProblem* problem, int threads)
    {
        if (problem->Alpha == 0 || problem->K == 0)
            ProductEpilogue.WithoutSum(problem);
        else if (VectorProduct.Suits(problem))
        {
            long elements = (long)Math.Max(problem->M, problem->N) * problem->K;
            int parts = elements < OneThreadVector ? 1 : Math.Min(threads, Math.Max(problem->M, problem->N));
            (problem->RowParts, problem->ColumnParts) = VectorProduct.IsRows(problem) ? (1, parts) : (parts, 1);
            WorkTeam.Run(&VectorProduct.Part, problem, parts, parts);
        }
        else if (Vector512.IsHardwareAccelerated)
            RunBlocked<MicroKernel512>(problem, threads);
        else
            RunBlocked<MicroKernelAny>(problem, threads);
    }

    internal static void RunBlocked<TKernel>(ProductProblem* problem, int threads)
        where TKernel : struct, IMicroKernel
    {
        if ((double)problem->M * problem->N * problem->K >= OneThread)
            (problem->RowParts, problem->ColumnParts) = Divide(problem->M, problem->N, threads, TKernel.MaxRows, TKernel.Columns);
        int parts = problem->RowParts * problem->ColumnParts;
        WorkTeam.Run(&BlockedProduct<TKernel>.Part, problem, parts, threads);
    }

    /// <summary>
    /// C as a grid of parts. Each packs the rows of A and columns of B that it needs, so of all grids the best is the one
    /// whose parts have the shortest outline for their area. Several parts for each thread cost a little more packing, but
    /// a thread that is held up leaves them to the others.
    /// </summary>
    internal static (int RowParts, int ColumnParts) Divide(int m, int n, int threads, int tileRows, int tileColumns)
    {
        const double WorthMoreParts = 1.03;
        const int MostPartsPerThread = 4;
        double best = double.MaxValue;
        var grid = (RowParts: 1, ColumnParts: 1);
        for (int each = 1; each <= MostPartsPerThread; each *= 2)
        {
            long parts = (long)threads * each;
            double allowed = each == 1 ? double.MaxValue : best * WorthMoreParts, bestHere = double.MaxValue;
            for (int rowParts = 1; rowParts <= parts && rowParts <= m; rowParts++)
            {
                int columnParts = (int)Math.Min(parts / rowParts, n);
                double rows = (double)m / rowParts, columns = (double)n / columnParts;
                if ((rowParts > 1 && rows < tileRows) || (columnParts > 1 && columns < tileColumns))
                    continue;
                // Idle threads weigh as much as the work they leave to others.
                double cost = each * rows * columns * (1 + 16 / rows + 16 / columns);
                if (cost < bestHere && cost < allowed)
                    (bestHere, grid) = (cost, (rowParts, columnParts));
            }
            best = Math.Min(best, bestHere);
        }
        return grid;
    }
}
