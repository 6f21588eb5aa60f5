using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>All eigenvalues and vectors of a small tridiagonal matrix by the implicit QL method (Dubrulle, Martin and Wilkinson 1968).</summary>
internal static unsafe class TridiagonalQl
{
    /// <summary>Steps for one eigenvalue: two or three are the rule.</summary>
    private const int MostSteps = 100;

    /// <param name="diagonal">[n], replaced by the eigenvalues in no order.</param>
    /// <param name="beside">[n], of which the last is not read; overwritten.</param>
    /// <param name="z">[n, n]: rows, replaced by the vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Decompose(int n, double* diagonal, double* beside, double* z, nint ldz)
    {
        for (int i = 0; i < n; i++)
        {
            new Span<double>(z + i * ldz, n).Clear();
            z[i * ldz + i] = 1;
        }
        for (int first = 0; first < n; first++)
        {
            int end, steps = 0;
            while ((end = End(n, first, diagonal, beside)) != first)
            {
                if (steps++ == MostSteps)
                    throw new InvalidOperationException($"eigenvalue {first} of a tridiagonal matrix of {n} was not found in {MostSteps} steps");
                Step(first, end, diagonal, beside, z, ldz, n);
            }
        }
    }

    /// <summary>The last row of the block that begins at <paramref name="first"/>: beside it is nothing to speak of.</summary>
    private static int End(int n, int first, double* diagonal, double* beside)
    {
        const double Rounding = 1.2e-16;
        int end = first;
        while (end < n - 1 && !(Math.Abs(beside[end]) <= Rounding * (Math.Abs(diagonal[end]) + Math.Abs(diagonal[end + 1]))))
            end++;
        return end;
    }

    /// <summary>One step with Wilkinson's shift: a rotation makes an element beside the bandwidth, the next ones chase it upwards.</summary>
    private static void Step(int first, int end, double* diagonal, double* beside, double* z, nint ldz, int n)
    {
        double ratio = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
        double shift = diagonal[first] - beside[first] / (ratio + Math.CopySign(double.Hypot(ratio, 1), ratio));
        double x = diagonal[end] - shift, sine = 1, cosine = 1, moved = 0;
        for (int i = end - 1; i >= first; i--)
        {
            double bulge = sine * beside[i], kept = cosine * beside[i], length = double.Hypot(bulge, x);
            beside[i + 1] = length;
            if (length == 0)
            {
                diagonal[i + 1] -= moved;
                beside[end] = 0;
                return;
            }
            sine = bulge / length;
            cosine = x / length;
            double above = diagonal[i + 1] - moved, mixed = (diagonal[i] - above) * sine + 2 * cosine * kept;
            moved = sine * mixed;
            diagonal[i + 1] = above + moved;
            x = cosine * mixed - kept;
            Rotate(z + i * ldz, z + (i + 1) * ldz, cosine, -sine, n);
        }
        diagonal[first] -= moved;
        beside[first] = x;
        beside[end] = 0;
    }

    /// <summary>p, q = c p + s q, c q - s p</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(double* p, double* q, double cosine, double sine, int length)
    {
        int lanes = Vector<double>.Count, j = 0;
        for (; j <= length - lanes; j += lanes)
        {
            var one = Vector.Load(p + j);
            var two = Vector.Load(q + j);
            Vector.Store(one * cosine + two * sine, p + j);
            Vector.Store(two * cosine - one * sine, q + j);
        }
        for (; j < length; j++)
            (p[j], q[j]) = (cosine * p[j] + sine * q[j], cosine * q[j] - sine * p[j]);
    }
}
