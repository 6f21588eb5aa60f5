namespace Gim.Kernels.Devices;

/// <summary>
/// Sizes and variants of a matrix product C = alpha op(A) op(B) + beta C, then + bias, then GELU.
/// op(A) is [m, k], op(B) is [k, n], C is [m, n]. Alpha is 1 in shapes made with sizes; <c>default</c> is all zeros.
/// </summary>
public readonly record struct ProductShape(int M, int N, int K)
{
    /// <summary>A is stored [k, m].</summary>
    public bool TransposeA { get; init; }

    /// <summary>B is stored [n, k].</summary>
    public bool TransposeB { get; init; }

    public float Alpha { get; init; } = 1;

    /// <summary>At 0 (the default) C is not read, so it may hold anything, also NaN.</summary>
    public float Beta { get; init; }

    /// <summary>Whether the result goes through the exact GELU, after the bias.</summary>
    public bool Gelu { get; init; }
}
