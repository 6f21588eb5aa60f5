namespace Gim.Train.Start;

/// <summary>The largest singular values of a matrix of n rows, falling, and their left vectors: orthonormal columns of arbitrary sign.</summary>
/// <param name="Values">[found]</param>
/// <param name="Vectors">[n, found]</param>
internal sealed record SingularVectors(double[] Values, float[] Vectors)
{
    public int Count => Values.Length;
}
