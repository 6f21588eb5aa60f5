using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void SoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Softmax<float>(Span(source), rows, columns, Span(destination));

    private protected override void LogSoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => LogSoftmax<float>(Span(source), rows, columns, Span(destination));

    private protected override void NormalizeRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => NormalizeRows<float>(Span(source), rows, columns, Span(destination));

    public static void Softmax<T>(ReadOnlySpan<T> source, int rows, int columns, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> from = source.Slice(r * columns, columns);
            Span<T> to = destination.Slice(r * columns, columns);
            double largest = double.NegativeInfinity, sum = 0;
            for (int c = 0; c < columns; c++)
                largest = Math.Max(largest, double.CreateChecked(from[c]));
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(double.CreateChecked(from[c]) - largest);
            for (int c = 0; c < columns; c++)
                to[c] = T.CreateChecked(Math.Exp(double.CreateChecked(from[c]) - largest) / sum);
        }
    }

    public static void LogSoftmax<T>(ReadOnlySpan<T> source, int rows, int columns, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> from = source.Slice(r * columns, columns);
            Span<T> to = destination.Slice(r * columns, columns);
            double largest = double.NegativeInfinity, sum = 0;
            for (int c = 0; c < columns; c++)
                largest = Math.Max(largest, double.CreateChecked(from[c]));
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(double.CreateChecked(from[c]) - largest);
            double logarithm = Math.Log(sum);
            for (int c = 0; c < columns; c++)
                to[c] = T.CreateChecked(double.CreateChecked(from[c]) - largest - logarithm);
        }
    }

    public static void NormalizeRows<T>(ReadOnlySpan<T> source, int rows, int columns, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> from = source.Slice(r * columns, columns);
            Span<T> to = destination.Slice(r * columns, columns);
            double squares = 0;
            for (int c = 0; c < columns; c++)
                squares += double.CreateChecked(from[c]) * double.CreateChecked(from[c]);
            double factor = squares == 0 ? 0 : double.IsFinite(squares) ? 1 / Math.Sqrt(squares) : double.NaN;
            for (int c = 0; c < columns; c++)
                to[c] = T.CreateChecked(double.CreateChecked(from[c]) * factor);
        }
    }
}
