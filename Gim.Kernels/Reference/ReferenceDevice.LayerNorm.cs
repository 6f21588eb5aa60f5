using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void LayerNormCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation)
        => LayerNorm<float>(Span(source), Span(gain), Span(bias), rows, columns, Span(destination), Span(mean), Span(inverseDeviation));

    private protected override void LayerNormBackwardCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient)
        => LayerNormBackward<float>(
            Span(source), Span(gain), Span(mean), Span(inverseDeviation), Span(upstream), rows, columns,
            Span(sourceGradient), Span(gainGradient), Span(biasGradient));

    public static void LayerNorm<T>(
        ReadOnlySpan<T> source, ReadOnlySpan<T> gain, ReadOnlySpan<T> bias, int rows, int columns,
        Span<T> destination, Span<T> mean, Span<T> inverseDeviation) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> from = source.Slice(r * columns, columns);
            Span<T> to = destination.Slice(r * columns, columns);
            double sum = 0, squares = 0;
            for (int c = 0; c < columns; c++)
                sum += double.CreateChecked(from[c]);
            double middle = sum / columns;
            for (int c = 0; c < columns; c++)
                squares += Math.Pow(double.CreateChecked(from[c]) - middle, 2);
            double inverse = 1 / Math.Sqrt(squares / columns + LayerNormEpsilon);
            for (int c = 0; c < columns; c++)
            {
                double normal = (double.CreateChecked(from[c]) - middle) * inverse;
                to[c] = T.CreateChecked(double.CreateChecked(gain[c]) * normal + double.CreateChecked(bias[c]));
            }
            mean[r] = T.CreateChecked(middle);
            inverseDeviation[r] = T.CreateChecked(inverse);
        }
    }

    public static void LayerNormBackward<T>(
        ReadOnlySpan<T> source, ReadOnlySpan<T> gain, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseDeviation,
        ReadOnlySpan<T> upstream, int rows, int columns,
        Span<T> sourceGradient, Span<T> gainGradient, Span<T> biasGradient) where T : IFloatingPointIeee754<T>
    {
        double Normal(ReadOnlySpan<T> x, ReadOnlySpan<T> m, ReadOnlySpan<T> s, int r, int c)
            => (double.CreateChecked(x[r * columns + c]) - double.CreateChecked(m[r])) * double.CreateChecked(s[r]);

        for (int r = 0; r < rows; r++)
        {
            double meanGradient = 0, meanProduct = 0;
            for (int c = 0; c < columns; c++)
            {
                double g = double.CreateChecked(upstream[r * columns + c]) * double.CreateChecked(gain[c]);
                meanGradient += g / columns;
                meanProduct += g * Normal(source, mean, inverseDeviation, r, c) / columns;
            }
            for (int c = 0; c < columns; c++)
            {
                double g = double.CreateChecked(upstream[r * columns + c]) * double.CreateChecked(gain[c]);
                double h = Normal(source, mean, inverseDeviation, r, c);
                sourceGradient[r * columns + c] = T.CreateChecked(double.CreateChecked(inverseDeviation[r]) * (g - meanGradient - h * meanProduct));
            }
        }
        for (int c = 0; c < columns; c++)
        {
            double gainSum = 0, biasSum = 0;
            for (int r = 0; r < rows; r++)
            {
                double g = double.CreateChecked(upstream[r * columns + c]);
                gainSum += g * Normal(source, mean, inverseDeviation, r, c);
                biasSum += g;
            }
            gainGradient[c] += T.CreateChecked(gainSum);
            biasGradient[c] += T.CreateChecked(biasSum);
        }
    }
}
