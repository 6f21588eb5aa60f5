using System.Runtime.InteropServices;

namespace Gim.Bench.Baselines;

/// <summary>OpenBLAS's linear algebra in doubles, where the system has the library.</summary>
internal static unsafe partial class NativeLapack
{
    private const string Library = "libopenblas.so.0";

    private const int RowMajor = 101, AsIs = 111, Transposed = 112;

    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, out _);

    public static string Name => $"OpenBLAS {(Marshal.PtrToStringAnsi(openblas_get_config()) ?? "").Split(' ').ElementAtOrDefault(1)}";

    /// <summary>C = A op(B), all matrices [n, n].</summary>
    public static void Multiply(int n, double* a, double* b, bool transposeB, double* c, int threads)
    {
        openblas_set_num_threads(threads);
        cblas_dgemm(RowMajor, AsIs, transposeB ? Transposed : AsIs, n, n, n, 1, a, n, b, n, 0, c, n);
    }

    /// <summary>The lower triangle, row by row: the upper one for a library that goes by columns.</summary>
    public static void Factor(int n, double* a, int threads)
    {
        openblas_set_num_threads(threads);
        byte triangle = (byte)'U';
        int info = 0;
        dpotrf_(&triangle, &n, a, &n, &info);
        Require(info, "dpotrf");
    }

    /// <param name="b">[columns, n]: a right-hand side after the other.</param>
    public static void Solve(int n, int columns, double* l, double* b, int threads)
    {
        openblas_set_num_threads(threads);
        byte triangle = (byte)'U';
        int info = 0;
        dpotrs_(&triangle, &n, &columns, l, &n, b, &n, &info);
        Require(info, "dpotrs");
    }

    /// <summary>All eigenvalues, ascending, and the eigenvectors in place of the matrix, a vector after the other.</summary>
    public static void Decompose(int n, double* a, double* values, int threads)
    {
        openblas_set_num_threads(threads);
        byte vectors = (byte)'V', triangle = (byte)'L';
        int info = 0, query = -1, integers = 0;
        double size = 0;
        dsyevd_(&vectors, &triangle, &n, a, &n, values, &size, &query, &integers, &query, &info);
        int length = (int)size;
        double* work = (double*)NativeMemory.Alloc((nuint)length, sizeof(double));
        int* integerWork = (int*)NativeMemory.Alloc((nuint)integers, sizeof(int));
        dsyevd_(&vectors, &triangle, &n, a, &n, values, work, &length, integerWork, &integers, &info);
        NativeMemory.Free(work);
        NativeMemory.Free(integerWork);
        Require(info, "dsyevd");
    }

    private static void Require(int info, string what)
    {
        if (info != 0)
            throw new InvalidOperationException($"{what} failed with code {info}");
    }

    [LibraryImport(Library)]
    private static partial nint openblas_get_config();

    [LibraryImport(Library)]
    private static partial void openblas_set_num_threads(int threads);

    [LibraryImport(Library)]
    private static partial void cblas_dgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc);

    [LibraryImport(Library)]
    private static partial void dpotrf_(byte* triangle, int* n, double* a, int* lda, int* info);

    [LibraryImport(Library)]
    private static partial void dpotrs_(byte* triangle, int* n, int* columns, double* a, int* lda, double* b, int* ldb, int* info);

    [LibraryImport(Library)]
    private static partial void dsyevd_(
        byte* vectors, byte* triangle, int* n, double* a, int* lda, double* values, double* work, int* length, int* integerWork, int* integers, int* info);
}
