using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// The product of two matrices of 64-bit floats, on vectors and several cores. <see cref="DoubleProductReference"/> is the
/// definition, from which an element differs by at most about K 2^-52 sum |a||b|.
/// Results are the same to the last bit for every number of threads (not for every kind of processor).
/// </summary>
public static unsafe class DoubleProduct
{
    /// <summary>Multiply-adds below which waking a second thread costs more than it brings.</summary>
    private const double OneThread = 1 << 20;

    /// <summary>
    /// C = alpha op(A) op(B) + beta C; all matrices row by row, op(X) being X or its transpose. Where beta is 0, C is not
    /// read; where alpha or K is 0, A and B are not. C must not share memory with A or B. Elements between C's columns and
    /// its row stride are left alone.
    /// </summary>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">Columns of op(A), rows of op(B).</param>
    /// <param name="a">[M, K], or [K, M] where transposed.</param>
    /// <param name="lda">Elements from one stored row of A to the next; likewise ldb and ldc.</param>
    /// <param name="b">[K, N], or [N, K] where transposed.</param>
    /// <param name="c">[M, N]</param>
    /// <param name="threads">The most threads to use, the caller's own among them.</param>
    /// <exception cref="ArgumentException">A size is negative, a span too short for its shape and stride, or memory is shared.</exception>
    public static void Multiply(
        int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, bool transposeA, ReadOnlySpan<double> b, int ldb, bool transposeB,
        double beta, Span<double> c, int ldc, int threads = 1)
    {
        LinearAlgebraArguments.CheckProduct(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, threads);
        fixed (double* pinnedA = a, pinnedB = b, pinnedC = c)
        {
            var problem = new DoubleProblem
            {
                M = m, N = n, K = k, Alpha = alpha, Beta = beta, A = pinnedA, B = pinnedB, C = pinnedC, Lda = lda, Ldb = ldb, Ldc = ldc,
                TransposeA = transposeA, TransposeB = transposeB,
            };
            Run(&problem, threads);
        }
    }

    /// <summary>
    /// C = alpha op(A) op(A)^T + beta C on and below C's diagonal, at half the cost of a product; what is above is neither
    /// read nor written. Otherwise as <see cref="Multiply"/>.
    /// </summary>
    /// <param name="n">Rows of op(A); rows and columns of C.</param>
    /// <param name="k">Columns of op(A).</param>
    /// <param name="a">[N, K], or [K, N] where transposed.</param>
    /// <param name="c">[N, N]</param>
    /// <exception cref="ArgumentException">A size is negative, a span too short for its shape and stride, or memory is shared.</exception>
    public static void MultiplyByTranspose(
        int n, int k, double alpha, ReadOnlySpan<double> a, int lda, bool transposeA, double beta, Span<double> c, int ldc, int threads = 1)
    {
        LinearAlgebraArguments.CheckProduct(n, n, k, a, lda, transposeA, a, lda, !transposeA, c, ldc, threads);
        fixed (double* pinnedA = a, pinnedC = c)
        {
            var problem = new DoubleProblem
            {
                M = n, N = n, K = k, Alpha = alpha, Beta = beta, A = pinnedA, B = pinnedA, C = pinnedC, Lda = lda, Ldb = lda, Ldc = ldc,
                TransposeA = transposeA, TransposeB = !transposeA, Lower = true,
            };
            Run(&problem, threads);
        }
    }

    /// <summary>Makes a product whose arguments are known to be right; how C is divided is decided here.</summary>
    internal static void Run(DoubleProblem* problem, int threads)
    {
        if (problem->M == 0 || problem->N == 0)
            return;
        if (problem->Alpha == 0 || problem->K == 0)
            WithoutSum(problem);
        else if (Vector512.IsHardwareAccelerated)
            RunBlocked<DoubleKernel512>(problem, threads);
        else
            RunBlocked<DoubleKernelAny>(problem, threads);
    }

    internal static void RunBlocked<TKernel>(DoubleProblem* problem, int threads)
        where TKernel : struct, IDoubleKernel
    {
        (problem->RowParts, problem->ColumnParts) = (1, 1);
        if (threads > 1 && (double)problem->M * problem->N * problem->K >= OneThread)
        {
            (problem->RowParts, problem->ColumnParts) = problem->Lower
                ? (LowerParts(problem->M, threads, TKernel.MaxRows), 1)
                : MatrixProduct.Divide(problem->M, problem->N, threads, TKernel.MaxRows, TKernel.Columns);
        }
        WorkTeam.Run(&DoubleBlocks<TKernel>.Part, problem, problem->RowParts * problem->ColumnParts, threads);
    }

    /// <summary>Parts of a triangle, each of which packs all columns up to its last row: few, and none of only a few rows.</summary>
    private static int LowerParts(int rows, int threads, int tileRows)
    {
        const int PartsPerThread = 2, LeastTiles = 8;
        return (int)Math.Clamp(rows / (LeastTiles * tileRows), 1, (long)threads * PartsPerThread);
    }

    private static void WithoutSum(DoubleProblem* problem)
    {
        for (int i = 0; i < problem->M; i++)
        {
            var row = new Span<double>(problem->C + i * problem->Ldc, problem->Lower ? Math.Min(i + 1, problem->N) : problem->N);
            if (problem->Beta == 0)
                row.Clear();
            else
                TensorPrimitives.Multiply(row, problem->Beta, row);
        }
    }
}
