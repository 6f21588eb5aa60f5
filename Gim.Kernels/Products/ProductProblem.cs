namespace Gim.Kernels.Products;

/// <summary>A checked matrix product whose memory is pinned: what all threads that work on it share.</summary>
internal unsafe struct ProductProblem
{
    public int M, N, K;
    public float Alpha, Beta;

    /// <summary>A [M, K], or [K, M] where transposed; B [K, N], or [N, K]; C [M, N].</summary>
    public float* A, B, C;

    /// <summary>Elements from one stored row to the next.</summary>
    public nint Lda, Ldb, Ldc;
    public bool TransposeA, TransposeB;

    /// <summary>[N], or null.</summary>
    public float* Bias;
    public bool Gelu;

    /// <summary>The parts into which C's rows and columns are divided, one part a task.</summary>
    public int RowParts, ColumnParts;
}
