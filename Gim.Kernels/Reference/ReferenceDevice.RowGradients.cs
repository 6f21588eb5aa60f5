using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void SoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => SoftmaxBackward<float>(Span(result), Span(upstream), rows, columns, Span(destination));

    private protected override void LogSoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => LogSoftmaxBackward<float>(Span(result), Span(upstream), rows, columns, Span(destination));

    private protected override void NormalizeRowsBackwardCore(DeviceView<float> source, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => NormalizeRowsBackward<float>(Span(source), Span(upstream), rows, columns, Span(destination));

    public static void SoftmaxBackward<T>(ReadOnlySpan<T> result, ReadOnlySpan<T> upstream, int rows, int columns, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            double dot = 0;
            for (int i = r * columns; i < (r + 1) * columns; i++)
                dot += double.CreateChecked(upstream[i]) * double.CreateChecked(result[i]);
            for (int i = r * columns; i < (r + 1) * columns; i++)
                destination[i] = T.CreateChecked(double.CreateChecked(result[i]) * (double.CreateChecked(upstream[i]) - dot));
        }
    }

    public static void LogSoftmaxBackward<T>(ReadOnlySpan<T> result, ReadOnlySpan<T> upstream, int rows, int columns, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            double sum = 0;
            for (int i = r * columns; i < (r + 1) * columns; i++)
                sum += double.CreateChecked(upstream[i]);
            for (int i = r * columns; i < (r + 1) * columns; i++)
                destination[i] = T.CreateChecked(double.CreateChecked(upstream[i]) - Math.Exp(double.CreateChecked(result[i])) * sum);
        }
    }

    public static void NormalizeRowsBackward<T>(ReadOnlySpan<T> source, ReadOnlySpan<T> upstream, int rows, int columns, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            double squares = 0, dot = 0;
            for (int i = r * columns; i < (r + 1) * columns; i++)
            {
                squares += double.CreateChecked(source[i]) * double.CreateChecked(source[i]);
                dot += double.CreateChecked(source[i]) * double.CreateChecked(upstream[i]);
            }
            bool empty = (float)squares == 0;
            double factor = 1 / Math.Sqrt(squares);
            for (int i = r * columns; i < (r + 1) * columns; i++)
            {
                double across = double.CreateChecked(upstream[i]) - double.CreateChecked(source[i]) * factor * (dot * factor);
                destination[i] = empty ? T.Zero : T.CreateChecked(across * factor);
            }
        }
    }
}
