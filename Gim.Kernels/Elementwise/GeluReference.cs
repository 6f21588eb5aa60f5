namespace Gim.Kernels.Elementwise;

/// <summary>The definition of <see cref="Elementwise.Gelu"/> in double precision.</summary>
public static class GeluReference
{
    /// <summary>x Φ(x) = x erfc(-x / sqrt(2)) / 2 (Hendrycks and Gimpel 2016, the exact form); at -∞ its limit, 0.</summary>
    public static double Gelu(double x)
        => double.IsNegativeInfinity(x) ? 0 : x * 0.5 * ErrorFunctionReference.Erfc(-x / Math.Sqrt(2));
}
