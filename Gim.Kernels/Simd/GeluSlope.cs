using System.Numerics;

namespace Gim.Kernels.Simd;

/// <summary>The slope of GELU with vectors; <see cref="Numbers.ErrorFunctionFit"/> says which erf.</summary>
internal static class GeluSlope
{
    public static void Apply(ReadOnlySpan<float> source, ReadOnlySpan<float> upstream, Span<float> destination)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= source.Length - width; i += width)
            (new Vector<float>(upstream[i..]) * Slope(new Vector<float>(source[i..]))).CopyTo(destination[i..]);
        if (i == source.Length) return;
        Span<float> last = stackalloc float[2 * width];
        source[i..].CopyTo(last);
        upstream[i..].CopyTo(last[width..]);
        (new Vector<float>(last[width..]) * Slope(new Vector<float>(last))).CopyTo(last);
        last[..(source.Length - i)].CopyTo(destination[i..]);
    }

    private static Vector<float> Slope(Vector<float> x)
        => Distribution(x) + x * Vector.Exp(x * x * -0.5f) * Numbers.ErrorFunctionFit.InverseRootOf2Pi;

    /// <summary>Φ(x).</summary>
    private static Vector<float> Distribution(Vector<float> x)
    {
        Vector<float> t = x * Numbers.ErrorFunctionFit.InverseRootOf2;
        Vector<float> magnitude = Vector.Abs(t);
        Vector<float> near = t * Polynomial(Numbers.ErrorFunctionFit.Near, t * t);
        Vector<float> far = Vector<float>.One - Vector.Exp(Polynomial(Numbers.ErrorFunctionFit.Far, Vector.Min(magnitude, new Vector<float>(Numbers.ErrorFunctionFit.FarEnd))));
        Vector<float> erf = Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector<float>.One), near, Vector.CopySign(far, t));
        return (Vector<float>.One + erf) * 0.5f;
    }

    private static Vector<float> Polynomial(ReadOnlySpan<float> coefficients, Vector<float> x)
    {
        Vector<float> sum = new(coefficients[^1]);
        for (int i = coefficients.Length - 2; i >= 0; i--)
            sum = Vector.FusedMultiplyAdd(sum, x, new Vector<float>(coefficients[i]));
        return sum;
    }
}
