using Gim.Train.Start;

namespace Gim.Tests.Train.Start;

/// <summary>Sparse matrices to try operations on.</summary>
internal static class SparseCase
{
    public static SparseMatrix From(double[,] dense)
    {
        int n = dense.GetLength(0);
        long[] starts = new long[n + 1];
        var columns = new List<int>();
        var values = new List<float>();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                if (dense[i, j] == 0)
                    continue;
                columns.Add(j);
                values.Add((float)dense[i, j]);
            }
            starts[i + 1] = columns.Count;
        }
        return new(n, starts, [.. columns], [.. values]);
    }

    public static double[,] Dense(SparseMatrix a)
    {
        double[,] dense = new double[a.Size, a.Size];
        for (int i = 0; i < a.Size; i++)
        {
            for (long p = a.Starts[i]; p < a.Starts[i + 1]; p++)
                dense[i, a.Columns[p]] = a.Values[p];
        }
        return dense;
    }

    /// <summary>Symmetric, with about so many of its elements not 0.</summary>
    public static SparseMatrix Symmetric(Random random, int n, double filled)
    {
        double[,] dense = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (random.NextDouble() < filled)
                    dense[i, j] = dense[j, i] = random.NextDouble() * 4 - 1;
            }
        }
        return From(dense);
    }

    /// <summary>The sum of so many v v^T of sparse v, each of 0.8 times the size of the one before, in turn positive and negative.</summary>
    public static SparseMatrix Falling(Random random, int n, int rank)
    {
        double[,] dense = new double[n, n];
        double size = 1;
        for (int r = 0; r < rank; r++)
        {
            double[] v = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < 0.3 ? random.NextDouble() - 0.5 : 0)];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    dense[i, j] += size * v[i] * v[j];
            }
            size *= -0.8;
        }
        return From(dense);
    }
}
