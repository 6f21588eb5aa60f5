namespace Gim.Train.Data;

/// <summary>
/// The sequence x_i = frac(x_0 + i / phi), phi the golden ratio: of all rotations of the circle the one whose first n
/// points lie most evenly for every n (Knuth, The Art of Computer Programming 3, section 6.4). Numbers are in units of
/// 2^-64, so that they are exact however far one goes.
/// </summary>
internal static class GoldenRotation
{
    /// <summary>2^64 / phi, odd.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15;

    private static readonly UInt128 One = (UInt128)1 << 64;

    /// <summary>x_i in units of 2^-64.</summary>
    public static ulong At(ulong start, long i) => start + (ulong)i * Step;

    /// <summary>How many of the first <paramref name="count"/> points lie in [from, to): counted in logarithmic time.</summary>
    /// <param name="start">x_0.</param>
    /// <param name="count">At least 0.</param>
    /// <param name="from">In units of 2^-64, at most <paramref name="to"/>.</param>
    /// <param name="to">At most 2^64.</param>
    public static long Count(ulong start, long count, UInt128 from, UInt128 to)
    {
        // floor((y + 1 - from) / 1) - floor((y + 1 - to) / 1) is 1 where frac(y) lies in [from, to), and 0 elsewhere.
        UInt128 n = (ulong)count;
        return (long)(FloorSum(n, One, Step, start + One - from) - FloorSum(n, One, Step, start + One - to));
    }

    /// <summary>
    /// The sum over i in [0, n) of floor((a i + b) / m), by Euclid's algorithm (Graham, Knuth and Patashnik, Concrete
    /// Mathematics, section 3.5). Sums are modulo 2^128; with n below 2^63, m = 2^64 and a below m no other step overflows.
    /// </summary>
    private static UInt128 FloorSum(UInt128 n, UInt128 m, UInt128 a, UInt128 b)
    {
        UInt128 sum = 0;
        while (n > 0)
        {
            sum += n * (n - 1) / 2 * (a / m) + n * (b / m);
            a %= m;
            b %= m;
            // The points below the line are counted column by column so far; now row by row.
            UInt128 top = a * n + b;
            n = top / m;
            b = top % m;
            (m, a) = (a, m);
        }
        return sum;
    }
}
