namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Turns vectors of the tridiagonal matrix into the whole matrix's, by blocks of reflections as one I - Y T Y^T with T
/// lower triangular (Schreiber and Van Loan 1989).
/// </summary>
internal static unsafe class Reflections
{
    private const int Block = 64;

    /// <summary>Z = Z Q^T, where Q is the product of reflections that <see cref="Tridiagonalization"/> leaves.</summary>
    /// <param name="a">[n, n], v_i in row i.</param>
    /// <param name="z">[n, n], a vector in each row.</param>
    public static void Apply(int n, double* a, nint lda, double* tau, double* z, nint ldz, int threads, EigenProgress progress)
    {
        if (n < 3)
            return;
        double[] memory = GC.AllocateUninitializedArray<double>(3 * Block * n + 2 * Block * Block, pinned: true);
        fixed (double* y = memory)
        {
            double* first = y + Block * (nint)n, second = first + Block * (nint)n, gram = second + Block * (nint)n, t = gram + Block * Block;
            for (int begin = 2; begin < n; begin += Block)
            {
                progress.Report(EigenProgress.Conquered + (1 - EigenProgress.Conquered) * Math.Pow((double)begin / n, 2));
                int count = Math.Min(Block, n - begin), length = begin + count - 1;
                for (int i = 0; i < count; i++)
                {
                    double* row = y + i * (nint)length;
                    int own = begin + i;
                    new ReadOnlySpan<double>(a + own * lda, own - 1).CopyTo(new Span<double>(row, own - 1));
                    row[own - 1] = 1;
                    new Span<double>(row + own, length - own).Clear();
                }
                Run(new DoubleProblem { M = count, N = count, K = length, A = y, B = y, C = gram, Lda = length, Ldb = length, Ldc = Block, TransposeB = true, Alpha = 1 }, threads);
                Triangle(count, gram, tau + begin, t);
                Run(new DoubleProblem { M = n, N = count, K = length, A = z, B = y, C = first, Lda = ldz, Ldb = length, Ldc = Block, TransposeB = true, Alpha = 1 }, threads);
                Run(new DoubleProblem { M = n, N = count, K = count, A = first, B = t, C = second, Lda = Block, Ldb = Block, Ldc = Block, TransposeB = true, Alpha = 1 }, threads);
                Run(new DoubleProblem { M = n, N = length, K = count, A = second, B = y, C = z, Lda = Block, Ldb = length, Ldc = ldz, Alpha = -1, Beta = 1 }, threads);
            }
        }
    }

    private static void Run(DoubleProblem problem, int threads) => DoubleProduct.Run(&problem, threads);

    /// <summary>T of H_last ... H_first: row j is -tau_j (v_j^T Y) T of the rows before, then tau_j.</summary>
    /// <param name="gram">Y^T Y</param>
    private static void Triangle(int count, double* gram, double* tau, double* t)
    {
        new Span<double>(t, Block * Block).Clear();
        for (int j = 0; j < count; j++)
        {
            double* row = t + j * Block;
            RowSums.Add(t, Block, j, gram + j * Block, 1, -tau[j], row, j);
            row[j] = tau[j];
        }
    }
}
