namespace Gim.Fmri.Simulation;

/// <summary>
/// How blood flow answers to a moment of activity: a fast rise and a slower, smaller undershoot,
/// h(t) = (t/p)^(p/w) e^(-(t-p)/w) - c (t/u)^(u/w) e^(-(t-u)/w) for t > 0 (Glover 1999, whose values are p = 5.4, u = 10.8,
/// w = 0.9, c = 0.35). Each of the two terms is largest, 1 and c, at its time p or u.
/// </summary>
/// <param name="Peak">p, in seconds.</param>
/// <param name="Undershoot">c, a share of the peak.</param>
internal readonly record struct HaemodynamicResponse(double Peak, double Undershoot)
{
    /// <summary>Seconds after which nothing is left to speak of.</summary>
    public const double Lasts = 32;

    /// <summary>w, in seconds; u = 2 p.</summary>
    private const double Width = 0.9;

    public double At(double seconds) => seconds <= 0 ? 0 : Wave(seconds, Peak) - Undershoot * Wave(seconds, 2 * Peak);

    private static double Wave(double seconds, double peak) => Math.Pow(seconds / peak, peak / Width) * Math.Exp((peak - seconds) / Width);
}
