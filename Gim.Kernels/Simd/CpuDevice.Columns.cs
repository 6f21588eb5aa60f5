using System.Buffers;
using Gim.Kernels.Devices;
using Gim.Kernels.Reference;

namespace Gim.Kernels.Simd;

/// <summary>
/// Sums down columns, by blocks of rows: a block is read in the order of memory, has sums of its own, and these are added
/// in the order of the blocks. How long blocks are depends on the matrix alone, so results do not on the threads.
/// </summary>
internal sealed partial class CpuDevice
{
    /// <summary>Values of a block of rows: they stay in a second cache, should they be read again.</summary>
    private const int BlockValues = 1 << 17;

    private static int RowsOfBlock(int columns) => Math.Max(1, BlockValues / Math.Max(1, columns));

    private static int BlocksOf(int rows, int columns) => (rows + RowsOfBlock(columns) - 1) / RowsOfBlock(columns);

    private protected override void SumRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
    {
        double[] sums = SumBlocks(rows, columns, 1, new ColumnSumsWork { Source = Values(source), Columns = columns });
        for (int c = 0; c < columns; c++)
            Values(destination)[c] = (float)(Values(destination)[c] + sums[c]);
        ArrayPool<double>.Shared.Return(sums);
    }

    private protected override unsafe void StandardizeColumnsCore(
        DeviceView<float> source, int rows, int columns, DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> deviation)
    {
        double[] means = Means(Values(source), rows, columns);
        fixed (double* middle = means)
        {
            double[] spreads = SumBlocks(rows, columns, 1, new ColumnSquaresWork { Source = Values(source), Columns = columns, Means = middle });
            for (int c = 0; c < columns; c++)
            {
                double variance = spreads[c] / rows;
                bool constant = (float)variance == 0;
                double spread = constant ? 0 : Math.Sqrt(variance);
                Values(mean)[c] = double.IsNaN(spread) ? float.NaN : (float)means[c];
                Values(deviation)[c] = (float)spread;
                spreads[c] = constant ? 1 : 1 / spread;
            }
            fixed (double* factors = spreads)
                Divide(rows, 2L * columns, new StandardizeRowsWork(Values(source), columns, middle, factors, Values(destination)));
            ArrayPool<double>.Shared.Return(spreads);
        }
        ArrayPool<double>.Shared.Return(means);
    }

    private protected override unsafe void CorrelateColumnsCore(DeviceView<float> a, DeviceView<float> b, int rows, int columns, DeviceView<float> destination)
    {
        double[] meansA = Means(Values(a), rows, columns), meansB = Means(Values(b), rows, columns);
        fixed (double* middleA = meansA, middleB = meansB)
        {
            double[] sums = SumBlocks(rows, columns, 3, new ColumnProductsWork { A = Values(a), B = Values(b), Columns = columns, MeansA = middleA, MeansB = middleB });
            for (int c = 0; c < columns; c++)
                Values(destination)[c] = ReferenceDevice.Correlation(sums[c], sums[columns + c], sums[2 * columns + c]);
            ArrayPool<double>.Shared.Return(sums);
        }
        ArrayPool<double>.Shared.Return(meansA);
        ArrayPool<double>.Shared.Return(meansB);
    }

    /// <summary>The means of all columns, as sums of distances from the first row; rented.</summary>
    private unsafe double[] Means(HostValues<float> source, int rows, int columns)
    {
        double[] first = ArrayPool<double>.Shared.Rent(columns);
        for (int c = 0; c < columns; c++)
            first[c] = rows == 0 ? 0 : source[c];
        fixed (double* shift = first)
        {
            double[] sums = SumBlocks(rows, columns, 1, new ColumnDistancesWork { Source = source, Columns = columns, Shift = shift });
            for (int c = 0; c < columns && rows > 0; c++)
                first[c] += sums[c] / rows;
            ArrayPool<double>.Shared.Return(sums);
        }
        return first;
    }

    /// <summary>The sums [kinds · columns] over all rows; rented, to be returned.</summary>
    private unsafe double[] SumBlocks<TWork>(int rows, int columns, int kinds, TWork work)
        where TWork : unmanaged, IColumnSums
    {
        int blocks = BlocksOf(rows, columns), width = kinds * columns;
        double[] sums = ArrayPool<double>.Shared.Rent(Math.Max(1, blocks) * width);
        sums.AsSpan(0, Math.Max(1, blocks) * width).Clear();
        fixed (double* all = sums)
            Divide(blocks, (long)kinds * Math.Min(rows, RowsOfBlock(columns)) * columns, new ColumnBlocksWork<TWork>(work, rows, RowsOfBlock(columns), width, all));
        for (int block = 1; block < blocks; block++)
            System.Numerics.Tensors.TensorPrimitives.Add(sums.AsSpan(0, width), sums.AsSpan(block * width, width), sums.AsSpan(0, width));
        return sums;
    }

    /// <summary>What a row adds to the sums of its block.</summary>
    private interface IColumnSums
    {
        void Add(int row, Span<double> sums);
    }

    private readonly unsafe struct ColumnBlocksWork<TWork>(TWork work, int rows, int rowsOfBlock, int width, double* sums) : IDivisibleWork
        where TWork : unmanaged, IColumnSums
    {
        public void Run(int start, int end)
        {
            for (int block = start; block < end; block++)
            {
                var own = new Span<double>(sums + (nint)block * width, width);
                int last = (int)Math.Min(rows, (block + 1L) * rowsOfBlock);
                for (int row = block * rowsOfBlock; row < last; row++)
                    work.Add(row, own);
            }
        }
    }

    private struct ColumnSumsWork : IColumnSums
    {
        public HostValues<float> Source;
        public int Columns;

        public readonly void Add(int row, Span<double> sums) => ColumnSums.Add(Source.Row(row, Columns), sums);
    }

    private unsafe struct ColumnDistancesWork : IColumnSums
    {
        public HostValues<float> Source;
        public int Columns;
        public double* Shift;

        public readonly void Add(int row, Span<double> sums) => ColumnSums.AddDistances(Source.Row(row, Columns), new(Shift, Columns), sums);
    }

    private unsafe struct ColumnSquaresWork : IColumnSums
    {
        public HostValues<float> Source;
        public int Columns;
        public double* Means;

        public readonly void Add(int row, Span<double> sums)
        {
            ReadOnlySpan<float> values = Source.Row(row, Columns);
            ReadOnlySpan<double> means = new(Means, Columns);
            ColumnSums.AddProducts(values, means, values, means, sums);
        }
    }

    /// <summary>Squares of a, squares of b, and products.</summary>
    private unsafe struct ColumnProductsWork : IColumnSums
    {
        public HostValues<float> A, B;
        public int Columns;
        public double* MeansA, MeansB;

        public readonly void Add(int row, Span<double> sums)
        {
            ReadOnlySpan<float> left = A.Row(row, Columns), right = B.Row(row, Columns);
            ReadOnlySpan<double> ofLeft = new(MeansA, Columns), ofRight = new(MeansB, Columns);
            ColumnSums.AddProducts(left, ofLeft, left, ofLeft, sums[..Columns]);
            ColumnSums.AddProducts(right, ofRight, right, ofRight, sums.Slice(Columns, Columns));
            ColumnSums.AddProducts(left, ofLeft, right, ofRight, sums[(2 * Columns)..]);
        }
    }

    private readonly unsafe struct StandardizeRowsWork(HostValues<float> source, int columns, double* means, double* factors, HostValues<float> destination) : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int row = start; row < end; row++)
                ColumnSums.Standardize(source.Row(row, columns), new(means, columns), new(factors, columns), destination.Row(row, columns));
        }
    }
}
