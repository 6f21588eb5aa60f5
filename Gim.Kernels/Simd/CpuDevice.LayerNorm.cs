using System.Buffers;
using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void LayerNormCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation)
        => Divide(rows, 3L * columns, (start, end) =>
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = Span(source).Slice(r * columns, columns);
                Span<float> to = Span(destination).Slice(r * columns, columns);
                float middle = TensorPrimitives.Sum(from) / columns;
                // The centred row is squared, not the row: differences of large squares would lose the variance.
                TensorPrimitives.Subtract(from, middle, to);
                float inverse = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(to) / columns + LayerNormEpsilon);
                TensorPrimitives.Multiply(to, inverse, to);
                TensorPrimitives.MultiplyAdd(to, Span(gain), Span(bias), to);
                Span(mean)[r] = middle;
                Span(inverseDeviation)[r] = inverse;
            }
        });

    private protected override void LayerNormBackwardCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient)
    {
        Divide(rows, 6L * columns, (start, end) =>
        {
            float[] rented = ArrayPool<float>.Shared.Rent(columns);
            Span<float> normal = rented.AsSpan(0, columns);
            for (int r = start; r < end; r++)
            {
                Span<float> to = Span(sourceGradient).Slice(r * columns, columns);
                Normal(Span(source).Slice(r * columns, columns), Span(mean)[r], Span(inverseDeviation)[r], normal);
                TensorPrimitives.Multiply(Span(upstream).Slice(r * columns, columns), Span(gain), to);
                float meanGradient = TensorPrimitives.Sum<float>(to) / columns;
                float meanProduct = TensorPrimitives.Dot<float>(to, normal) / columns;
                TensorPrimitives.Subtract(to, meanGradient, to);
                TensorPrimitives.MultiplyAdd(normal, -meanProduct, to, to);
                TensorPrimitives.Multiply(to, Span(inverseDeviation)[r], to);
            }
            ArrayPool<float>.Shared.Return(rented);
        });
        // Each thread takes some columns through all rows, so that the order of every sum is the rows'.
        Divide(columns, 3L * rows, (start, end) =>
        {
            int count = end - start;
            float[] rented = ArrayPool<float>.Shared.Rent(3 * count);
            Span<float> normal = rented.AsSpan(0, count), gains = rented.AsSpan(count, count), biases = rented.AsSpan(2 * count, count);
            gains.Clear();
            biases.Clear();
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<float> gradient = Span(upstream).Slice(r * columns + start, count);
                Normal(Span(source).Slice(r * columns + start, count), Span(mean)[r], Span(inverseDeviation)[r], normal);
                TensorPrimitives.MultiplyAdd(gradient, normal, gains, gains);
                TensorPrimitives.Add(biases, gradient, biases);
            }
            TensorPrimitives.Add(Span(gainGradient)[start..end], gains, Span(gainGradient)[start..end]);
            TensorPrimitives.Add(Span(biasGradient)[start..end], biases, Span(biasGradient)[start..end]);
            ArrayPool<float>.Shared.Return(rented);
        });
    }

    private static void Normal(ReadOnlySpan<float> source, float mean, float inverseDeviation, Span<float> normal)
    {
        TensorPrimitives.Subtract(source, mean, normal);
        TensorPrimitives.Multiply(normal, inverseDeviation, normal);
    }
}
