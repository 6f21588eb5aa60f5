using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void TopKCore(DeviceView<float> source, int rows, int columns, int k, DeviceView<float> values, DeviceView<int> indexes)
    {
        for (int r = 0; r < rows; r++)
        {
            float[] row = Span(source).Slice(r * columns, columns).ToArray();
            int[] order = [.. Enumerable.Range(0, columns)];
            // .NET orders NaN below all numbers, and 0 beside -0.
            Array.Sort(order, (a, b) => row[b].CompareTo(row[a]) is var sign and not 0 ? sign : a.CompareTo(b));
            for (int i = 0; i < k; i++)
            {
                Span(values)[r * k + i] = row[order[i]];
                Span(indexes)[r * k + i] = order[i];
            }
        }
    }
}
