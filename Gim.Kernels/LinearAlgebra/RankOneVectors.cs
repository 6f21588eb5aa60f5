using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Eigenvalues and vectors of D + rho z z^T. The vectors are those of a nearby matrix, of which the roots that were found
/// are the exact eigenvalues: its z follows from Löwner's formula, and its vectors are orthogonal however close the roots
/// are (Gu and Eisenstat 1994).
/// </summary>
internal unsafe struct RankOneVectors
{
    /// <summary>Roots, columns or vectors that are one part of the work.</summary>
    private const int Chunk = 64;

    public int K;
    public double* D, Z, Values;
    public double Rho, Square;

    /// <summary>[K, K]: first d_j - x_i, then vector i in row i, its element j at place <see cref="Places"/>[j].</summary>
    public double* Vectors;
    public int* Places;

    /// <summary>[K], the nearby matrix's z.</summary>
    public double* Nearby;

    public static void Find(RankOneVectors* problem, int threads)
    {
        int parts = (problem->K + Chunk - 1) / Chunk;
        WorkTeam.Run(&Roots, problem, parts, threads);
        WorkTeam.Run(&Weights, problem, parts, threads);
        WorkTeam.Run(&Rows, problem, parts, threads);
    }

    private static void Roots(void* state, int part)
    {
        var problem = (RankOneVectors*)state;
        int k = problem->K;
        for (int i = part * Chunk; i < Math.Min(k, (part + 1) * Chunk); i++)
            problem->Values[i] = SecularEquation.Root(i, k, problem->D, problem->Z, problem->Rho, problem->Square, problem->Vectors + i * (nint)k);
    }

    /// <summary>z_j^2 rho = - product over i of (d_j - x_i) / product over the other i of (d_j - d_i), paired so that all quotients are near 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights(void* state, int part)
    {
        var problem = (RankOneVectors*)state;
        int k = problem->K, first = part * Chunk, end = Math.Min(k, first + Chunk), lanes = Vector<double>.Count;
        double* d = problem->D, product = problem->Nearby;
        for (int j = first; j < end; j++)
            product[j] = problem->Vectors[j * (nint)k + j];
        for (int i = 0; i < k; i++)
        {
            double* row = problem->Vectors + i * (nint)k;
            var own = new Vector<double>(d[i]);
            bool among = i >= first && i < end;
            int j = first;
            for (; !among && j <= end - lanes; j += lanes)
                (Vector.Load(product + j) * (Vector.Load(row + j) / (Vector.Load(d + j) - own))).Store(product + j);
            for (; j < end; j++)
            {
                if (j != i)
                    product[j] *= row[j] / (d[j] - d[i]);
            }
        }
        for (int j = first; j < end; j++)
            product[j] = Math.CopySign(Math.Sqrt(Math.Abs(product[j])), problem->Z[j]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(void* state, int part)
    {
        var problem = (RankOneVectors*)state;
        int k = problem->K, lanes = Vector<double>.Count;
        // The buffer is of floats: two for a double.
        double* vector = (double*)PackBuffer.Sums.Take(2 * (nint)k);
        for (int i = part * Chunk; i < Math.Min(k, (part + 1) * Chunk); i++)
        {
            double* row = problem->Vectors + i * (nint)k;
            int j = 0;
            for (; j <= k - lanes; j += lanes)
                (Vector.Load(problem->Nearby + j) / Vector.Load(row + j)).Store(vector + j);
            for (; j < k; j++)
                vector[j] = problem->Nearby[j] / row[j];
            double scale = 1 / Math.Sqrt(RowSums.Dot(vector, vector, k));
            for (j = 0; j < k; j++)
                row[problem->Places[j]] = vector[j] * scale;
        }
    }
}
