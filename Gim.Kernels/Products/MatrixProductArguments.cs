namespace Gim.Kernels.Products;

/// <summary>Checks of what is given to a matrix product, made before anything is read or written.</summary>
internal static class MatrixProductArguments
{
    public static void Check(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, ReadOnlySpan<float> b, int ldb, bool transposeB,
        ReadOnlySpan<float> c, int ldc, ReadOnlySpan<float> bias, int threads)
    {
        CheckSizes(m, n, k, bias, threads);
        int usedA = Extent("A", transposeA ? k : m, transposeA ? m : k, lda, a.Length);
        int usedB = Extent("B", transposeB ? n : k, transposeB ? k : n, ldb, b.Length);
        int usedC = Extent("C", m, n, ldc, c.Length);
        CheckApart(a[..usedA], b[..usedB], c[..usedC], bias);
    }

    /// <param name="batch">How many products there are.</param>
    /// <param name="strideA">Elements from one product's A to the next one's; likewise for B and C.</param>
    public static void CheckBatch(
        int batch, int m, int n, int k, ReadOnlySpan<float> a, int lda, bool transposeA, long strideA,
        ReadOnlySpan<float> b, int ldb, bool transposeB, long strideB, ReadOnlySpan<float> c, int ldc, long strideC, int threads)
    {
        if (batch < 0)
            throw new ArgumentException($"the number of products is {batch}, which is negative", nameof(batch));
        CheckSizes(m, n, k, [], threads);
        int usedA = BatchExtent("A", batch, transposeA ? k : m, transposeA ? m : k, lda, strideA, a.Length);
        int usedB = BatchExtent("B", batch, transposeB ? n : k, transposeB ? k : n, ldb, strideB, b.Length);
        int usedC = BatchExtent("C", batch, m, n, ldc, strideC, c.Length);
        long one = Needed(m, n, ldc);
        if (batch > 1 && one > 0 && strideC < one)
            throw new ArgumentException($"products would overwrite each other: one C takes {one} elements, the next begins after {strideC}", nameof(strideC));
        CheckApart(a[..usedA], b[..usedB], c[..usedC], []);
    }

    private static void CheckSizes(int m, int n, int k, ReadOnlySpan<float> bias, int threads)
    {
        if (m < 0 || n < 0 || k < 0)
            throw new ArgumentException($"a size is negative: M = {m}, N = {n}, K = {k}");
        if (threads < 1)
            throw new ArgumentException($"threads is {threads}; it takes at least 1", nameof(threads));
        if (!bias.IsEmpty && bias.Length != n)
            throw new ArgumentException($"bias has {bias.Length} elements where C has {n} columns (an empty bias adds none)", nameof(bias));
    }

    /// <summary>Elements from the first to the last one of a matrix, which its span must have.</summary>
    public static int Extent(string name, int rows, int columns, int stride, int length)
    {
        long needed = CheckStride(name, rows, columns, stride);
        return needed <= length
            ? (int)needed
            : throw new ArgumentException($"{name} has {length} elements where {rows} x {columns} with row stride {stride} takes {needed}");
    }

    private static int BatchExtent(string name, int batch, int rows, int columns, int stride, long batchStride, int length)
    {
        long one = CheckStride(name, rows, columns, stride);
        if (batch == 0 || one == 0)
            return 0;
        // Below, a stride times the batch fits into 64 bits as neither exceeds 31.
        if (batchStride is < 0 or > int.MaxValue)
            throw new ArgumentException($"{name} has batch stride {batchStride}; it must be from 0 to {int.MaxValue}");
        long needed = (batch - 1) * batchStride + one;
        return needed <= length
            ? (int)needed
            : throw new ArgumentException(
                $"{name} has {length} elements where {batch} times {rows} x {columns} with row stride {stride} and batch stride {batchStride} takes {needed}");
    }

    private static long CheckStride(string name, int rows, int columns, int stride)
        => stride >= columns
            ? Needed(rows, columns, stride)
            : throw new ArgumentException($"{name} has row stride {stride}, less than its {columns} columns");

    /// <summary>Elements from the first to the last one of a matrix.</summary>
    private static long Needed(int rows, int columns, int stride)
        => rows == 0 || columns == 0 ? 0 : (rows - 1L) * stride + columns;

    private static void CheckApart(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> bias)
    {
        if (c.Overlaps(a))
            throw new ArgumentException("C shares memory with A, which is still read while C is written");
        if (c.Overlaps(b))
            throw new ArgumentException("C shares memory with B, which is still read while C is written");
        if (c.Overlaps(bias))
            throw new ArgumentException("C shares memory with the bias, which is still read while C is written");
    }
}
