using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void SimilarityWeightsCore(
        DeviceView<float> queries, DeviceView<float> keys, int queryCount, int keyCount, int columns, int firstPosition, float inverseTemperature,
        DeviceView<float> destination)
    {
        for (int i = 0; i < queryCount; i++)
        {
            for (int j = 0; j < keyCount; j++)
            {
                double product = 0;
                for (int c = 0; c < columns; c++)
                    product += (double)Span(queries)[i * columns + c] * Span(keys)[j * columns + c];
                Span(destination)[i * keyCount + j] = j < (long)firstPosition + i ? (float)Math.Exp((product - 1) * inverseTemperature) : 0;
            }
        }
    }
}
