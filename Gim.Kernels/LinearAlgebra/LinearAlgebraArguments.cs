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
