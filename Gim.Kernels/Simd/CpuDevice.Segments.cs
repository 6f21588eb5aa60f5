using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void SumSegmentsCore(
        DeviceView<float> weights, DeviceView<int> order, DeviceView<int> starts, int rows, int columns, DeviceView<float> destination)
    {
        int segments = starts.Length - 1;
        var sums = new SegmentSums(Values(weights), Values(order), Values(starts), columns, Values(destination));
        // Each sum is one thread's, however they are divided; the longer side divides better.
        if (segments >= rows)
            Divide(segments, (long)rows * (1 + order.Length / segments), new SegmentsWork(sums, rows));
        else
            Divide(rows, segments + (long)order.Length, new SegmentRowsWork(sums, segments));
    }

    private readonly struct SegmentsWork(SegmentSums sums, int rows) : IDivisibleWork
    {
        public void Run(int start, int end) => sums.Sum(0, rows, start, end);
    }

    private readonly struct SegmentRowsWork(SegmentSums sums, int segments) : IDivisibleWork
    {
        public void Run(int start, int end) => sums.Sum(start, end, 0, segments);
    }

    private readonly unsafe struct SegmentSums(
        HostValues<float> weights, HostValues<int> order, HostValues<int> starts, int columns, HostValues<float> destination)
    {
        /// <summary>Rows that are summed side by side: one row's additions wait for each other.</summary>
        private const int Together = 4;

        /// <summary>Rows [firstRow, endRow), segments [firstSegment, endSegment).</summary>
        public void Sum(int firstRow, int endRow, int firstSegment, int endSegment)
        {
            int segments = starts.Length - 1, row = firstRow;
            for (; row <= endRow - Together; row += Together)
            {
                for (int s = firstSegment; s < endSegment; s++)
                    SumTogether(weights.First + (nint)row * columns, s, destination.First + (nint)row * segments + s, segments);
            }
            for (; row < endRow; row++)
            {
                for (int s = firstSegment; s < endSegment; s++)
                    destination[row * segments + s] = SumOne(weights.First + (nint)row * columns, s);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float SumOne(float* from, int segment)
        {
            double sum = 0;
            int end = Place(segment + 1);
            for (int t = Place(segment); t < end; t++)
            {
                int place = order.First[t];
                if ((uint)place < (uint)columns) sum += from[place];
            }
            return (float)sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void SumTogether(float* from, int segment, float* to, nint stride)
        {
            double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
            float* from1 = from + columns, from2 = from1 + columns, from3 = from2 + columns;
            int end = Place(segment + 1);
            for (int t = Place(segment); t < end; t++)
            {
                int place = order.First[t];
                if ((uint)place >= (uint)columns) continue;
                sum0 += from[place];
                sum1 += from1[place];
                sum2 += from2[place];
                sum3 += from3[place];
            }
            to[0] = (float)sum0;
            to[stride] = (float)sum1;
            to[2 * stride] = (float)sum2;
            to[3 * stride] = (float)sum3;
        }

        /// <summary>Where a segment starts, inside the order.</summary>
        private int Place(int segment) => Math.Clamp(starts.First[segment], 0, order.Length);
    }
}
