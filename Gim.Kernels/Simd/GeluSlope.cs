using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gim.Kernels.Elementwise;

namespace Gim.Kernels.Simd;

/// <summary>The slope of GELU with vectors: Φ(x) + x φ(x), both of one exponential.</summary>
internal static class GeluSlope
{
    /// <summary>Beyond this Φ is 0 or 1 as a float, and x φ(x) is 0.</summary>
    private const float Bound = 14.25f;

    private const float InverseRootOf2 = 0.707106781f, InverseRootOf2Pi = 0.398942280f;

    /// <summary>destination[i] = upstream[i] times the slope at source[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> source, ReadOnlySpan<float> upstream, Span<float> destination)
    {
        ref float from = ref MemoryMarshal.GetReference(source), up = ref MemoryMarshal.GetReference(upstream), to = ref MemoryMarshal.GetReference(destination);
        nuint i = 0, count = (nuint)source.Length, lanes = (nuint)Vector<float>.Count;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + (nuint)Vector512<float>.Count <= count; i += (nuint)Vector512<float>.Count)
                (Vector512.LoadUnsafe(ref up, i) * Slope(Vector512.LoadUnsafe(ref from, i))).StoreUnsafe(ref to, i);
        }
        for (; i + lanes <= count; i += lanes)
            (Vector.LoadUnsafe(ref up, i) * Slope(Vector.LoadUnsafe(ref from, i))).StoreUnsafe(ref to, i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Unsafe.Add(ref up, i) * Slope(new Vector<float>(Unsafe.Add(ref from, i)))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> magnitude = Vector512.MinNative(Vector512.Create(Bound), Vector512.Abs(x)), half = magnitude * 0.5f, square = half * magnitude;
        Vector512<float> density = ErrorFunction.ExpOfMinus(square);
        density -= density * Vector512.FusedMultiplyAdd(half, magnitude, -square);
        Vector512<float> tail = density * ErrorFunction.ScaledComplement(magnitude * InverseRootOf2) * 0.5f;
        Vector512<float> distribution = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One - tail, tail);
        return Vector512.FusedMultiplyAdd(Vector512.CopySign(magnitude, x) * InverseRootOf2Pi, density, distribution + (x - x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Slope(Vector<float> x)
    {
        Vector<float> magnitude = Vector.Min(Vector.Abs(x), new Vector<float>(Bound)), half = magnitude * 0.5f, square = half * magnitude;
        Vector<float> density = ErrorFunction.ExpOfMinus(square);
        density -= density * Vector.MultiplyAddEstimate(half, magnitude, -square);
        Vector<float> tail = density * ErrorFunction.ScaledComplement(magnitude * InverseRootOf2) * 0.5f;
        Vector<float> distribution = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One - tail, tail);
        // x - x makes NaN of infinities; large x are cut, as their product with the smallest density would not be 0.
        return Vector.MultiplyAddEstimate(Vector.CopySign(magnitude, x) * InverseRootOf2Pi, density, distribution + (x - x));
    }
}
