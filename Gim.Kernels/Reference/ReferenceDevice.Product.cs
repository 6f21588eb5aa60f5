using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void MultiplyCore(
        DeviceView<float> a, DeviceView<float> b, ProductShape shape, DeviceView<float> c, DeviceView<float> bias, bool hasBias)
    {
        (int m, int n, int k) = shape;
        for (int row = 0; row < m; row++)
        {
            for (int column = 0; column < n; column++)
            {
                double sum = 0;
                for (int i = 0; i < k && shape.Alpha != 0; i++)
                {
                    double left = Span(a)[shape.TransposeA ? i * m + row : row * k + i];
                    double right = Span(b)[shape.TransposeB ? column * k + i : i * n + column];
                    sum += left * right;
                }
                ref float result = ref Span(c)[row * n + column];
                double value = shape.Alpha * sum;
                if (shape.Beta != 0) value += shape.Beta * (double)result;
                if (hasBias) value += Span(bias)[column];
                result = (float)(shape.Gelu ? Gelu(value) : value);
            }
        }
    }
}
