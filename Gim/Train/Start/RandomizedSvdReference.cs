using Gim.Kernels.LinearAlgebra;

namespace Gim.Train.Start;

/// <summary>The definition of <see cref="RandomizedSvd"/>: all eigenvalues of the matrix with its zeros, whose magnitudes are the singular values. For small ones.</summary>
internal static class RandomizedSvdReference
{
    public static SingularVectors Decompose(SparseMatrix a, int columns)
    {
        int n = a.Size;
        double[] dense = new double[n * n], values = new double[n], vectors = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (long p = a.Starts[i]; p < a.Starts[i + 1]; p++)
                dense[i * n + a.Columns[p]] = a.Values[p];
        }
        SymmetricEigenReference.Decompose(n, dense, n, values, vectors);
        values = [.. values.Select(Math.Abs)];
        int[] chosen = RandomizedSvd.Largest(values, columns);
        float[] kept = new float[n * chosen.Length];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < chosen.Length; j++)
                kept[i * chosen.Length + j] = (float)vectors[i * n + chosen[j]];
        }
        return new([.. chosen.Select(j => values[j])], kept);
    }
}
