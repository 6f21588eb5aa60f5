using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.Products;

/// <summary>
/// The innermost loop for machines without 512-bit vectors, like <see cref="MicroKernel512"/> but for 16 registers: a tile
/// of up to 6 x 16 with 256-bit vectors, 6 x 8 with 128-bit ones.
/// </summary>
internal readonly unsafe struct MicroKernelAny : IMicroKernel
{
    public static int MaxRows => 6;

    public static int Columns => 2 * Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(nint depth, float* a, float* b, nint strideB, float* c, nint ldc, float alpha, float beta)
        where TRows : struct, ITileRows
    {
        Vector<float> c0l = default, c0h = default, c1l = default, c1h = default;
        Vector<float> c2l = default, c2h = default, c3l = default, c3h = default;
        Vector<float> c4l = default, c4h = default, c5l = default, c5h = default;
        for (; depth > 0; depth--)
        {
            Vector<float> low = Vector.Load(b), high = Vector.Load(b + Vector<float>.Count);
            Add(a[0], low, high, ref c0l, ref c0h);
            if (TRows.Count > 1)
                Add(a[1], low, high, ref c1l, ref c1h);
            if (TRows.Count > 2)
                Add(a[2], low, high, ref c2l, ref c2h);
            if (TRows.Count > 3)
                Add(a[3], low, high, ref c3l, ref c3h);
            if (TRows.Count > 4)
                Add(a[4], low, high, ref c4l, ref c4h);
            if (TRows.Count > 5)
                Add(a[5], low, high, ref c5l, ref c5h);
            a += TRows.Count;
            b += strideB;
        }
        Write(c, c0l, c0h, alpha, beta);
        if (TRows.Count > 1)
            Write(c + ldc, c1l, c1h, alpha, beta);
        if (TRows.Count > 2)
            Write(c + 2 * ldc, c2l, c2h, alpha, beta);
        if (TRows.Count > 3)
            Write(c + 3 * ldc, c3l, c3h, alpha, beta);
        if (TRows.Count > 4)
            Write(c + 4 * ldc, c4l, c4h, alpha, beta);
        if (TRows.Count > 5)
            Write(c + 5 * ldc, c5l, c5h, alpha, beta);
    }

    // Fused where the machine can, else two roundings: a fused sum in software would take a hundred times as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float a, Vector<float> low, Vector<float> high, ref Vector<float> sumLow, ref Vector<float> sumHigh)
    {
        Vector<float> all = new Vector<float>(a);
        sumLow = Vector.MultiplyAddEstimate(all, low, sumLow);
        sumHigh = Vector.MultiplyAddEstimate(all, high, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(float* c, Vector<float> low, Vector<float> high, float alpha, float beta)
    {
        low *= alpha;
        high *= alpha;
        if (beta != 0)
        {
            low = Vector.MultiplyAddEstimate(new Vector<float>(beta), Vector.Load(c), low);
            high = Vector.MultiplyAddEstimate(new Vector<float>(beta), Vector.Load(c + Vector<float>.Count), high);
        }
        low.Store(c);
        high.Store(c + Vector<float>.Count);
    }
}
