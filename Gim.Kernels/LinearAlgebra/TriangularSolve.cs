using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Systems with a lower triangular matrix L [n, n] and many right-hand sides, solved in place: L is halved until a part
/// fits the first cache, what lies between the halves being a product.
/// </summary>
internal static unsafe class TriangularSolve
{
    /// <summary>The largest triangle that is solved element by element.</summary>
    public const int Leaf = 32;

    /// <summary>Right-hand sides that meet a leaf at a time. Threads share them out at multiples of it, so that sums do not depend on how.</summary>
    private const int Width = 64;

    /// <summary>Of these, as many as are always worked on: four of the longest vectors.</summary>
    private const int Group = 32;

    /// <summary>Multiply-adds of all leaves together below which the work stays on the caller's thread.</summary>
    private const int OneThread = 1 << 18;

    /// <summary>The first of two halves, in whole leaves.</summary>
    public static int Half(int n) => (n / 2 + Leaf - 1) / Leaf * Leaf;

    /// <summary>L X = B</summary>
    /// <param name="b">[n, columns], replaced by X.</param>
    public static void Lower(int n, int columns, double* l, nint ldl, double* b, nint ldb, int threads)
    {
        if (n <= Leaf)
        {
            Leaves(new Triangle { N = n, Columns = columns, L = l, B = b, Ldl = ldl, Ldb = ldb }, threads);
            return;
        }
        int half = Half(n);
        Lower(half, columns, l, ldl, b, ldb, threads);
        var between = new DoubleProblem
        {
            M = n - half, N = columns, K = half, Alpha = -1, Beta = 1, A = l + half * ldl, B = b, C = b + half * ldb, Lda = ldl, Ldb = ldb, Ldc = ldb,
        };
        DoubleProduct.Run(&between, threads);
        Lower(n - half, columns, l + half * ldl + half, ldl, b + half * ldb, ldb, threads);
    }

    /// <summary>L^T X = B</summary>
    /// <param name="b">[n, columns], replaced by X.</param>
    public static void LowerTransposed(int n, int columns, double* l, nint ldl, double* b, nint ldb, int threads)
    {
        if (n <= Leaf)
        {
            Leaves(new Triangle { N = n, Columns = columns, L = l, B = b, Ldl = ldl, Ldb = ldb, Transposed = true }, threads);
            return;
        }
        int half = Half(n);
        LowerTransposed(n - half, columns, l + half * ldl + half, ldl, b + half * ldb, ldb, threads);
        var between = new DoubleProblem
        {
            M = half, N = columns, K = n - half, Alpha = -1, Beta = 1, A = l + half * ldl, B = b + half * ldb, C = b, Lda = ldl, Ldb = ldb, Ldc = ldb,
            TransposeA = true,
        };
        DoubleProduct.Run(&between, threads);
        LowerTransposed(half, columns, l, ldl, b, ldb, threads);
    }

    /// <summary>X L^T = B</summary>
    /// <param name="b">[rows, n], replaced by X.</param>
    public static void FromRight(int rows, int n, double* l, nint ldl, double* b, nint ldb, int threads)
    {
        if (n <= Leaf)
        {
            Leaves(new Triangle { N = n, Columns = rows, L = l, B = b, Ldl = ldl, Ldb = ldb, ByRows = true }, threads);
            return;
        }
        int half = Half(n);
        FromRight(rows, half, l, ldl, b, ldb, threads);
        var between = new DoubleProblem
        {
            M = rows, N = n - half, K = half, Alpha = -1, Beta = 1, A = b, B = l + half * ldl, C = b + half, Lda = ldb, Ldb = ldl, Ldc = ldb,
            TransposeB = true,
        };
        DoubleProduct.Run(&between, threads);
        FromRight(rows, n - half, l + half * ldl + half, ldl, b + half, ldb, threads);
    }

    /// <summary>A leaf and its right-hand sides.</summary>
    private struct Triangle
    {
        public int N, Columns;
        public double* L, B;
        public nint Ldl, Ldb;

        /// <summary>Whether L stands for its transpose; whether a right-hand side is a row of B.</summary>
        public bool Transposed, ByRows;
    }

    private static void Leaves(Triangle system, int threads)
    {
        int parts = (system.Columns + Width - 1) / Width;
        WorkTeam.Run(&Part, &system, parts, (double)system.Columns * system.N * system.N / 2 < OneThread ? 1 : threads);
    }

    private static void Part(void* state, int part)
    {
        var system = (Triangle*)state;
        int first = part * Width, count = Math.Min(Width, system->Columns - first);
        double* x = stackalloc double[Leaf * Width];
        // Without gaps, whole vectors can be used whatever the number of right-hand sides; what is beyond them is zero.
        if (system->ByRows)
            DoublePacking.Transposed(system->B + first * system->Ldb, system->Ldb, system->N, count, x, Width);
        else
            DoublePacking.Straight(system->B + first, system->Ldb, system->N, count, x, Width);
        Substitute(system, x, (count + Group - 1) / Group * Group);
        if (system->ByRows)
            DoublePacking.Transpose(x, Width, system->N, count, system->B + first * system->Ldb, system->Ldb);
        else
            DoublePacking.Copy(x, Width, system->B + first, system->Ldb, system->N, count);
    }

    /// <param name="x">[n, Width]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Substitute(Triangle* system, double* x, int columns)
    {
        int n = system->N;
        bool transposed = system->Transposed;
        nint lanes = Vector<double>.Count;
        for (int done = 0; done < n; done++)
        {
            int i = transposed ? n - 1 - done : done;
            double* coefficients = transposed ? system->L + (i + 1) * system->Ldl + i : system->L + i * system->Ldl;
            double* solved = transposed ? x + (i + 1) * Width : x;
            nint step = transposed ? system->Ldl : 1;
            double* row = x + i * Width;
            var divisor = new Vector<double>(system->L[i * system->Ldl + i]);
            for (nint j = 0; j < columns; j += 4 * lanes)
            {
                Vector<double> s0 = Vector.Load(row + j), s1 = Vector.Load(row + j + lanes);
                Vector<double> s2 = Vector.Load(row + j + 2 * lanes), s3 = Vector.Load(row + j + 3 * lanes);
                double* at = solved + j;
                for (nint p = 0; p < done; p++, at += Width)
                {
                    var all = new Vector<double>(-coefficients[p * step]);
                    s0 = Vector.MultiplyAddEstimate(all, Vector.Load(at), s0);
                    s1 = Vector.MultiplyAddEstimate(all, Vector.Load(at + lanes), s1);
                    s2 = Vector.MultiplyAddEstimate(all, Vector.Load(at + 2 * lanes), s2);
                    s3 = Vector.MultiplyAddEstimate(all, Vector.Load(at + 3 * lanes), s3);
                }
                (s0 / divisor).Store(row + j);
                (s1 / divisor).Store(row + j + lanes);
                (s2 / divisor).Store(row + j + 2 * lanes);
                (s3 / divisor).Store(row + j + 3 * lanes);
            }
        }
    }
}
