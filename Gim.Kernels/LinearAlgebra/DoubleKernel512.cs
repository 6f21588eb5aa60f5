using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gim.Kernels.Products;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// The innermost loop for 512-bit vectors of doubles, as <see cref="MicroKernel512"/> is for floats: a tile of C of up to
/// 14 x 16 is kept in 28 of the 32 registers.
/// </summary>
internal readonly unsafe struct DoubleKernel512 : IDoubleKernel
{
    public static int MaxRows => 14;

    public static int Columns => 2 * Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(nint depth, double* a, double* b, double* c, nint ldc, double alpha, double beta)
        where TRows : struct, ITileRows
    {
        Vector512<double> c0l = default, c0h = default, c1l = default, c1h = default;
        Vector512<double> c2l = default, c2h = default, c3l = default, c3h = default;
        Vector512<double> c4l = default, c4h = default, c5l = default, c5h = default;
        Vector512<double> c6l = default, c6h = default, c7l = default, c7h = default;
        Vector512<double> c8l = default, c8h = default, c9l = default, c9h = default;
        Vector512<double> c10l = default, c10h = default, c11l = default, c11h = default;
        Vector512<double> c12l = default, c12h = default, c13l = default, c13h = default;
        for (; depth > 0; depth--)
        {
            Vector512<double> low = Vector512.Load(b), high = Vector512.Load(b + Vector512<double>.Count);
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
            if (TRows.Count > 6)
                Add(a[6], low, high, ref c6l, ref c6h);
            if (TRows.Count > 7)
                Add(a[7], low, high, ref c7l, ref c7h);
            if (TRows.Count > 8)
                Add(a[8], low, high, ref c8l, ref c8h);
            if (TRows.Count > 9)
                Add(a[9], low, high, ref c9l, ref c9h);
            if (TRows.Count > 10)
                Add(a[10], low, high, ref c10l, ref c10h);
            if (TRows.Count > 11)
                Add(a[11], low, high, ref c11l, ref c11h);
            if (TRows.Count > 12)
                Add(a[12], low, high, ref c12l, ref c12h);
            if (TRows.Count > 13)
                Add(a[13], low, high, ref c13l, ref c13h);
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
        if (TRows.Count > 6)
            Write(c + 6 * ldc, c6l, c6h, alpha, beta);
        if (TRows.Count > 7)
            Write(c + 7 * ldc, c7l, c7h, alpha, beta);
        if (TRows.Count > 8)
            Write(c + 8 * ldc, c8l, c8h, alpha, beta);
        if (TRows.Count > 9)
            Write(c + 9 * ldc, c9l, c9h, alpha, beta);
        if (TRows.Count > 10)
            Write(c + 10 * ldc, c10l, c10h, alpha, beta);
        if (TRows.Count > 11)
            Write(c + 11 * ldc, c11l, c11h, alpha, beta);
        if (TRows.Count > 12)
            Write(c + 12 * ldc, c12l, c12h, alpha, beta);
        if (TRows.Count > 13)
            Write(c + 13 * ldc, c13l, c13h, alpha, beta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double a, Vector512<double> low, Vector512<double> high, ref Vector512<double> sumLow, ref Vector512<double> sumHigh)
    {
        Vector512<double> all = Vector512.Create(a);
        sumLow = Vector512.FusedMultiplyAdd(all, low, sumLow);
        sumHigh = Vector512.FusedMultiplyAdd(all, high, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(double* c, Vector512<double> low, Vector512<double> high, double alpha, double beta)
    {
        low *= alpha;
        high *= alpha;
        if (beta != 0)
        {
            low = Vector512.FusedMultiplyAdd(Vector512.Create(beta), Vector512.Load(c), low);
            high = Vector512.FusedMultiplyAdd(Vector512.Create(beta), Vector512.Load(c + Vector512<double>.Count), high);
        }
        low.Store(c);
        high.Store(c + Vector512<double>.Count);
    }
}
