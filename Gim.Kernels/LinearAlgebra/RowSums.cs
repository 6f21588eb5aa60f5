using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gim.Kernels.LinearAlgebra;

/// <summary>A few rows of a matrix times a vector, from either side, in one fixed order of sums.</summary>
internal static unsafe class RowSums
{
    /// <summary>sum of x[j] y[j]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(double* x, double* y, int length)
    {
        int lanes = Vector<double>.Count, j = 0;
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; j <= length - 4 * lanes; j += 4 * lanes)
        {
            s0 = Vector.MultiplyAddEstimate(Vector.Load(x + j), Vector.Load(y + j), s0);
            s1 = Vector.MultiplyAddEstimate(Vector.Load(x + j + lanes), Vector.Load(y + j + lanes), s1);
            s2 = Vector.MultiplyAddEstimate(Vector.Load(x + j + 2 * lanes), Vector.Load(y + j + 2 * lanes), s2);
            s3 = Vector.MultiplyAddEstimate(Vector.Load(x + j + 3 * lanes), Vector.Load(y + j + 3 * lanes), s3);
        }
        double sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (; j < length; j++)
            sum += x[j] * y[j];
        return sum;
    }

    /// <summary>y += sum over the rows of factors[i step] rows[i]</summary>
    /// <param name="rows">[count, length] with <paramref name="stride"/> elements from row to row.</param>
    /// <param name="y">[length]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double* rows, nint stride, int count, double* factors, nint step, double sign, double* y, int length)
    {
        int lanes = Vector<double>.Count, i = 0;
        for (; i <= count - 4; i += 4, rows += 4 * stride, factors += 4 * step)
        {
            double f0 = sign * factors[0], f1 = sign * factors[step], f2 = sign * factors[2 * step], f3 = sign * factors[3 * step];
            Vector<double> v0 = new(f0), v1 = new(f1), v2 = new(f2), v3 = new(f3);
            int j = 0;
            for (; j <= length - lanes; j += lanes)
            {
                double* at = rows + j;
                Vector<double> sum = Vector.MultiplyAddEstimate(v0, Vector.Load(at), Vector.Load(y + j));
                sum = Vector.MultiplyAddEstimate(v1, Vector.Load(at + stride), sum);
                sum = Vector.MultiplyAddEstimate(v2, Vector.Load(at + 2 * stride), sum);
                Vector.MultiplyAddEstimate(v3, Vector.Load(at + 3 * stride), sum).Store(y + j);
            }
            for (; j < length; j++)
                y[j] += f0 * rows[j] + f1 * rows[stride + j] + (f2 * rows[2 * stride + j] + f3 * rows[3 * stride + j]);
        }
        for (; i < count; i++, rows += stride, factors += step)
        {
            double factor = sign * factors[0];
            var all = new Vector<double>(factor);
            int j = 0;
            for (; j <= length - lanes; j += lanes)
                Vector.MultiplyAddEstimate(all, Vector.Load(rows + j), Vector.Load(y + j)).Store(y + j);
            for (; j < length; j++)
                y[j] += factor * rows[j];
        }
    }
}
