using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Elementwise;

namespace Gim.Kernels.Products;

/// <summary>What follows the sum: C = GELU(C + bias), on a tile that has just been written and is still in the first cache.</summary>
internal static unsafe class ProductEpilogue
{
    /// <param name="c">[rows, columns]</param>
    /// <param name="ldc">Elements between rows of C.</param>
    /// <param name="bias">[columns], or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* c, nint ldc, int rows, int columns, float* bias, bool gelu)
    {
        for (; rows > 0; rows--, c += ldc)
        {
            if (bias != null)
            {
                int j = 0;
                for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
                    Vector.Store(Vector.Load(c + j) + Vector.Load(bias + j), c + j);
                for (; j < columns; j++)
                    c[j] += bias[j];
            }
            if (gelu)
                Gelu.Apply(new ReadOnlySpan<float>(c, columns), new Span<float>(c, columns));
        }
    }

    /// <summary>C = beta C, without reading C where beta is 0, then as <see cref="Apply"/>: a product with nothing to sum.</summary>
    public static void WithoutSum(ProductProblem* problem)
    {
        for (nint i = 0; i < problem->M; i++)
        {
            float* row = problem->C + i * problem->Ldc;
            if (problem->Beta == 0)
                new Span<float>(row, problem->N).Clear();
            else
            {
                for (nint j = 0; j < problem->N; j++)
                    row[j] *= problem->Beta;
            }
            Apply(row, problem->Ldc, 1, problem->N, problem->Bias, problem->Gelu);
        }
    }
}
