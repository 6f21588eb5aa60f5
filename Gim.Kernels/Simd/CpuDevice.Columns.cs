using System.Buffers;
using Gim.Kernels.Devices;
using Gim.Kernels.Reference;

namespace Gim.Kernels.Simd;

/// <summary>Each thread takes some columns through all rows, so that the order of every sum is the rows'.</summary>
internal sealed partial class CpuDevice
{
    private protected override void SumRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => Divide(columns, rows, new SumRowsWork(Values(source), rows, columns, Values(destination)));

    private protected override void StandardizeColumnsCore(
        DeviceView<float> source, int rows, int columns, DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> deviation)
        => Divide(columns, 6L * rows, new StandardizeColumnsWork(Values(source), rows, columns, Values(destination), Values(mean), Values(deviation)));

    private protected override void CorrelateColumnsCore(DeviceView<float> a, DeviceView<float> b, int rows, int columns, DeviceView<float> destination)
        => Divide(columns, 8L * rows, new CorrelateColumnsWork(Values(a), Values(b), rows, columns, Values(destination)));

    /// <summary>The means of columns [start, end), as sums of distances from the first row.</summary>
    private static void Means(HostValues<float> source, int rows, int columns, int start, int end, Span<double> sums, Span<double> means)
    {
        if (rows == 0) return;
        ReadOnlySpan<float> first = source.Row(0, columns)[start..end];
        for (int c = 0; c < first.Length; c++)
            means[c] = first[c];
        sums.Clear();
        for (int r = 0; r < rows; r++)
            ColumnSums.AddDistances(source.Row(r, columns)[start..end], means, sums);
        for (int c = 0; c < first.Length; c++)
            means[c] += sums[c] / rows;
    }

    private readonly struct SumRowsWork(HostValues<float> source, int rows, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            double[] rented = ArrayPool<double>.Shared.Rent(end - start);
            Span<double> sums = rented.AsSpan(0, end - start);
            sums.Clear();
            for (int r = 0; r < rows; r++)
                ColumnSums.Add(source.Row(r, columns)[start..end], sums);
            Span<float> to = destination.Range(start, end);
            for (int c = 0; c < to.Length; c++)
                to[c] = (float)(to[c] + sums[c]);
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private readonly struct StandardizeColumnsWork(
        HostValues<float> source, int rows, int columns, HostValues<float> destination, HostValues<float> mean, HostValues<float> deviation) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            int count = end - start;
            double[] rented = ArrayPool<double>.Shared.Rent(2 * count);
            Span<double> means = rented.AsSpan(0, count), sums = rented.AsSpan(count, count);
            Means(source, rows, columns, start, end, sums, means);
            sums.Clear();
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<float> row = source.Row(r, columns)[start..end];
                ColumnSums.AddProducts(row, means, row, means, sums);
            }
            for (int c = 0; c < count; c++)
            {
                double variance = sums[c] / rows;
                bool constant = (float)variance == 0;
                double spread = constant ? 0 : Math.Sqrt(variance);
                mean[start + c] = double.IsNaN(spread) ? float.NaN : (float)means[c];
                deviation[start + c] = (float)spread;
                sums[c] = constant ? 1 : 1 / spread;
            }
            for (int r = 0; r < rows; r++)
                ColumnSums.Standardize(source.Row(r, columns)[start..end], means, sums, destination.Row(r, columns)[start..end]);
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private readonly struct CorrelateColumnsWork(
        HostValues<float> a, HostValues<float> b, int rows, int columns, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            int count = end - start;
            double[] rented = ArrayPool<double>.Shared.Rent(5 * count);
            Span<double> meansA = rented.AsSpan(0, count), meansB = rented.AsSpan(count, count);
            Span<double> squaresA = rented.AsSpan(2 * count, count), squaresB = rented.AsSpan(3 * count, count), products = rented.AsSpan(4 * count, count);
            Means(a, rows, columns, start, end, products, meansA);
            Means(b, rows, columns, start, end, products, meansB);
            squaresA.Clear();
            squaresB.Clear();
            products.Clear();
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<float> left = a.Row(r, columns)[start..end], right = b.Row(r, columns)[start..end];
                ColumnSums.AddProducts(left, meansA, left, meansA, squaresA);
                ColumnSums.AddProducts(right, meansB, right, meansB, squaresB);
                ColumnSums.AddProducts(left, meansA, right, meansB, products);
            }
            for (int c = 0; c < count; c++)
                destination[start + c] = ReferenceDevice.Correlation(squaresA[c], squaresB[c], products[c]);
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
