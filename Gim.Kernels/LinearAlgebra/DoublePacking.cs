using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// Copying parts of A and B into the order in which the innermost loop reads them: packed [depth, width], a row being one
/// step of the sum. Nothing is read or written out of range.
/// </summary>
internal static unsafe class DoublePacking
{
    private const int Lanes = 8;

    /// <summary>packed[p, i] = source[p, i] for i &lt; count, 0 for the others up to width: a part stored as it is needed.</summary>
    /// <param name="source">[depth, count] with <paramref name="stride"/> elements from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Straight(double* source, nint stride, nint depth, int count, double* packed, int width)
    {
        for (nint p = 0; p < depth; p++, source += stride, packed += width)
        {
            int i = 0;
            for (; i <= count - Lanes; i += Lanes)
                Vector512.Load(source + i).Store(packed + i);
            for (; i < count; i++)
                packed[i] = source[i];
            for (; i < width; i++)
                packed[i] = 0;
        }
    }

    /// <summary>packed[p, i] = source[i, p] for i &lt; count, 0 for the others up to width: a part stored transposed.</summary>
    /// <param name="source">[count, depth] with <paramref name="stride"/> elements from row to row.</param>
    public static void Transposed(double* source, nint stride, nint depth, int count, double* packed, int width)
    {
        Transpose(source, stride, count, (int)depth, packed, width);
        for (nint p = 0; count < width && p < depth; p++)
            new Span<double>(packed + p * width + count, width - count).Clear();
    }

    /// <summary>to[j, i] = from[i, j]</summary>
    /// <param name="from">[rows, columns] with <paramref name="strideFrom"/> elements from row to row.</param>
    /// <param name="to">[columns, rows] with <paramref name="strideTo"/> elements from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(double* from, nint strideFrom, int rows, int columns, double* to, nint strideTo)
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= rows - Lanes; i += Lanes)
            {
                int j = 0;
                for (; j <= columns - Lanes; j += Lanes)
                    Square(from + i * strideFrom + j, strideFrom, to + j * strideTo + i, strideTo);
                Scalar(from + i * strideFrom + j, strideFrom, Lanes, columns - j, to + j * strideTo + i, strideTo);
            }
        }
        Scalar(from + i * strideFrom, strideFrom, rows - i, columns, to + i, strideTo);
    }

    /// <summary>Copies a part [rows, columns] of one matrix to another.</summary>
    public static void Copy(double* from, nint strideFrom, double* to, nint strideTo, int rows, int columns)
    {
        for (; rows > 0; rows--, from += strideFrom, to += strideTo)
            new Span<double>(from, columns).CopyTo(new Span<double>(to, columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scalar(double* from, nint strideFrom, int rows, int columns, double* to, nint strideTo)
    {
        for (int j = 0; j < columns; j++, to += strideTo)
        {
            for (int i = 0; i < rows; i++)
                to[i] = from[i * strideFrom + j];
        }
    }

    /// <summary>8 x 8: pairs of rows are interleaved within each quarter of a vector, then the quarters change places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(double* from, nint strideFrom, double* to, nint strideTo)
    {
        Pair(from, strideFrom, out var a0, out var a1);
        Pair(from + 2 * strideFrom, strideFrom, out var b0, out var b1);
        Pair(from + 4 * strideFrom, strideFrom, out var c0, out var c1);
        Pair(from + 6 * strideFrom, strideFrom, out var d0, out var d1);
        Quarters(a0, b0, c0, d0, to, 2 * strideTo);
        Quarters(a1, b1, c1, d1, to + strideTo, 2 * strideTo);
    }

    /// <summary>Two rows: quarter q holds their column 2 q, or 2 q + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(double* rows, nint stride, out Vector512<double> even, out Vector512<double> odd)
    {
        Vector512<double> first = Vector512.Load(rows), second = Vector512.Load(rows + stride);
        even = Avx512F.UnpackLow(first, second);
        odd = Avx512F.UnpackHigh(first, second);
    }

    /// <summary>Row q of the output is quarter q of each of the four inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, double* to, nint stride)
    {
        const byte Even = 0x88, Odd = 0xDD;
        Vector512<double> ab02 = Avx512F.Shuffle4x128(a, b, Even), ab13 = Avx512F.Shuffle4x128(a, b, Odd);
        Vector512<double> cd02 = Avx512F.Shuffle4x128(c, d, Even), cd13 = Avx512F.Shuffle4x128(c, d, Odd);
        Avx512F.Shuffle4x128(ab02, cd02, Even).Store(to);
        Avx512F.Shuffle4x128(ab13, cd13, Even).Store(to + stride);
        Avx512F.Shuffle4x128(ab02, cd02, Odd).Store(to + 2 * stride);
        Avx512F.Shuffle4x128(ab13, cd13, Odd).Store(to + 3 * stride);
    }
}
