using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// y = A x for a symmetric A [n, n] of which only the lower triangle is read, and each element once, as memory's speed
/// bounds it. The rows are cut into parts at places that depend on n only; each makes a sum of its own, and these are
/// added in ascending order: the result does not depend on the number of threads.
/// </summary>
internal static unsafe class SymmetricTimesVector
{
    private const int MostParts = 8;

    /// <summary>Elements of a part at least: fewer are not worth a second sum.</summary>
    private const int PartElements = 1 << 14;

    /// <summary>Elements in all below which waking a second thread costs more than it brings.</summary>
    private const int OneThread = 1 << 16;

    /// <summary>Elements of scratch memory that are needed up to a size.</summary>
    public static nint Scratch(int n) => (nint)MostParts * n;

    /// <param name="a">[n, n] with <paramref name="lda"/> elements from row to row.</param>
    /// <param name="x">[n]</param>
    /// <param name="y">[n]</param>
    public static void Multiply(int n, double* a, nint lda, double* x, double* y, double* scratch, int threads)
    {
        long elements = (long)n * n / 2;
        var work = new Work { N = n, Parts = (int)Math.Clamp(elements / PartElements, 1, MostParts), A = a, X = x, Sums = scratch, Lda = lda };
        WorkTeam.Run(&Part, &work, work.Parts, elements < OneThread ? 1 : threads);
        new Span<double>(y, n).Clear();
        double one = 1;
        for (int part = 0; part < work.Parts; part++)
            RowSums.Add(scratch + part * (nint)n, 0, 1, &one, 0, 1, y, Row(&work, part + 1));
    }

    private struct Work
    {
        public int N, Parts;
        public double* A, X, Sums;
        public nint Lda;
    }

    /// <summary>Where a part begins: parts of the same area of the triangle.</summary>
    private static int Row(Work* work, int part)
        => part == work->Parts ? work->N : (int)(work->N * Math.Sqrt((double)part / work->Parts));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(void* state, int part)
    {
        var work = (Work*)state;
        int row = Row(work, part), end = Row(work, part + 1);
        double* x = work->X, y = work->Sums + part * (nint)work->N;
        new Span<double>(y, end).Clear();
        nint lda = work->Lda;
        for (; row <= end - 4; row += 4)
        {
            double* a = work->A + row * lda;
            Four(row, a, lda, x, x + row, y, y + row);
            Square(4, a + row, lda, x + row, y + row);
        }
        for (; row < end; row++)
        {
            double* a = work->A + row * lda;
            y[row] += RowSums.Dot(a, x, row);
            RowSums.Add(a, 0, 1, x + row, 0, 1, y, row);
            y[row] += a[row] * x[row];
        }
    }

    /// <summary>Four rows and, being symmetric, four columns.</summary>
    /// <param name="a">[4, length] with <paramref name="lda"/> elements from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(int length, double* a, nint lda, double* x, double* xRows, double* y, double* yRows)
    {
        int lanes = Vector<double>.Count, j = 0;
        double* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda;
        Vector<double> x0 = new(xRows[0]), x1 = new(xRows[1]), x2 = new(xRows[2]), x3 = new(xRows[3]);
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; j <= length - lanes; j += lanes)
        {
            Vector<double> r0 = Vector.Load(a + j), r1 = Vector.Load(a1 + j), r2 = Vector.Load(a2 + j), r3 = Vector.Load(a3 + j);
            Vector<double> with = Vector.Load(x + j), sum = Vector.Load(y + j);
            s0 = Vector.MultiplyAddEstimate(r0, with, s0);
            s1 = Vector.MultiplyAddEstimate(r1, with, s1);
            s2 = Vector.MultiplyAddEstimate(r2, with, s2);
            s3 = Vector.MultiplyAddEstimate(r3, with, s3);
            Vector<double> left = Vector.MultiplyAddEstimate(r1, x1, r0 * x0), right = Vector.MultiplyAddEstimate(r3, x3, r2 * x2);
            (sum + (left + right)).Store(y + j);
        }
        double t0 = Vector.Sum(s0), t1 = Vector.Sum(s1), t2 = Vector.Sum(s2), t3 = Vector.Sum(s3);
        for (; j < length; j++)
        {
            t0 += a[j] * x[j];
            t1 += a1[j] * x[j];
            t2 += a2[j] * x[j];
            t3 += a3[j] * x[j];
            y[j] += a[j] * xRows[0] + a1[j] * xRows[1] + (a2[j] * xRows[2] + a3[j] * xRows[3]);
        }
        yRows[0] += t0;
        yRows[1] += t1;
        yRows[2] += t2;
        yRows[3] += t3;
    }

    private static void Square(int n, double* a, nint lda, double* x, double* y)
    {
        for (int i = 0; i < n; i++, a += lda)
        {
            for (int j = 0; j < i; j++)
            {
                y[i] += a[j] * x[j];
                y[j] += a[j] * x[i];
            }
            y[i] += a[i] * x[i];
        }
    }
}
