namespace Gim.Kernels.LinearAlgebra;

/// <summary>The definition of <see cref="Cholesky"/>: the textbook's loops.</summary>
public static class CholeskyReference
{
    /// <inheritdoc cref="Cholesky.Factor(int, Span{double}, int, int)"/>
    public static void Factor(int n, Span<double> a, int lda, int threads = 1)
    {
        LinearAlgebraArguments.Square("A", n, lda, a.Length);
        LinearAlgebraArguments.CheckThreads(threads);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i * lda + j];
                for (int p = 0; p < j; p++)
                    sum -= a[i * lda + p] * a[j * lda + p];
                if (j < i)
                    a[i * lda + j] = sum / a[j * lda + j];
                else if (sum > 0 && double.IsFinite(sum))
                    a[i * lda + i] = Math.Sqrt(sum);
                else
                    throw new NotPositiveDefiniteException(i, sum);
            }
        }
    }

    /// <inheritdoc cref="Cholesky.Solve"/>
    public static void Solve(int n, int columns, ReadOnlySpan<double> l, int ldl, Span<double> b, int ldb, int threads = 1)
    {
        LinearAlgebraArguments.CheckSolve(n, columns, l, ldl, b, ldb, threads);
        for (int column = 0; column < columns; column++)
        {
            for (int i = 0; i < n; i++)
            {
                double sum = b[i * ldb + column];
                for (int p = 0; p < i; p++)
                    sum -= l[i * ldl + p] * b[p * ldb + column];
                b[i * ldb + column] = sum / l[i * ldl + i];
            }
            for (int i = n - 1; i >= 0; i--)
            {
                double sum = b[i * ldb + column];
                for (int p = i + 1; p < n; p++)
                    sum -= l[p * ldl + i] * b[p * ldb + column];
                b[i * ldb + column] = sum / l[i * ldl + i];
            }
        }
    }
}
