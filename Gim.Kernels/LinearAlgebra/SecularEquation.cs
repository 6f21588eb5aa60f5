using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>
/// The eigenvalues of D + rho z z^T, D diagonal: roots of 1 / rho + sum of z_j^2 / (d_j - x), one between each two d and one
/// beyond the last. Found by the "middle way" (Li 1993): sums left and right of the root are each replaced by a pole with
/// the same value and slope, within a bracket that halves where that fails. All is reckoned from the nearest d, so that the
/// differences d_j - x, of which vectors are made, are right to nearly the last bit.
/// </summary>
internal static unsafe class SecularEquation
{
    private const double Rounding = 2.220446049250313e-16;

    /// <summary>Steps, of which four are the rule.</summary>
    private const int MostSteps = 200;

    /// <summary>Writes d_j - x for the root x that is number <paramref name="index"/> from below, and returns x.</summary>
    /// <param name="d">[k], ascending, no two alike.</param>
    /// <param name="z">[k], none zero.</param>
    /// <param name="rho">Positive.</param>
    /// <param name="square">The sum of z_j^2.</param>
    /// <param name="differences">[k]</param>
    public static double Root(int index, int k, double* d, double* z, double rho, double square, double* differences)
    {
        double constant = 1 / rho;
        bool last = index == k - 1;
        double gap = last ? rho * square : d[index + 1] - d[index];
        var sums = new Sums(d, z, k, Math.Clamp(index, 0, Math.Max(k - 2, 0)));
        double offset = gap / 2;
        double middle = sums.Evaluate(constant, d[index], offset);
        // The root is left of the middle where the function is positive there, as it ascends.
        bool fromRight = !last && middle < 0;
        double origin = fromRight ? d[index + 1] : d[index];
        double low = fromRight ? -gap / 2 : 0, high = fromRight ? 0 : last ? gap * (1 + 8 * k * Rounding) : gap / 2;
        if (last && middle < 0)
            low = gap / 2;
        else if (last)
            high = gap / 2;
        offset = fromRight ? offset - gap : offset;
        if (k > 1)
        {
            double guess = sums.Guess(middle, origin, offset, last);
            offset = guess > low && guess < high ? guess : Between(low, high);
        }
        else
            offset = rho * square;
        for (int step = 0; step < MostSteps && k > 1; step++)
        {
            double value = sums.Evaluate(constant, origin, offset);
            if (Math.Abs(value) <= Rounding * (2 * (constant + sums.Size) + Math.Abs(offset) * sums.Slope) || double.IsNaN(value))
                break;
            if (value < 0)
                low = offset;
            else
                high = offset;
            double next = offset + sums.Step(value, origin, offset, last);
            if (!(next > low && next < high))
                next = Between(low, high);
            if (!(next > low && next < high) || Math.Abs(next - offset) <= Rounding / 2 * Math.Abs(offset))
                break;
            offset = next;
        }
        for (int j = 0; j < k; j++)
            differences[j] = d[j] - origin - offset;
        return origin + offset;
    }

    /// <summary>A point inside a bracket of which one end may be the pole: nearer to it in size than in distance.</summary>
    private static double Between(double low, double high)
    {
        double near = Math.Min(Math.Abs(low), Math.Abs(high)), far = Math.Max(Math.Abs(low), Math.Abs(high));
        double size = near == 0 ? far / 64 : far > 4 * near ? Math.Sqrt(near) * Math.Sqrt(far) : (near + far) / 2;
        return high <= 0 ? -size : size;
    }

    /// <summary>The function's two sums, the poles up to the split and those behind it, and their slopes.</summary>
    private struct Sums(double* d, double* z, int k, int split)
    {
        private double left, right, leftSlope, rightSlope;

        /// <summary>The sum of all terms' sizes; no term has the other sign than its sum.</summary>
        public readonly double Size => Math.Abs(left) + Math.Abs(right);

        public readonly double Slope => leftSlope + rightSlope;

        public double Evaluate(double constant, double origin, double offset)
        {
            Sum(0, split + 1, origin, offset, out left, out leftSlope);
            Sum(split + 1, k, origin, offset, out right, out rightSlope);
            return constant + left + right;
        }

        /// <summary>The root where but for the two poles at the split all is as in the middle.</summary>
        public readonly double Guess(double middle, double origin, double offset, bool last)
        {
            double first = d[split] - origin, second = d[split + 1] - origin;
            double s = z[split] * z[split], r = z[split + 1] * z[split + 1];
            double rest = middle - s / (first - offset) - r / (second - offset);
            return Quadratic(rest, rest * (first + second) + s + r, rest * first * second + s * second + r * first, last);
        }

        /// <summary>From the offset to the root of the function's stand-in.</summary>
        public readonly double Step(double value, double origin, double offset, bool last)
        {
            double first = d[split] - origin - offset, second = d[split + 1] - origin - offset;
            double rest = value - first * leftSlope - second * rightSlope;
            double step = Quadratic(rest, (first + second) * value - first * second * Slope, first * second * value, last);
            // Where rounding sends the step the wrong way, Newton's is the right one.
            return step * value < 0 ? step : -value / Slope;
        }

        /// <summary>The root of c x^2 - a x + b that lies between two poles, or beyond both.</summary>
        private static double Quadratic(double c, double a, double b, bool last)
        {
            double root = Math.Sqrt(Math.Max(a * a - 4 * b * c, 0));
            if (last)
                return a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
            return a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Sum(int first, int end, double origin, double offset, out double sum, out double slope)
        {
            int lanes = Vector<double>.Count, j = first;
            Vector<double> s0 = default, s1 = default, t0 = default, t1 = default, from = new(origin), by = new(offset);
            for (; j <= end - 2 * lanes; j += 2 * lanes)
            {
                Vector<double> z0 = Vector.Load(z + j), z1 = Vector.Load(z + j + lanes);
                Vector<double> q0 = z0 / (Vector.Load(d + j) - from - by), q1 = z1 / (Vector.Load(d + j + lanes) - from - by);
                s0 = Vector.MultiplyAddEstimate(z0, q0, s0);
                s1 = Vector.MultiplyAddEstimate(z1, q1, s1);
                t0 = Vector.MultiplyAddEstimate(q0, q0, t0);
                t1 = Vector.MultiplyAddEstimate(q1, q1, t1);
            }
            sum = Vector.Sum(s0 + s1);
            slope = Vector.Sum(t0 + t1);
            for (; j < end; j++)
            {
                double quotient = z[j] / (d[j] - origin - offset);
                sum += z[j] * quotient;
                slope += quotient * quotient;
            }
        }
    }
}
