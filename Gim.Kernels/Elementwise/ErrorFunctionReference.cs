namespace Gim.Kernels.Elementwise;

/// <summary>The definition of <see cref="ErrorFunction"/> in double precision, by series (Abramowitz and Stegun 7.1.6 and 7.1.14).</summary>
public static class ErrorFunctionReference
{
    /// <summary>From here on the continued fraction of the complement converges well, and 1 - erf would lose digits.</summary>
    private const double Far = 3;

    /// <summary>erf(x) = 2 / sqrt(pi) times the integral of exp(-t t) from 0 to x.</summary>
    public static double Erf(double x)
        => double.IsNaN(x) ? x : Math.Abs(x) < Far ? Near(x) : Math.CopySign(1 - Tail(Math.Abs(x)), x);

    /// <summary>erfc(x) = 1 - erf(x), with all its digits where x is large.</summary>
    public static double Erfc(double x)
        => double.IsNaN(x) ? x : Math.Abs(x) < Far ? 1 - Near(x) : x < 0 ? 2 - Tail(-x) : Tail(x);

    /// <summary>2 / sqrt(pi) exp(-x x) times the sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)).</summary>
    private static double Near(double x)
    {
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>exp(-x x) / sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / (x + ...)))).</summary>
    private static double Tail(double x)
    {
        if (double.IsInfinity(x))
            return 0;
        const int Terms = 80;
        double fraction = x;
        for (int n = Terms; n > 0; n--)
            fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
