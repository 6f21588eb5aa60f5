using Gim.Fmri;

namespace Gim.Tests.Fmri;

/// <summary>Random matrices of one seed.</summary>
internal static class RandomRows
{
    public static Matrix Of(int rows, int columns, int seed = 42)
    {
        var random = new Random(seed);
        var matrix = new Matrix(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++)
            matrix.Values[i] = (float)(random.NextDouble() * 4 - 1);
        return matrix;
    }
}
