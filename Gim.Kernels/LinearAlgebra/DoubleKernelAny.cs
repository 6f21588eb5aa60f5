using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// The innermost loop for machines without 512-bit vectors, as <see cref="MicroKernelAny"/> is for floats: a tile of up to
/// 6 x 8 with 256-bit vectors, 6 x 4 with 128-bit ones.
/// </summary>
internal readonly unsafe struct DoubleKernelAny : IDoubleKernel
{
    public static int MaxRows => 6;

    public static int Columns => 2 * Vector<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(nint depth, double* a, double* b, double* c, nint ldc, double alpha, double beta)
        where TRows : struct, ITileRows
    {
        Vector<double> c0l = default, c0h = default, c1l = default, c1h = default;
        Vector<double> c2l = default, c2h = default, c3l = default, c3h = default;
        Vector<double> c4l = default, c4h = default, c5l = default, c5h = default;
        for (; depth > 0; depth--)
        {
            Vector<double> low = Vector.Load(b), high = Vector.Load(b + Vector<double>.Count);
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
            b += Columns;
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
    private static void Add(double a, Vector<double> low, Vector<double> high, ref Vector<double> sumLow, ref Vector<double> sumHigh)
    {
        Vector<double> all = new Vector<double>(a);
        sumLow = Vector.MultiplyAddEstimate(all, low, sumLow);
        sumHigh = Vector.MultiplyAddEstimate(all, high, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(double* c, Vector<double> low, Vector<double> high, double alpha, double beta)
    {
        low *= alpha;
        high *= alpha;
        if (beta != 0)
        {
            low = Vector.MultiplyAddEstimate(new Vector<double>(beta), Vector.Load(c), low);
            high = Vector.MultiplyAddEstimate(new Vector<double>(beta), Vector.Load(c + Vector<double>.Count), high);
        }
        low.Store(c);
        high.Store(c + Vector<double>.Count);
    }
}
