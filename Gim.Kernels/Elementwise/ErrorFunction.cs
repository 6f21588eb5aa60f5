using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gim.Kernels.Elementwise;

/// <summary>
/// The error function on vectors, within about 1e-7 of <see cref="ErrorFunctionReference"/>, relative to it. Polynomials
/// were fitted at Chebyshev nodes. NaN stays NaN, infinities give 1 and -1.
/// </summary>
public static partial class ErrorFunction
{
    /// <summary>Beyond this erfc is 0 as a float.</summary>
    private const float ZeroFrom = 10.1f;

    /// <summary>results[i] = erf(values[i]); both may be the same memory.</summary>
    /// <param name="values">[n]</param>
    /// <param name="results">[n]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Erf(ReadOnlySpan<float> values, Span<float> results)
    {
        ElementwiseArguments.Check(values, results);
        ref float from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(results);
        nuint i = 0, count = (nuint)values.Length, lanes = (nuint)Vector<float>.Count;
        for (; i + lanes <= count; i += lanes)
            Erf(Vector.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
        for (; i < count; i++)
            Unsafe.Add(ref to, i) = Erf(new Vector<float>(Unsafe.Add(ref from, i)))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> Erf(Vector<float> x)
    {
        // Near 0, x times a polynomial in x x on [0, 1] (error 1.4e-9); else one less the complement.
        Vector<float> square = x * x;
        Vector<float> near = Poly(square, 7.88249745e-05f, -0.000801885501f);
        near = Poly(square, near, 0.00518931216f);
        near = Poly(square, near, -0.0268543288f);
        near = Poly(square, near, 0.112835974f);
        near = Poly(square, near, -0.37612626f);
        near = Poly(square, near, 1.12837923f);
        Vector<float> magnitude = Vector.Min(Vector.Abs(x), new Vector<float>(ZeroFrom));
        Vector<float> cut = magnitude * magnitude;
        Vector<float> far = Vector<float>.One - Complement(magnitude, cut, Vector.MultiplyAddEstimate(magnitude, magnitude, -cut));
        return Vector.ConditionalSelect(Vector.LessThan(square, Vector<float>.One), near * x, Vector.CopySign(far, x));
    }

    /// <summary>
    /// erfc(t) for 0 &lt;= t &lt;= 10.1, with an error of a few 1e-7 relative to it. The square of t comes in two parts, as
    /// the exponential of a rounded one would be off by as much as the square is large.
    /// </summary>
    /// <param name="square">t t, rounded.</param>
    /// <param name="rest">t t less <paramref name="square"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> Complement(Vector<float> t, Vector<float> square, Vector<float> rest)
    {
        Vector<float> p = ScaledComplement(t);
        return ExpOfMinus(square) * (p - p * rest);
    }

    /// <summary>erfc(t) exp(t t) for 0 &lt;= t &lt;= 10.1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> ScaledComplement(Vector<float> t)
    {
        // erfc(t) exp(t t) (1 + 2 t) as a polynomial in (t - 2) / (t + 2) (Shepherd and Laframboise 1981; error 1.6e-8).
        Vector<float> two = new(2f), u = (t - two) / (t + two);
        Vector<float> p = Poly(u, -0.000410065608f, -0.00124245894f);
        p = Poly(u, p, 0.00132059772f);
        p = Poly(u, p, 0.00864367746f);
        p = Poly(u, p, -0.00806145463f);
        p = Poly(u, p, -0.0542079695f);
        p = Poly(u, p, 0.164055482f);
        p = Poly(u, p, -0.166031063f);
        p = Poly(u, p, -0.0927639902f);
        p = Poly(u, p, 1.27697837f);
        return p / Vector.MultiplyAddEstimate(two, t, Vector<float>.One);
    }

    /// <summary>exp(-s) for 0 &lt;= s &lt;= 103.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> ExpOfMinus(Vector<float> s)
    {
        // s = n ln 2 - r with r near 0; ln 2 in two parts, of which n times the first is exact.
        Vector<float> n = Vector.Round(s * new Vector<float>(1.44269504f));
        Vector<float> r = Vector.MultiplyAddEstimate(n, new Vector<float>(0.69140625f), -s);
        r = Vector.MultiplyAddEstimate(n, new Vector<float>(0.0017409306f), r);
        Vector<float> p = Poly(r, 0.00139485812f, 0.00837512873f);
        p = Poly(r, p, 0.0416662171f);
        p = Poly(r, p, 0.166664153f);
        p = Poly(r, p, 0.5f);
        p = Poly(r, p, 1f);
        p = Poly(r, p, 1f);
        // 2^-n in two factors, as it may be below the smallest normal float.
        const int ExponentBias = 127, MantissaBits = 23;
        Vector<int> whole = Vector.ConvertToInt32(n), half = whole >> 1, bias = new(ExponentBias);
        return p * Vector.AsVectorSingle((bias - half) << MantissaBits) * Vector.AsVectorSingle((bias - (whole - half)) << MantissaBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Poly(Vector<float> x, float high, float low)
        => Vector.MultiplyAddEstimate(new Vector<float>(high), x, new Vector<float>(low));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Poly(Vector<float> x, Vector<float> high, float low)
        => Vector.MultiplyAddEstimate(high, x, new Vector<float>(low));
}
