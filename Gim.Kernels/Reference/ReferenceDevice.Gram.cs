using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void AddGramCore(DeviceView<float> x, int rows, int columns, DeviceView<float> gram)
    {
        for (int i = 0; i < columns; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int r = 0; r < rows; r++)
                    sum += (double)Span(x)[r * columns + i] * Span(x)[r * columns + j];
                Span(gram)[i * columns + j] = (float)(Span(gram)[i * columns + j] + sum);
                Span(gram)[j * columns + i] = Span(gram)[i * columns + j];
            }
        }
    }
}
