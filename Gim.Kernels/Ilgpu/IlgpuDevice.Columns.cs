using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void SumRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(
            ColumnKernels.SumRows, KernelColumns.Groups(columns), KernelGroups.ElementThreads,
            View(source), rows, columns, View(destination));

    private protected override void StandardizeColumnsCore(
        DeviceView<float> source, int rows, int columns, DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> deviation)
        => kernels.Launch(
            ColumnKernels.Standardize, KernelColumns.Groups(columns), KernelGroups.ElementThreads,
            View(source), rows, columns, View(destination), View(mean), View(deviation));

    private protected override void CorrelateColumnsCore(DeviceView<float> a, DeviceView<float> b, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(
            ColumnKernels.Correlate, KernelColumns.Groups(columns), KernelGroups.ElementThreads,
            View(a), View(b), rows, columns, View(destination));
}

/// <summary>Groups as <see cref="KernelColumns"/> has them; threads beyond the last column go along with sums of nothing.</summary>
internal static class ColumnKernels
{
    [DeviceKernel]
    public static void SumRows(ArrayView<float> source, int rows, int columns, ArrayView<float> destination)
    {
        int column = KernelColumns.Column(), lane = KernelColumns.Lane();
        KernelSum own = default;
        if (column < columns)
        {
            for (int r = lane; r < rows; r += KernelColumns.Lanes)
                own.Add(source[r * columns + column]);
        }
        float sum = KernelColumns.Sum(own.Total);
        if (column < columns && lane == 0)
            destination[column] += sum;
    }

    [DeviceKernel]
    public static void Standardize(
        ArrayView<float> source, int rows, int columns, ArrayView<float> destination, ArrayView<float> mean, ArrayView<float> deviation)
    {
        int column = KernelColumns.Column(), lane = KernelColumns.Lane();
        float first = column < columns ? source[column] : 0;
        float middle = MeanDistance(source, rows, columns, first);
        float variance = Products(source, first, middle, source, first, middle, rows, columns) / rows;
        float spread = XMath.Sqrt(variance);
        float factor = variance == 0 ? 1 : 1 / spread;
        if (column < columns)
        {
            for (int r = lane; r < rows; r += KernelColumns.Lanes)
                destination[r * columns + column] = (source[r * columns + column] - first - middle) * factor;
            if (lane == 0)
            {
                mean[column] = float.IsNaN(spread) ? float.NaN : first + middle;
                deviation[column] = spread;
            }
        }
    }

    [DeviceKernel]
    public static void Correlate(ArrayView<float> a, ArrayView<float> b, int rows, int columns, ArrayView<float> destination)
    {
        int column = KernelColumns.Column();
        bool any = rows > 0 && column < columns;
        float firstA = any ? a[column] : 0, firstB = any ? b[column] : 0;
        float middleA = MeanDistance(a, rows, columns, firstA), middleB = MeanDistance(b, rows, columns, firstB);
        float squaresA = Products(a, firstA, middleA, a, firstA, middleA, rows, columns);
        float squaresB = Products(b, firstB, middleB, b, firstB, middleB, rows, columns);
        float products = Products(a, firstA, middleA, b, firstB, middleB, rows, columns);
        float r = products / (XMath.Sqrt(squaresA) * XMath.Sqrt(squaresB));
        if (squaresA == 0 || squaresB == 0) r = 0;
        if (r > 1) r = 1;
        if (r < -1) r = -1;
        if (float.IsNaN(squaresA + squaresB)) r = float.NaN;
        if (column < columns && KernelColumns.Lane() == 0)
            destination[column] = r;
    }

    /// <summary>The mean of this thread's column less <paramref name="first"/>: distances of equal values are exactly 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float MeanDistance(ArrayView<float> source, int rows, int columns, float first)
    {
        int column = KernelColumns.Column();
        KernelSum own = default;
        if (column < columns)
        {
            for (int r = KernelColumns.Lane(); r < rows; r += KernelColumns.Lanes)
                own.Add(source[r * columns + column] - first);
        }
        return KernelColumns.Sum(own.Total) / rows;
    }

    /// <summary>The sum of products of distances from the means of this thread's columns of a and b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Products(
        ArrayView<float> a, float firstA, float middleA, ArrayView<float> b, float firstB, float middleB, int rows, int columns)
    {
        int column = KernelColumns.Column();
        KernelSum own = default;
        if (column < columns)
        {
            for (int r = KernelColumns.Lane(); r < rows; r += KernelColumns.Lanes)
                own.Add((a[r * columns + column] - firstA - middleA) * (b[r * columns + column] - firstB - middleB));
        }
        return KernelColumns.Sum(own.Total);
    }
}
