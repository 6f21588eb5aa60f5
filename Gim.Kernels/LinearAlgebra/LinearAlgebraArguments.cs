using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>Checks of what is given to linear algebra, made before anything is written.</summary>
internal static class LinearAlgebraArguments
{
    public static void CheckProduct(
        int m, int n, int k, ReadOnlySpan<double> a, int lda, bool transposeA, ReadOnlySpan<double> b, int ldb, bool transposeB,
        ReadOnlySpan<double> c, int ldc, int threads)
    {
        CheckSize("M", m);
        CheckSize("N", n);
        CheckSize("K", k);
        CheckThreads(threads);
        var usedA = a[..MatrixProductArguments.Extent("A", transposeA ? k : m, transposeA ? m : k, lda, a.Length)];
        var usedB = b[..MatrixProductArguments.Extent("B", transposeB ? n : k, transposeB ? k : n, ldb, b.Length)];
        var usedC = c[..MatrixProductArguments.Extent("C", m, n, ldc, c.Length)];
        CheckApart("C", usedC, "A", usedA);
        CheckApart("C", usedC, "B", usedB);
    }

    public static void CheckSolve(int n, int columns, ReadOnlySpan<double> l, int ldl, ReadOnlySpan<double> b, int ldb, int threads)
    {
        var usedL = l[..Square("L", n, ldl, l.Length)];
        CheckSize("columns", columns);
        CheckThreads(threads);
        CheckApart("B", b[..MatrixProductArguments.Extent("B", n, columns, ldb, b.Length)], "L", usedL);
    }

    /// <summary>Returns the size of the largest element on and below the diagonal.</summary>
    public static double CheckEigen(int n, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> values, ReadOnlySpan<double> vectors, int threads)
    {
        Square("A", n, lda, a.Length);
        CheckThreads(threads);
        if (values.Length != n)
            throw new ArgumentException($"values has {values.Length} elements where {n} eigenvalues were expected", nameof(values));
        if (vectors.Length != (long)n * n)
            throw new ArgumentException($"vectors has {vectors.Length} elements where {n} x {n} were expected", nameof(vectors));
        if (values.Overlaps(vectors))
            throw new ArgumentException("values and vectors share memory, where both are written");
        double largest = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = a[i * lda + j];
                if (!double.IsFinite(value))
                    throw new ArgumentException($"A[{i}, {j}] is {value}, where a finite number was expected", nameof(a));
                largest = Math.Max(largest, Math.Abs(value));
            }
        }
        return largest;
    }

    /// <summary>How many elements of a span a square matrix takes.</summary>
    public static int Square(string name, int n, int stride, int length)
    {
        CheckSize("N", n);
        return MatrixProductArguments.Extent(name, n, n, stride, length);
    }

    public static void CheckSize(string name, int size)
    {
        if (size < 0)
            throw new ArgumentException($"a size is negative: {name} = {size}");
    }

    public static void CheckThreads(int threads)
    {
        if (threads < 1)
            throw new ArgumentException($"threads is {threads}; it takes at least 1", nameof(threads));
    }

    public static void CheckApart(string written, ReadOnlySpan<double> first, string read, ReadOnlySpan<double> second)
    {
        if (first.Overlaps(second))
            throw new ArgumentException($"{written} shares memory with {read}, which is still read while {written} is written");
    }
}
