using System.Buffers;
using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void LayerNormCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation)
        => Divide(rows, 4L * columns, new LayerNormWork(
            Values(source), Values(gain), Values(bias), columns, Values(destination), Values(mean), Values(inverseDeviation)));

    private protected override void LayerNormBackwardCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient)
    {
        Divide(rows, 6L * columns, new LayerNormSourceWork(
            Values(source), Values(gain), Values(mean), Values(inverseDeviation), Values(upstream), columns, Values(sourceGradient)));
        double[] sums = SumBlocks(rows, columns, 2, new LayerNormParameterWork
        {
            Source = Values(source), Mean = Values(mean), InverseDeviation = Values(inverseDeviation), Upstream = Values(upstream), Columns = columns,
        });
        for (int c = 0; c < columns; c++)
        {
            Values(gainGradient)[c] = (float)(Values(gainGradient)[c] + sums[c]);
            Values(biasGradient)[c] = (float)(Values(biasGradient)[c] + sums[columns + c]);
        }
        ArrayPool<double>.Shared.Return(sums);
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
                float middle = (float)(RowSums.Sum(from) / columns);
                TensorPrimitives.Subtract(from, middle, to);
                // The mean of what is left is what the mean's rounding lost: it would go into every value and the variance.
                float rest = (float)(RowSums.Sum(to) / columns);
                TensorPrimitives.Subtract(to, rest, to);
                // The centred row is squared, not the row: differences of large squares would lose the variance.
                float inverse = 1 / MathF.Sqrt((float)(RowSums.SumOfSquares(to) / columns) + LayerNormEpsilon);
                TensorPrimitives.Multiply(to, inverse, to);
                TensorPrimitives.MultiplyAdd(to, gain.All, bias.All, to);
                mean[r] = middle + rest;
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

    /// <summary>Gradients of gain and of bias.</summary>
    private struct LayerNormParameterWork : IColumnSums
    {
        public HostValues<float> Source, Mean, InverseDeviation, Upstream;
        public int Columns;

        public readonly void Add(int row, Span<double> sums)
            => ColumnSums.AddNormal(Source.Row(row, Columns), Mean[row], InverseDeviation[row], Upstream.Row(row, Columns), sums[..Columns], sums[Columns..]);
    }
}
