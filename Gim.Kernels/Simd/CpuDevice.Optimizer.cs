using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    /// <summary>Values in one partial sum of squares.</summary>
    private const int SquaresBlock = 32 * 1024;

    private protected override void AddSumOfSquaresCore(DeviceView<float> source, DeviceView<float> destination)
    {
        int blocks = (int)(((long)source.Length + SquaresBlock - 1) / SquaresBlock);
        double[] rented = ArrayPool<double>.Shared.Rent(blocks);
        double sum = Span(destination)[0];
        unsafe
        {
            fixed (double* sums = rented)
                Divide(blocks, SquaresBlock, new SquaresWork(Values(source), new HostValues<double>(sums, blocks)));
        }
        foreach (double part in rented.AsSpan(0, blocks))
            sum += part;
        Span(destination)[0] = (float)sum;
        ArrayPool<double>.Shared.Return(rented);
    }

    private protected override void AdamWCore(
        DeviceView<float> parameters, DeviceView<float> gradient, DeviceView<float> firstMoment, DeviceView<float> secondMoment,
        AdamWStep step, DeviceView<float> squaredNorm, bool clips)
    {
        float clip = clips ? MathF.Min(1, (float)(step.MaximumNorm / Math.Sqrt(Span(squaredNorm)[0]))) : 1;
        Divide(parameters.Length, 2, new AdamWWork(
            Values(parameters), Values(gradient), Values(firstMoment), Values(secondMoment), new AdamWFactors(step, clips), clip));
    }

    private readonly struct SquaresWork(HostValues<float> source, HostValues<double> sums) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int block = start; block < end; block++)
            {
                int first = block * SquaresBlock;
                sums[block] = SumOfSquares(source.Range(first, first + Math.Min(SquaresBlock, source.Length - first)));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static double SumOfSquares(ReadOnlySpan<float> values)
        {
            Vector<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            int width = Vector<float>.Count, i = 0;
            for (; i <= values.Length - 2 * width; i += 2 * width)
            {
                Vector.Widen(new Vector<float>(values[i..]), out Vector<double> x0, out Vector<double> x1);
                Vector.Widen(new Vector<float>(values[(i + width)..]), out Vector<double> x2, out Vector<double> x3);
                sum0 += x0 * x0;
                sum1 += x1 * x1;
                sum2 += x2 * x2;
                sum3 += x3 * x3;
            }
            double sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
            for (; i < values.Length; i++)
                sum += (double)values[i] * values[i];
            return sum;
        }
    }

    private readonly unsafe struct AdamWWork(
        HostValues<float> parameters, HostValues<float> gradient, HostValues<float> firstMoment, HostValues<float> secondMoment, AdamWFactors factors, float clip)
        : IDivisibleWork
    {
        public void Run(int start, int end)
            => AdamWUpdate.Apply(parameters.First + start, gradient.First + start, firstMoment.First + start, secondMoment.First + start, end - start, factors, clip);
    }
}
