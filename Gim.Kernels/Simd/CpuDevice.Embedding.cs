using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void GatherRowsCore(DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, DeviceView<float> destination)
        => Divide(indexes.Length, columns, (start, end) =>
        {
            for (int i = start; i < end; i++)
            {
                int index = Span(indexes)[i];
                Span<float> to = Span(destination).Slice(i * columns, columns);
                if ((uint)index < (uint)rows)
                    Span(table).Slice(index * columns, columns).CopyTo(to);
                else
                    to.Fill(float.NaN);
            }
        });

    // Each thread takes some columns through all indexes: two threads never add to one value.
    private protected override void ScatterAddRowsCore(DeviceView<float> source, DeviceView<int> indexes, int rows, int columns, DeviceView<float> table)
        => Divide(columns, indexes.Length, (start, end) =>
        {
            for (int i = 0; i < indexes.Length; i++)
            {
                int index = Span(indexes)[i];
                if ((uint)index >= (uint)rows) continue;
                Span<float> to = Span(table).Slice(index * columns + start, end - start);
                TensorPrimitives.Add(to, Span(source).Slice(i * columns + start, end - start), to);
            }
        });
}
