using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gim.Kernels.Elementwise;

/// <summary>
/// The parts of the error function on 512-bit vectors, for processors that have them: the same arithmetic to the last bit,
/// at nearly twice the speed, as chains of dependent operations are as long for twice the values.
/// </summary>
public static partial class ErrorFunction
{
    /// <inheritdoc cref="Complement(System.Numerics.Vector{float}, System.Numerics.Vector{float}, System.Numerics.Vector{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Complement(Vector512<float> t, Vector512<float> square, Vector512<float> rest)
    {
        Vector512<float> p = ScaledComplement(t);
        return ExpOfMinus(square) * (p - p * rest);
    }

    /// <inheritdoc cref="ScaledComplement(System.Numerics.Vector{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ScaledComplement(Vector512<float> t)
    {
        Vector512<float> two = Vector512.Create(2f), u = (t - two) / (t + two);
        Vector512<float> p = Poly(u, Vector512.Create(-0.000410065608f), -0.00124245894f);
        p = Poly(u, p, 0.00132059772f);
        p = Poly(u, p, 0.00864367746f);
        p = Poly(u, p, -0.00806145463f);
        p = Poly(u, p, -0.0542079695f);
        p = Poly(u, p, 0.164055482f);
        p = Poly(u, p, -0.166031063f);
        p = Poly(u, p, -0.0927639902f);
        p = Poly(u, p, 1.27697837f);
        return p / Vector512.FusedMultiplyAdd(two, t, Vector512<float>.One);
    }

    /// <inheritdoc cref="ExpOfMinus(System.Numerics.Vector{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ExpOfMinus(Vector512<float> s)
    {
        Vector512<float> n = Vector512.Round(s * Vector512.Create(1.44269504f));
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(0.69140625f), -s);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(0.0017409306f), r);
        Vector512<float> p = Poly(r, Vector512.Create(0.00139485812f), 0.00837512873f);
        p = Poly(r, p, 0.0416662171f);
        p = Poly(r, p, 0.166664153f);
        p = Poly(r, p, 0.5f);
        p = Poly(r, p, 1f);
        p = Poly(r, p, 1f);
        const int ExponentBias = 127, MantissaBits = 23;
        Vector512<int> whole = Vector512.ConvertToInt32Native(n), half = whole >> 1, bias = Vector512.Create(ExponentBias);
        return p * ((bias - half) << MantissaBits).AsSingle() * ((bias - (whole - half)) << MantissaBits).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Poly(Vector512<float> x, Vector512<float> high, float low)
        => Vector512.FusedMultiplyAdd(high, x, Vector512.Create(low));
}
