using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        for (; i + lanes <= count; i += lanes)
            Apply(Vector.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Apply(new Vector<float>(Unsafe.Add(ref from, i)))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Apply(Vector<float> x)
    {
        // max(x, 0) - |x| erfc(|x| / sqrt(2)) / 2, where beyond the bound the second term is 0 as a float.
        const float Bound = 14.25f;
        Vector<float> magnitude = Vector.Min(Vector.Abs(x), new Vector<float>(Bound)), half = magnitude * 0.5f;
        Vector<float> square = half * magnitude;
        Vector<float> complement = ErrorFunction.Complement(
            magnitude * 0.707106781f, square, Vector.MultiplyAddEstimate(half, magnitude, -square));
        return Vector.Max(x, Vector<float>.Zero) - half * complement;
    }
}
