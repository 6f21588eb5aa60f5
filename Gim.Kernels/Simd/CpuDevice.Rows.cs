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
                Span<float> to = destination.Row(r, columns);
                float squares = (float)RowSums.SumOfSquares(from);
                if (squares is < Smallest or > Largest or float.NaN)
                    squares = Rescale(ref from, to);
                TensorPrimitives.Multiply(from, squares == 0 ? 0 : 1 / MathF.Sqrt(squares), to);
            }
        }

        /// <summary>Between these a sum of squares has lost nothing below the smallest normal float, nor anything above the largest.</summary>
        private const float Smallest = 1e-24f, Largest = 1e37f;

        /// <summary>Divides a row by its largest value, so that its squares can be summed, and sums them; NaN where a value is not finite.</summary>
        private static float Rescale(ref ReadOnlySpan<float> row, Span<float> to)
        {
            float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(row));
            if (largest == 0) return 0;
            if (!float.IsFinite(largest)) return float.NaN;
            TensorPrimitives.Divide(row, largest, to);
            row = to;
            return (float)RowSums.SumOfSquares(row);
        }
    }
}
