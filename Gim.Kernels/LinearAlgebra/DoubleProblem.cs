namespace Gim.Kernels.LinearAlgebra;

/// <summary>A checked product of doubles whose memory is pinned: what all threads that work on it share.</summary>
internal unsafe struct DoubleProblem
{
    public int M, N, K;
    public double Alpha, Beta;

    /// <summary>A [M, K], or [K, M] where transposed; B [K, N], or [N, K]; C [M, N].</summary>
    public double* A, B, C;

    /// <summary>Elements from one stored row to the next.</summary>
    public nint Lda, Ldb, Ldc;
    public bool TransposeA, TransposeB;

    /// <summary>Whether only C's elements on and below the diagonal are made; the others are neither read nor written.</summary>
    public bool Lower;

    /// <summary>The parts into which C's rows and columns are divided, one part a task.</summary>
    public int RowParts, ColumnParts;
}
