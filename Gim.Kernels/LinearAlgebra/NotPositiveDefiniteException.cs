namespace Gim.Kernels.LinearAlgebra;

/// <summary>A matrix has no Cholesky factor: a pivot is not a positive number.</summary>
public sealed class NotPositiveDefiniteException : Exception
{
    internal NotPositiveDefiniteException(int index, double pivot)
        : base($"the matrix is not positive definite: pivot {index} is {pivot:R}, where a positive finite number was expected")
        => (Index, Pivot) = (index, pivot);

    /// <summary>Row and column of the pivot; the leading part of so many rows and columns is positive definite.</summary>
    public int Index { get; }

    /// <summary>The pivot's value: what is left of the diagonal element.</summary>
    public double Pivot { get; }
}
