using System.Buffers;
using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void LayerNormCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation)
        => Divide(rows, 3L * columns, new LayerNormWork(
            Values(source), Values(gain), Values(bias), columns, Values(destination), Values(mean), Values(inverseDeviation)));

    private protected override void LayerNormBackwardCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient)
    {
        Divide(rows, 6L * columns, new LayerNormSourceWork(
            Values(source), Values(gain), Values(mean), Values(inverseDeviation), Values(upstream), columns, Values(sourceGradient)));
        // Each thread takes some columns through all rows, so that the order of every sum is the rows'.
        Divide(columns, 3L * rows, new LayerNormParameterWork(
            Values(source), Values(mean), Values(inverseDeviation), Values(upstream), rows, columns, Values(gainGradient), Values(biasGradient)));
    }

    private static void Normal(ReadOnlySpan<float> source, float mean, float inverseDeviation, Span<float> normal)
    {
        TensorPrimitives.Subtract(source, mean, normal);
        TensorPrimitives.Multiply(normal, inverseDeviation, normal);
    }

    private readonly struct LayerNormWork(
        HostValues<float> source, HostValues<float> gain, HostValues<float> bias, int columns,
        HostValues<float> destination, HostValues<float> mean, HostValues<float> inverseDeviation) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = source.Row(r, columns);
                Span<float> to = destination.Row(r, columns);
                float middle = TensorPrimitives.Sum(from) / columns;
                // The centred row is squared, not the row: differences of large squares would lose the variance.
                TensorPrimitives.Subtract(from, middle, to);
                float inverse = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(to) / columns + LayerNormEpsilon);
                TensorPrimitives.Multiply(to, inverse, to);
                TensorPrimitives.MultiplyAdd(to, gain.All, bias.All, to);
                mean[r] = middle;
                inverseDeviation[r] = inverse;
            }
        }
    }

    private readonly struct LayerNormSourceWork(
        HostValues<float> source, HostValues<float> gain, HostValues<float> mean, HostValues<float> inverseDeviation,
        HostValues<float> upstream, int columns, HostValues<float> sourceGradient) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            float[] rented = ArrayPool<float>.Shared.Rent(columns);
            Span<float> normal = rented.AsSpan(0, columns);
            for (int r = start; r < end; r++)
            {
                Span<float> to = sourceGradient.Row(r, columns);
                Normal(source.Row(r, columns), mean[r], inverseDeviation[r], normal);
                TensorPrimitives.Multiply(upstream.Row(r, columns), gain.All, to);
                float meanGradient = TensorPrimitives.Sum<float>(to) / columns;
                float meanProduct = TensorPrimitives.Dot<float>(to, normal) / columns;
                TensorPrimitives.Subtract(to, meanGradient, to);
                TensorPrimitives.MultiplyAdd(normal, -meanProduct, to, to);
                TensorPrimitives.Multiply(to, inverseDeviation[r], to);
            }
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private readonly struct LayerNormParameterWork(
        HostValues<float> source, HostValues<float> mean, HostValues<float> inverseDeviation, HostValues<float> upstream, int rows, int columns,
        HostValues<float> gainGradient, HostValues<float> biasGradient) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            int count = end - start;
            float[] rented = ArrayPool<float>.Shared.Rent(3 * count);
            Span<float> normal = rented.AsSpan(0, count), gains = rented.AsSpan(count, count), biases = rented.AsSpan(2 * count, count);
            gains.Clear();
            biases.Clear();
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<float> gradient = upstream.Row(r, columns)[start..end];
                Normal(source.Row(r, columns)[start..end], mean[r], inverseDeviation[r], normal);
                TensorPrimitives.MultiplyAdd(gradient, normal, gains, gains);
                TensorPrimitives.Add(biases, gradient, biases);
            }
            TensorPrimitives.Add(gainGradient.Range(start, end), gains, gainGradient.Range(start, end));
            TensorPrimitives.Add(biasGradient.Range(start, end), biases, biasGradient.Range(start, end));
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
