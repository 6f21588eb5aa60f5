using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gim.Kernels.Products;

/// <summary>
/// Copying parts of A and B into the order in which the innermost loop reads them: packed [depth, width], a row being one
/// step of the sum. Vectors may write up to one vector beyond the last row; the next part, or nothing, begins there.
/// </summary>
internal static unsafe class Packing
{
    private const int Lanes = 16;

    /// <summary>packed[p, i] = source[p, i] for i &lt; count, 0 for the others up to width: a part stored as it is needed.</summary>
    /// <param name="source">[depth, count] with <paramref name="stride"/> elements from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Straight(float* source, nint stride, nint depth, int count, float* packed, int width)
    {
        nint p = 0;
        if (Vector512.IsHardwareAccelerated && count == 2 * Lanes && width == count)
        {
            for (; p < depth; p++, source += stride, packed += 2 * Lanes)
            {
                Vector512.Load(source).Store(packed);
                Vector512.Load(source + Lanes).Store(packed + Lanes);
            }
            return;
        }
        if (Vector512.IsHardwareAccelerated && count == width && width <= Lanes)
        {
            // A whole vector reads beyond the row; it must not read beyond the matrix.
            nint total = (depth - 1) * stride + count;
            for (; p < depth && p * stride + Lanes <= total; p++, source += stride, packed += width)
                Vector512.Load(source).Store(packed);
        }
        for (; p < depth; p++, source += stride, packed += width)
        {
            for (int i = 0; i < count; i++)
                packed[i] = source[i];
            for (int i = count; i < width; i++)
                packed[i] = 0;
        }
    }

    /// <summary>packed[p, i] = source[i, p] for i &lt; count, 0 for the others up to width: a part stored transposed.</summary>
    /// <param name="source">[count, depth] with <paramref name="stride"/> elements from row to row.</param>
    public static void Transposed(float* source, nint stride, nint depth, int count, float* packed, int width)
    {
        if (!Avx512F.IsSupported)
        {
            TransposedRest(source, stride, 0, depth, count, packed, width, width);
            return;
        }
        for (int first = 0; first < width; first += Lanes)
        {
            int here = Math.Clamp(count - first, 0, Lanes), room = Math.Min(width - first, Lanes);
            float* rows = source + (here > 0 ? first : 0) * stride;
            nint done = TransposedVectors(rows, stride, depth, here, packed + first, width);
            TransposedRest(rows, stride, done, depth, here, packed + first, room, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposedRest(float* source, nint stride, nint first, nint depth, int count, float* packed, int room, int width)
    {
        for (nint p = first; p < depth; p++)
        {
            float* to = packed + p * width;
            for (int i = 0; i < count; i++)
                to[i] = source[i * stride + p];
            for (int i = count; i < room; i++)
                to[i] = 0;
        }
    }

    /// <summary>Squares of 16 x 16: returns how many rows of the packed part they filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint TransposedVectors(float* source, nint stride, nint depth, int count, float* packed, int width)
    {
        // Rows that are not there are read from a row of zeros.
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        float** row = stackalloc float*[Lanes];
        nint* step = stackalloc nint[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            row[i] = i < count ? source + i * stride : zeros;
            step[i] = i < count ? 1 : 0;
        }
        nint p = 0;
        for (; p <= depth - Lanes; p += Lanes, packed += (nint)Lanes * width)
        {
            // Pairs, then fours of rows are interleaved within each quarter; then the quarters change places.
            Fours(row, step, p, 0, out var a0, out var a1, out var a2, out var a3);
            Fours(row, step, p, 4, out var b0, out var b1, out var b2, out var b3);
            Fours(row, step, p, 8, out var c0, out var c1, out var c2, out var c3);
            Fours(row, step, p, 12, out var d0, out var d1, out var d2, out var d3);
            // Ascending, as each vector's surplus lanes are overwritten by the next one.
            Quarters(a0, b0, c0, d0, out var e0, out var e4, out var e8, out var e12);
            Quarters(a1, b1, c1, d1, out var e1, out var e5, out var e9, out var e13);
            Quarters(a2, b2, c2, d2, out var e2, out var e6, out var e10, out var e14);
            Quarters(a3, b3, c3, d3, out var e3, out var e7, out var e11, out var e15);
            nint w = width;
            e0.Store(packed);
            e1.Store(packed + w);
            e2.Store(packed + 2 * w);
            e3.Store(packed + 3 * w);
            e4.Store(packed + 4 * w);
            e5.Store(packed + 5 * w);
            e6.Store(packed + 6 * w);
            e7.Store(packed + 7 * w);
            e8.Store(packed + 8 * w);
            e9.Store(packed + 9 * w);
            e10.Store(packed + 10 * w);
            e11.Store(packed + 11 * w);
            e12.Store(packed + 12 * w);
            e13.Store(packed + 13 * w);
            e14.Store(packed + 14 * w);
            e15.Store(packed + 15 * w);
        }
        return p;
    }

    /// <summary>Four rows of 16: quarter q of output j holds their column 4 q + j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fours(
        float** row, nint* step, nint p, int first,
        out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
    {
        Vector512<float> x0 = Vector512.Load(row[first] + p * step[first]), x1 = Vector512.Load(row[first + 1] + p * step[first + 1]);
        Vector512<float> x2 = Vector512.Load(row[first + 2] + p * step[first + 2]), x3 = Vector512.Load(row[first + 3] + p * step[first + 3]);
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble(), high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble(), high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        r0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        r1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        r2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        r3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Output q holds quarter q of each of the four inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d,
        out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        const byte Even = 0x88, Odd = 0xDD;
        Vector512<float> ab02 = Avx512F.Shuffle4x128(a, b, Even), ab13 = Avx512F.Shuffle4x128(a, b, Odd);
        Vector512<float> cd02 = Avx512F.Shuffle4x128(c, d, Even), cd13 = Avx512F.Shuffle4x128(c, d, Odd);
        q0 = Avx512F.Shuffle4x128(ab02, cd02, Even);
        q2 = Avx512F.Shuffle4x128(ab02, cd02, Odd);
        q1 = Avx512F.Shuffle4x128(ab13, cd13, Even);
        q3 = Avx512F.Shuffle4x128(ab13, cd13, Odd);
    }
}
