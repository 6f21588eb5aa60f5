using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

/// <summary>alpha op(A) op(B) + beta C for rows of C, by vectors: the seam behind which a blocked product can stand.</summary>
internal static class CpuMatrixProduct
{
    /// <param name="c">Rows <paramref name="firstRow"/> up to <paramref name="endRow"/> are written.</param>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ProductShape shape, Span<float> c, int firstRow, int endRow)
    {
        (int m, int n, int k) = shape;
        for (int row = firstRow; row < endRow; row++)
        {
            Span<float> result = c.Slice(row * n, n);
            if (shape.Beta == 0)
                result.Clear();
            else
                TensorPrimitives.Multiply(result, shape.Beta, result);
            if (shape.TransposeA || !shape.TransposeB)
                AddOuter(a, b, shape, row, result);
            else
                AddDots(a.Slice(row * k, k), b, shape.Alpha, result);
        }
    }

    private static void AddOuter(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ProductShape shape, int row, Span<float> result)
    {
        (int m, int n, int k) = shape;
        for (int i = 0; i < k; i++)
        {
            float factor = shape.Alpha * a[shape.TransposeA ? i * m + row : row * k + i];
            if (!shape.TransposeB)
            {
                TensorPrimitives.MultiplyAdd(b.Slice(i * n, n), factor, result, result);
                continue;
            }
            for (int column = 0; column < n; column++)
                result[column] += factor * b[column * k + i];
        }
    }

    private static void AddDots(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float alpha, Span<float> result)
    {
        for (int column = 0; column < result.Length; column++)
            result[column] += alpha * TensorPrimitives.Dot(a, b.Slice(column * a.Length, a.Length));
    }
}
