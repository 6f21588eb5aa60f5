using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void TopKCore(DeviceView<float> source, int rows, int columns, int k, DeviceView<float> values, DeviceView<int> indexes)
        => Divide(rows, columns + 64L * k, new TopKWork(Values(source), columns, k, Values(values), Values(indexes)));

    private readonly struct TopKWork(HostValues<float> source, int columns, int k, HostValues<float> values, HostValues<int> indexes) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
                LargestValues.Find(source.Row(r, columns), values.Row(r, k), indexes.Row(r, k));
        }
    }
}
