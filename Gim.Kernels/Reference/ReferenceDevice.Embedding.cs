using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void GatherRowsCore(DeviceView<float> table, DeviceView<int> indexes, int rows, int columns, DeviceView<float> destination)
    {
        for (int i = 0; i < indexes.Length; i++)
        {
            int index = Span(indexes)[i];
            Span<float> to = Span(destination).Slice(i * columns, columns);
            if (index >= 0 && index < rows)
                Span(table).Slice(index * columns, columns).CopyTo(to);
            else
                to.Fill(float.NaN);
        }
    }

    private protected override void ScatterAddRowsCore(DeviceView<float> source, DeviceView<int> indexes, int rows, int columns, DeviceView<float> table)
    {
        for (int i = 0; i < indexes.Length; i++)
        {
            int index = Span(indexes)[i];
            if (index < 0 || index >= rows) continue;
            for (int c = 0; c < columns; c++)
                Span(table)[index * columns + c] += Span(source)[i * columns + c];
        }
    }
}
