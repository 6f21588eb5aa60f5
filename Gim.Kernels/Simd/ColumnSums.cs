using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gim.Kernels.Simd;

/// <summary>
/// Sums down the columns of a matrix, a row at a time, in double. Every operation is separate (no fused ones), so a
/// column's bits are the same in a vector and beyond the last one.
/// </summary>
internal static class ColumnSums
{
    /// <summary>sums_c += row_c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> row, Span<double> sums)
    {
        ref float from = ref MemoryMarshal.GetReference(row);
        ref double to = ref MemoryMarshal.GetReference(sums);
        nuint i = 0, count = (nuint)row.Length, lanes = (nuint)Vector<float>.Count;
        for (; i + lanes <= count; i += lanes)
        {
            Vector.Widen(Vector.LoadUnsafe(ref from, i), out Vector<double> low, out Vector<double> high);
            Accumulate(ref to, i, low, high);
        }
        for (; i < count; i++)
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
    }

    /// <summary>sums_c += row_c - shift_c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddDistances(ReadOnlySpan<float> row, ReadOnlySpan<double> shift, Span<double> sums)
    {
        ref float from = ref MemoryMarshal.GetReference(row);
        ref double centre = ref MemoryMarshal.GetReference(shift), to = ref MemoryMarshal.GetReference(sums);
        nuint i = 0, count = (nuint)row.Length, lanes = (nuint)Vector<float>.Count;
        for (; i + lanes <= count; i += lanes)
        {
            Distances(ref from, ref centre, i, out Vector<double> low, out Vector<double> high);
            Accumulate(ref to, i, low, high);
        }
        for (; i < count; i++)
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i) - Unsafe.Add(ref centre, i);
    }

    /// <summary>sums_c += (a_c - centreA_c) (b_c - centreB_c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(ReadOnlySpan<float> a, ReadOnlySpan<double> centreA, ReadOnlySpan<float> b, ReadOnlySpan<double> centreB, Span<double> sums)
    {
        ref float left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b);
        ref double middleLeft = ref MemoryMarshal.GetReference(centreA), middleRight = ref MemoryMarshal.GetReference(centreB);
        ref double to = ref MemoryMarshal.GetReference(sums);
        nuint i = 0, count = (nuint)a.Length, lanes = (nuint)Vector<float>.Count;
        for (; i + lanes <= count; i += lanes)
        {
            Distances(ref left, ref middleLeft, i, out Vector<double> lowA, out Vector<double> highA);
            Distances(ref right, ref middleRight, i, out Vector<double> lowB, out Vector<double> highB);
            Accumulate(ref to, i, lowA * lowB, highA * highB);
        }
        for (; i < count; i++)
            Unsafe.Add(ref to, i) += (Unsafe.Add(ref left, i) - Unsafe.Add(ref middleLeft, i)) * (Unsafe.Add(ref right, i) - Unsafe.Add(ref middleRight, i));
    }

    /// <summary>gains_c += upstream_c (row_c - mean) inverse, biases_c += upstream_c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddNormal(ReadOnlySpan<float> row, float mean, float inverse, ReadOnlySpan<float> upstream, Span<double> gains, Span<double> biases)
    {
        ref float from = ref MemoryMarshal.GetReference(row), up = ref MemoryMarshal.GetReference(upstream);
        ref double toGains = ref MemoryMarshal.GetReference(gains), toBiases = ref MemoryMarshal.GetReference(biases);
        Vector<float> middle = new(mean), factor = new(inverse);
        nuint i = 0, count = (nuint)row.Length, lanes = (nuint)Vector<float>.Count;
        for (; i + lanes <= count; i += lanes)
        {
            Vector<float> gradient = Vector.LoadUnsafe(ref up, i);
            Vector.Widen(gradient * ((Vector.LoadUnsafe(ref from, i) - middle) * factor), out Vector<double> low, out Vector<double> high);
            Accumulate(ref toGains, i, low, high);
            Vector.Widen(gradient, out low, out high);
            Accumulate(ref toBiases, i, low, high);
        }
        for (; i < count; i++)
        {
            float gradient = Unsafe.Add(ref up, i);
            Unsafe.Add(ref toGains, i) += gradient * ((Unsafe.Add(ref from, i) - mean) * inverse);
            Unsafe.Add(ref toBiases, i) += gradient;
        }
    }

    /// <summary>destination_c = (row_c - centre_c) factor_c; the destination may be the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Standardize(ReadOnlySpan<float> row, ReadOnlySpan<double> centre, ReadOnlySpan<double> factor, Span<float> destination)
    {
        ref float from = ref MemoryMarshal.GetReference(row), to = ref MemoryMarshal.GetReference(destination);
        ref double middle = ref MemoryMarshal.GetReference(centre), times = ref MemoryMarshal.GetReference(factor);
        nuint i = 0, count = (nuint)row.Length, lanes = (nuint)Vector<float>.Count, half = (nuint)Vector<double>.Count;
        for (; i + lanes <= count; i += lanes)
        {
            Distances(ref from, ref middle, i, out Vector<double> low, out Vector<double> high);
            Vector.Narrow(low * Vector.LoadUnsafe(ref times, i), high * Vector.LoadUnsafe(ref times, i + half)).StoreUnsafe(ref to, i);
        }
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = (float)((Unsafe.Add(ref from, i) - Unsafe.Add(ref middle, i)) * Unsafe.Add(ref times, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Distances(ref float values, ref double centres, nuint i, out Vector<double> low, out Vector<double> high)
    {
        Vector.Widen(Vector.LoadUnsafe(ref values, i), out low, out high);
        low -= Vector.LoadUnsafe(ref centres, i);
        high -= Vector.LoadUnsafe(ref centres, i + (nuint)Vector<double>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref double sums, nuint i, Vector<double> low, Vector<double> high)
    {
        nuint half = (nuint)Vector<double>.Count;
        (Vector.LoadUnsafe(ref sums, i) + low).StoreUnsafe(ref sums, i);
        (Vector.LoadUnsafe(ref sums, i + half) + high).StoreUnsafe(ref sums, i + half);
    }
}
