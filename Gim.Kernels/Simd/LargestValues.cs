using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.Simd;

/// <summary>
/// The k largest values of a row in one pass: those met so far are a heap whose root is the least of them, and vectors
/// of values are only compared with it. A value that equals the root comes later in the row, so it is not better.
/// </summary>
internal static class LargestValues
{
    /// <summary>Descending, of equal values the first one first; NaN is below all.</summary>
    /// <param name="row">[n]</param>
    /// <param name="values">[k], from 1 to n.</param>
    /// <param name="indexes">[k]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Find(ReadOnlySpan<float> row, Span<float> values, Span<int> indexes)
    {
        int k = values.Length;
        for (int i = 0; i < k; i++)
            (values[i], indexes[i]) = (row[i], i);
        for (int i = k / 2 - 1; i >= 0; i--)
            Sink(values, indexes, i, k, values[i], indexes[i]);
        Scan(row, values, indexes);
        // The least goes to the end, again and again.
        for (int end = k - 1; end > 0; end--)
        {
            (float value, int index) = (values[end], indexes[end]);
            (values[end], indexes[end]) = (values[0], indexes[0]);
            Sink(values, indexes, 0, end, value, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan(ReadOnlySpan<float> row, Span<float> values, Span<int> indexes)
    {
        const int vectors = 4;
        int width = Vector<float>.Count, i = values.Length;
        while (i < row.Length)
        {
            // Nothing is greater than NaN: until the heap is free of it, values go in one by one.
            var least = new Vector<float>(values[0]);
            if (!float.IsNaN(values[0]))
            {
                for (; i <= row.Length - vectors * width; i += vectors * width)
                {
                    Vector<int> above01 = Vector.GreaterThan(new Vector<float>(row[i..]), least) | Vector.GreaterThan(new Vector<float>(row[(i + width)..]), least);
                    Vector<int> above23 = Vector.GreaterThan(new Vector<float>(row[(i + 2 * width)..]), least) | Vector.GreaterThan(new Vector<float>(row[(i + 3 * width)..]), least);
                    if ((above01 | above23) != Vector<int>.Zero) break;
                }
            }
            for (int end = Math.Min(i + vectors * width, row.Length); i < end; i++)
            {
                if (IsBetter(row[i], i, values[0], indexes[0]))
                    Sink(values, indexes, 0, values.Length, row[i], i);
            }
        }
    }

    /// <summary>Puts a value into the hole at <paramref name="place"/> of a heap of <paramref name="count"/>, or below it.</summary>
    private static void Sink(Span<float> values, Span<int> indexes, int place, int count, float value, int index)
    {
        while (true)
        {
            // A heap has at most half of 2^31 values above its last level.
            int child = 2 * place + 1;
            if (child >= count || child < 0) break;
            if (child + 1 < count && IsBetter(values[child], indexes[child], values[child + 1], indexes[child + 1])) child++;
            if (!IsBetter(value, index, values[child], indexes[child])) break;
            (values[place], indexes[place]) = (values[child], indexes[child]);
            place = child;
        }
        (values[place], indexes[place]) = (value, index);
    }

    private static bool IsBetter(float value, int index, float other, int otherIndex)
    {
        if (value > other) return true;
        if (value < other) return false;
        bool isNaN = float.IsNaN(value), otherIsNaN = float.IsNaN(other);
        return isNaN == otherIsNaN ? index < otherIndex : otherIsNaN;
    }
}
