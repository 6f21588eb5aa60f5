using System.Runtime.CompilerServices;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Symmetric positive definite systems by A = L L^T, on vectors and several cores. <see cref="CholeskyReference"/> is the
/// definition. A matrix is halved until its parts fit the first cache, so that nearly all work is in products
/// (Gustavson 1997). Results are the same to the last bit for every number of threads.
/// </summary>
public static unsafe class Cholesky
{
    /// <summary>Right-hand sides for which a thread packs L for itself: with fewer, that would cost more than it brings.</summary>
    private const int OwnColumns = 64;

    /// <summary>
    /// Replaces A's lower triangle by L. What is above the diagonal is neither read nor written.
    /// </summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">[N, N]</param>
    /// <param name="lda">Elements from one row to the next.</param>
    /// <param name="threads">The most threads to use, the caller's own among them.</param>
    /// <exception cref="NotPositiveDefiniteException">A pivot is not positive, NaN or infinite; A is then partly overwritten.</exception>
    /// <exception cref="ArgumentException">A size is negative or the span too short.</exception>
    public static void Factor(int n, Span<double> a, int lda, int threads = 1)
    {
        LinearAlgebraArguments.Square("A", n, lda, a.Length);
        LinearAlgebraArguments.CheckThreads(threads);
        fixed (double* pinned = a)
            Factor(0, n, pinned, lda, threads);
    }

    /// <summary>Solves A X = B, where A = L L^T, for as many right-hand sides as B has columns: X takes B's place.</summary>
    /// <param name="n">Rows and columns of L, rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="l">[N, N], of which the lower triangle is read, as <see cref="Factor(int, Span{double}, int, int)"/> leaves it.</param>
    /// <param name="ldl">Elements from one row of L to the next; likewise ldb.</param>
    /// <param name="b">[N, columns]</param>
    /// <param name="threads">The most threads to use, the caller's own among them.</param>
    /// <exception cref="ArgumentException">A size is negative, a span too short, or B shares memory with L.</exception>
    public static void Solve(int n, int columns, ReadOnlySpan<double> l, int ldl, Span<double> b, int ldb, int threads = 1)
    {
        LinearAlgebraArguments.CheckSolve(n, columns, l, ldl, b, ldb, threads);
        if (columns == 0)
            return;
        fixed (double* pinnedL = l, pinnedB = b)
        {
            // Threads that have columns enough of their own never wait for each other.
            var systems = new Systems
            {
                N = n, Columns = columns, Parts = Math.Clamp(columns / OwnColumns, 1, threads), L = pinnedL, B = pinnedB, Ldl = ldl, Ldb = ldb,
            };
            systems.Threads = systems.Parts > 1 ? 1 : threads;
            WorkTeam.Run(&Part, &systems, systems.Parts, systems.Parts);
        }
    }

    private struct Systems
    {
        public int N, Columns, Parts, Threads;
        public double* L, B;
        public nint Ldl, Ldb;
    }

    private static void Part(void* state, int part)
    {
        var systems = (Systems*)state;
        int first = (int)((long)systems->Columns * part / systems->Parts), end = (int)((long)systems->Columns * (part + 1) / systems->Parts);
        TriangularSolve.Lower(systems->N, end - first, systems->L, systems->Ldl, systems->B + first, systems->Ldb, systems->Threads);
        TriangularSolve.LowerTransposed(systems->N, end - first, systems->L, systems->Ldl, systems->B + first, systems->Ldb, systems->Threads);
    }

    /// <param name="index">The part's place in the whole matrix.</param>
    private static void Factor(int index, int n, double* a, nint lda, int threads)
    {
        if (n <= TriangularSolve.Leaf)
        {
            Leaf(index, n, a, lda);
            return;
        }
        int half = TriangularSolve.Half(n);
        double* below = a + half * lda, rest = below + half;
        Factor(index, half, a, lda, threads);
        TriangularSolve.FromRight(n - half, half, a, lda, below, lda, threads);
        var update = new DoubleProblem
        {
            M = n - half, N = n - half, K = half, Alpha = -1, Beta = 1, A = below, B = below, C = rest, Lda = lda, Ldb = lda, Ldc = lda,
            TransposeB = true, Lower = true,
        };
        DoubleProduct.Run(&update, threads);
        Factor(index + half, n - half, rest, lda, threads);
    }

    /// <summary>The textbook's loops, row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Leaf(int index, int n, double* a, nint lda)
    {
        double* inverses = stackalloc double[TriangularSolve.Leaf];
        for (int i = 0; i < n; i++)
        {
            double* row = a + i * lda;
            double pivot = row[i];
            for (int j = 0; j < i; j++)
            {
                double* other = a + j * lda;
                double sum = row[j];
                for (int p = 0; p < j; p++)
                    sum -= row[p] * other[p];
                row[j] = sum * inverses[j];
                pivot -= row[j] * row[j];
            }
            if (!(pivot > 0 && double.IsFinite(pivot)))
                throw new NotPositiveDefiniteException(index + i, pivot);
            row[i] = Math.Sqrt(pivot);
            inverses[i] = 1 / row[i];
        }
    }
}
