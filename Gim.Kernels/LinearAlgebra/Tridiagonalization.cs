using System.Runtime.CompilerServices;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// A symmetric matrix A = Q T Q^T with T tridiagonal, by Householder's reflections in blocks (Dongarra, Hammarling and
/// Sorensen 1989): half of the work is a product, the other half the matrix times a vector. Rows are reduced from the last
/// one up, so that what is left is always the matrix's beginning. Q is the product of reflections
/// H_(n-1) ... H_1, H_i = I - tau_i v_i v_i^T, where v_i [i] ends in 1 and has its other elements in row i of A.
/// </summary>
internal static unsafe class Tridiagonalization
{
    /// <summary>Reflections that are collected before the rest of the matrix meets them.</summary>
    private const int Block = 32;

    /// <summary>What is nothing beside the matrix, whose largest element is not below 1e-50, is taken for 0: its square would lose digits.</summary>
    private const double Nothing = 1e-100;

    /// <param name="a">[n, n], of which the lower triangle is read, and replaced by the reflections.</param>
    /// <param name="diagonal">[n], of T.</param>
    /// <param name="beside">[n - 1], the elements beside T's diagonal.</param>
    /// <param name="tau">[n], of which element 0 is not used.</param>
    public static void Reduce(int n, double* a, nint lda, double* diagonal, double* beside, double* tau, int threads, EigenProgress progress)
    {
        // V, W and V again: the first two are one factor of the update, the last two the other.
        double[] memory = GC.AllocateUninitializedArray<double>((int)(3 * Block * n + SymmetricTimesVector.Scratch(n) + Block), pinned: true);
        fixed (double* pairs = memory)
        {
            double* scratch = pairs + 3 * Block * (nint)n;
            int left = n;
            while (left > 1)
            {
                progress.Report((1 - Math.Pow((double)left / n, 3)) * EigenProgress.Reduced);
                int count = Math.Min(Block, left - 1);
                double* v = pairs, w = v + count * (nint)n;
                for (int p = 0; p < count; p++)
                {
                    int i = left - 1 - p;
                    Reflection(i, p, a, lda, v, w, n, diagonal, beside, tau);
                    Companion(i, p, a, lda, v, w, n, tau[i], scratch, threads);
                }
                left -= count;
                new Span<double>(v, count * n).CopyTo(new Span<double>(w + count * (nint)n, count * n));
                var update = new DoubleProblem
                {
                    M = left, N = left, K = 2 * count, Alpha = -1, Beta = 1, A = v, B = w, C = a, Lda = n, Ldb = n, Ldc = lda, TransposeA = true, Lower = true,
                };
                DoubleProduct.Run(&update, threads);
            }
            diagonal[0] = a[0];
        }
    }

    /// <summary>Row i, once the reflections before it are applied, and the reflection that makes it tridiagonal: v_i as row p of V.</summary>
    private static void Reflection(int i, int p, double* a, nint lda, double* v, double* w, nint stride, double* diagonal, double* beside, double* tau)
    {
        double* row = a + i * lda, own = v + p * stride;
        RowSums.Add(w, stride, p, v + i, stride, -1, row, i + 1);
        RowSums.Add(v, stride, p, w + i, stride, -1, row, i + 1);
        diagonal[i] = row[i];
        double alpha = row[i - 1], rest = RowSums.Dot(row, row, i - 1);
        new Span<double>(own, (int)stride).Clear();
        if (!(rest > Nothing * Nothing))
        {
            new Span<double>(row, i - 1).Clear();
            tau[i] = 0;
            beside[i - 1] = Math.Abs(alpha) > Nothing ? alpha : 0;
            return;
        }
        double beta = -Math.CopySign(Math.Sqrt(alpha * alpha + rest), alpha);
        tau[i] = (beta - alpha) / beta;
        beside[i - 1] = beta;
        double scale = 1 / (alpha - beta);
        for (int j = 0; j < i - 1; j++)
            own[j] = row[j] *= scale;
        own[i - 1] = 1;
    }

    /// <summary>
    /// w_i = tau A v - tau^2 / 2 (v^T A v) v as row p of W, with which H A H = A - v w^T - w v^T; A is what is stored less the
    /// updates by the pairs before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Companion(int i, int p, double* a, nint lda, double* v, double* w, nint stride, double tau, double* scratch, int threads)
    {
        double* x = v + p * stride, y = w + p * stride;
        new Span<double>(y, (int)stride).Clear();
        if (tau == 0)
            return;
        SymmetricTimesVector.Multiply(i, a, lda, x, y, scratch, threads);
        double* withV = stackalloc double[Block], withW = stackalloc double[Block];
        for (int q = 0; q < p; q++)
        {
            withV[q] = RowSums.Dot(v + q * stride, x, i);
            withW[q] = RowSums.Dot(w + q * stride, x, i);
        }
        RowSums.Add(v, stride, p, withW, 1, -1, y, i);
        RowSums.Add(w, stride, p, withV, 1, -1, y, i);
        double half = tau * tau / 2 * RowSums.Dot(x, y, i);
        for (int j = 0; j < i; j++)
            y[j] = tau * y[j] - half * x[j];
    }
}
