using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void SoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, 2L * columns, new SoftmaxBackwardWork(Values(result), Values(upstream), columns, Values(destination)));

    private protected override void LogSoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, 4L * columns, new LogSoftmaxBackwardWork(Values(result), Values(upstream), columns, Values(destination)));

    private protected override void NormalizeRowsBackwardCore(DeviceView<float> source, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, 3L * columns, new NormalizeRowsBackwardWork(Values(source), Values(upstream), columns, Values(destination)));

    private readonly struct SoftmaxBackwardWork(
        HostValues<float> result, HostValues<float> upstream, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> y = result.Row(r, columns), g = upstream.Row(r, columns);
                // One pass, as the destination may be either source.
                TensorPrimitives.AddMultiply(g, -TensorPrimitives.Dot(y, g), y, destination.Row(r, columns));
            }
        }
    }

    private readonly struct LogSoftmaxBackwardWork(
        HostValues<float> result, HostValues<float> upstream, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            const int run = 1024;
            Span<float> exponentials = stackalloc float[run];
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> y = result.Row(r, columns), g = upstream.Row(r, columns);
                Span<float> to = destination.Row(r, columns);
                float sum = TensorPrimitives.Sum(g);
                for (int first = 0; first < columns; first += run)
                {
                    int count = Math.Min(run, columns - first);
                    Span<float> here = exponentials[..count];
                    TensorPrimitives.Exp(y.Slice(first, count), here);
                    TensorPrimitives.MultiplyAdd(here, -sum, g.Slice(first, count), to.Slice(first, count));
                }
            }
        }
    }

    private readonly struct NormalizeRowsBackwardWork(
        HostValues<float> source, HostValues<float> upstream, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> x = source.Row(r, columns), g = upstream.Row(r, columns);
                Span<float> to = destination.Row(r, columns);
                float squares = TensorPrimitives.SumOfSquares(x);
                if (squares == 0)
                {
                    to.Clear();
                    continue;
                }
                float factor = 1 / MathF.Sqrt(squares);
                // The factor three times, between the values: its third power may lie beyond float32.
                TensorPrimitives.MultiplyAdd(x, -(TensorPrimitives.Dot(x, g) * factor) * factor, g, to);
                TensorPrimitives.Multiply(to, factor, to);
            }
        }
    }
}
