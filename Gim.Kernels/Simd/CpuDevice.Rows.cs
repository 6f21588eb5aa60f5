using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void SoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, 4L * columns, new SoftmaxWork(Values(source), columns, Values(destination)));

    private protected override void LogSoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, 4L * columns, new LogSoftmaxWork(Values(source), columns, Values(destination)));

    private protected override void NormalizeRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Divide(rows, columns, new NormalizeRowsWork(Values(source), columns, Values(destination)));

    private readonly struct SoftmaxWork(HostValues<float> source, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = source.Row(r, columns);
                Span<float> to = destination.Row(r, columns);
                double sum = Exponentials.Sum(from, TensorPrimitives.Max(from), to);
                TensorPrimitives.Multiply(to, (float)(1 / sum), to);
            }
        }
    }

    private readonly struct LogSoftmaxWork(HostValues<float> source, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = source.Row(r, columns);
                float largest = TensorPrimitives.Max(from);
                float logarithm = (float)Math.Log(Exponentials.Sum(from, largest));
                Span<float> to = destination.Row(r, columns);
                TensorPrimitives.Subtract(from, largest, to);
                TensorPrimitives.Subtract(to, logarithm, to);
            }
        }
    }

    private readonly struct NormalizeRowsWork(HostValues<float> source, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = source.Row(r, columns);
                float squares = (float)RowSums.SumOfSquares(from);
                TensorPrimitives.Multiply(from, squares == 0 ? 0 : 1 / MathF.Sqrt(squares), destination.Row(r, columns));
            }
        }
    }
}
