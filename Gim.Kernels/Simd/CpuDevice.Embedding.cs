using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void GatherRowsCore(DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, DeviceView<float> destination)
        => Divide(indexes.Length, columns, new GatherWork(Values(table), Values(indexes), rows, columns, Values(destination)));

    // The rows of the table fall into classes by their last bits, of which a thread takes some through all indexes: two
    // threads never add to one row, and frequent tokens, whose ids are neighbours, are spread over all classes.
    private protected override void ScatterAddRowsCore(DeviceView<float> source, DeviceView<int> indexes, int rows, int columns, DeviceView<float> table)
        => Divide(ScatterAddWork.Classes, 1L + (long)indexes.Length * columns / ScatterAddWork.Classes, new ScatterAddWork(Values(source), Values(indexes), rows, columns, Values(table)));

    private readonly struct GatherWork(HostValues<float> table, HostValues<int> indexes, int rows, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                int index = indexes[i];
                Span<float> to = destination.Row(i, columns);
                if ((uint)index < (uint)rows)
                    table.Row(index, columns).CopyTo(to);
                else
                    to.Fill(float.NaN);
            }
        }
    }

    private readonly struct ScatterAddWork(HostValues<float> source, HostValues<int> indexes, int rows, int columns, HostValues<float> table) : IDivisibleWork
    {
        public const int Classes = 64;

        public void Run(int start, int end)
        {
            for (int i = 0; i < indexes.Length; i++)
            {
                int index = indexes[i], ofIndex = index & (Classes - 1);
                if ((uint)index >= (uint)rows || ofIndex < start || ofIndex >= end) continue;
                Span<float> to = table.Row(index, columns);
                TensorPrimitives.Add(to, source.Row(i, columns), to);
            }
        }
    }
}
