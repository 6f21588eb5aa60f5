using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void SumSegmentsCore(
        DeviceView<float> weights, DeviceView<int> order, DeviceView<int> starts, int rows, int columns, DeviceView<float> destination)
    {
        int segments = starts.Length - 1;
        for (int r = 0; r < rows; r++)
        {
            for (int s = 0; s < segments; s++)
            {
                int end = Math.Clamp(Span(starts)[s + 1], 0, order.Length);
                double sum = 0;
                for (int t = Math.Clamp(Span(starts)[s], 0, order.Length); t < end; t++)
                {
                    int place = Span(order)[t];
                    if (place >= 0 && place < columns) sum += Span(weights)[r * columns + place];
                }
                Span(destination)[r * segments + s] = (float)sum;
            }
        }
    }
}
