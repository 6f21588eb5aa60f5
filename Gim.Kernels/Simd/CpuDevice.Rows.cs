using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void SoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, 4L * columns, (start, end) =>
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = Span(source).Slice(r * columns, columns);
                Span<float> to = Span(destination).Slice(r * columns, columns);
                TensorPrimitives.Subtract(from, TensorPrimitives.Max(from), to);
                TensorPrimitives.Exp(to, to);
                TensorPrimitives.Divide(to, TensorPrimitives.Sum(to), to);
            }
        });

    private protected override void NormalizeRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, columns, (start, end) =>
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = Span(source).Slice(r * columns, columns);
                float squares = TensorPrimitives.SumOfSquares(from);
                TensorPrimitives.Multiply(from, squares == 0 ? 0 : 1 / MathF.Sqrt(squares), Span(destination).Slice(r * columns, columns));
            }
        });
}
