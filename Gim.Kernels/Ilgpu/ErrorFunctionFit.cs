namespace Gim.Kernels.Ilgpu;

/// <summary>
/// erf in float32 for kernels, to 1.4e-7 absolute: below 1, x times a polynomial in x²; from 1 to 4, 1 - exp(polynomial in x); beyond,
/// 1. The polynomials interpolate erf(x)/x and log(1 - erf(x)) at Chebyshev nodes.
/// </summary>
internal static class ErrorFunctionFit
{
    public const float InverseRootOf2 = 0.70710678f;

    public const float InverseRootOf2Pi = 0.39894228f;

    /// <summary>erf(4) = 1 - 1.5e-8, which float32 cannot tell from 1.</summary>
    public const float FarEnd = 4;

    public const float Near0 = 1.1283791065216064f, Near1 = -0.3761262595653534f, Near2 = 0.11283594369888306f,
        Near3 = -0.02685421146452427f, Near4 = 0.005189087241888046f, Near5 = -0.000801686430349946f, Near6 = 7.875874871388078e-05f;

    public const float Far0 = 0.0003201380604878068f, Far1 = -1.1302334070205688f, Far2 = -0.6318260431289673f,
        Far3 = -0.11008008569478989f, Far4 = 0.026421135291457176f, Far5 = -0.004759596195071936f,
        Far6 = 0.0005968056502752006f, Far7 = -4.605804133461788e-05f, Far8 = 1.6371513993362896e-06f;
}
