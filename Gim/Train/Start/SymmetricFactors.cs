namespace Gim.Train.Start;

/// <summary>
/// The parts of a symmetric matrix of n rows that has been decomposed: eigenvalues by falling magnitude, which is the singular
/// value, and their vectors, orthonormal columns of arbitrary sign.
/// </summary>
/// <param name="Values">[found]</param>
/// <param name="Vectors">[n, found]</param>
internal sealed record SymmetricFactors(double[] Values, float[] Vectors)
{
    public int Count => Values.Length;
}
