using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gim.Kernels.Elementwise;

/// <summary>
/// The Gaussian error linear unit in its exact form, x Φ(x). <see cref="GeluReference"/> is the definition; the result is
/// within a few 1e-7 of it, relative to it, also where x is far below 0 (1 + erf would have no digits left there; on
/// processors without fused multiply-adds, up to 5e-6).
/// </summary>
public static class Gelu
{
    /// <summary>results[i] = values[i] Φ(values[i]); both may be the same memory.</summary>
    /// <param name="values">[n]</param>
    /// <param name="results">[n]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> values, Span<float> results)
    {
        ElementwiseArguments.Check(values, results);
        ref float from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(results);
        nuint i = 0, count = (nuint)values.Length, lanes = (nuint)Vector<float>.Count;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + (nuint)Vector512<float>.Count <= count; i += (nuint)Vector512<float>.Count)
                Apply(Vector512.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        }
        for (; i + lanes <= count; i += lanes)
            Apply(Vector.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Apply(new Vector<float>(Unsafe.Add(ref from, i)))[0];
    }

    /// <summary>Beyond this |x| erfc(|x| / sqrt(2)) / 2 is 0 as a float.</summary>
    private const float Bound = 14.25f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Apply(Vector512<float> x)
    {
        // The native minimum and maximum give their second operand where one is NaN; NaN then comes by the last term.
        Vector512<float> magnitude = Vector512.MinNative(Vector512.Create(Bound), Vector512.Abs(x)), half = magnitude * 0.5f;
        Vector512<float> square = half * magnitude;
        Vector512<float> complement = ErrorFunction.Complement(
            magnitude * 0.707106781f, square, Vector512.FusedMultiplyAdd(half, magnitude, -square));
        return Vector512.MaxNative(x, Vector512<float>.Zero) - half * complement;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Apply(Vector<float> x)
    {
        // max(x, 0) - |x| erfc(|x| / sqrt(2)) / 2
        Vector<float> magnitude = Vector.Min(Vector.Abs(x), new Vector<float>(Bound)), half = magnitude * 0.5f;
        Vector<float> square = half * magnitude;
        Vector<float> complement = ErrorFunction.Complement(
            magnitude * 0.707106781f, square, Vector.MultiplyAddEstimate(half, magnitude, -square));
        return Vector.Max(x, Vector<float>.Zero) - half * complement;
    }
}
