using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void SimilarityWeightsCore(
        DeviceView<float> queries, DeviceView<float> keys, int queryCount, int keyCount, int columns, int firstPosition, float inverseTemperature,
        DeviceView<float> destination)
    {
        // All products are made, those of later keys too: half of them are lost only where queries and keys are one sequence.
        MultiplyCore(queries, keys, new ProductShape(queryCount, keyCount, columns) { TransposeB = true }, destination, default, hasBias: false);
        // One query may meet millions of keys: its row is cut into parts as well.
        int across = (keyCount + SimilarityWork.Columns - 1) / SimilarityWork.Columns;
        Divide(queryCount * across, 3L * Math.Min(keyCount, SimilarityWork.Columns), new SimilarityWork(Values(destination), keyCount, firstPosition, inverseTemperature));
    }

    private readonly struct SimilarityWork(HostValues<float> weights, int keyCount, int firstPosition, float inverseTemperature) : IDivisibleWork
    {
        /// <summary>Keys of one item.</summary>
        public const int Columns = 8192;

        public void Run(int start, int end)
        {
            int across = (keyCount + Columns - 1) / Columns;
            for (int item = start; item < end; item++)
            {
                int row = item / across, first = item % across * Columns, count = Math.Min(Columns, keyCount - first);
                Span<float> part = weights.Row(row, keyCount).Slice(first, count);
                int earlier = (int)Math.Clamp((long)firstPosition + row - first, 0, count);
                part[earlier..].Clear();
                Span<float> seen = part[..earlier];
                Elementwise.Exponential.Apply(seen, 1, inverseTemperature, seen);
            }
        }
    }
}
