using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void LayerNormCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> bias, int rows, int columns,
        DeviceView<float> destination, DeviceView<float> mean, DeviceView<float> inverseDeviation)
        => kernels.Launch(
            LayerNormKernels.LayerNorm, rows, KernelGroups.RowThreads,
            View(source), View(gain), View(bias), columns, View(destination), View(mean), View(inverseDeviation));

    private protected override void LayerNormBackwardCore(
        DeviceView<float> source, DeviceView<float> gain, DeviceView<float> mean, DeviceView<float> inverseDeviation,
        DeviceView<float> upstream, int rows, int columns,
        DeviceView<float> sourceGradient, DeviceView<float> gainGradient, DeviceView<float> biasGradient)
    {
        kernels.Launch(
            LayerNormKernels.SourceGradient, rows, KernelGroups.RowThreads,
            View(source), View(gain), View(mean), View(inverseDeviation), View(upstream), columns, View(sourceGradient));
        int groups = (int)(((long)columns + LayerNormKernels.ColumnsPerGroup - 1) / LayerNormKernels.ColumnsPerGroup);
        kernels.Launch(
            LayerNormKernels.ParameterGradients, groups, KernelGroups.ElementThreads,
            View(source), View(mean), View(inverseDeviation), View(upstream), rows, columns, View(gainGradient), View(biasGradient));
    }
}

internal static class LayerNormKernels
{
    /// <summary>Columns that a group of the parameters' gradients takes: neighbours, so that reads join.</summary>
    public const int ColumnsPerGroup = 32;

    private const int RowLanes = KernelGroups.ElementThreads / ColumnsPerGroup;

    [DeviceKernel]
    public static void LayerNorm(
        ArrayView<float> source, ArrayView<float> gain, ArrayView<float> bias, int columns,
        ArrayView<float> destination, ArrayView<float> mean, ArrayView<float> inverseDeviation)
    {
        int row = Grid.IdxX, start = row * columns;
        float sum = 0, left = 0, squares = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            sum += source[start + c];
        float middle = KernelGroups.RowSum(sum) / columns;
        // The mean of what is left is what the mean's rounding lost: it would go into every value and the variance.
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            left += source[start + c] - middle;
        float rest = KernelGroups.RowSum(left) / columns;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float distance = source[start + c] - middle - rest;
            squares += distance * distance;
        }
        float inverse = 1 / XMath.Sqrt(KernelGroups.RowSum(squares) / columns + Devices.Device.LayerNormEpsilon);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            destination[start + c] = gain[c] * ((source[start + c] - middle - rest) * inverse) + bias[c];
        if (Group.IdxX == 0)
        {
            mean[row] = middle + rest;
            inverseDeviation[row] = inverse;
        }
    }

    [DeviceKernel]
    public static void SourceGradient(
        ArrayView<float> source, ArrayView<float> gain, ArrayView<float> mean, ArrayView<float> inverseDeviation,
        ArrayView<float> upstream, int columns, ArrayView<float> sourceGradient)
    {
        int row = Grid.IdxX, start = row * columns;
        float middle = mean[row], inverse = inverseDeviation[row];
        float gradients = 0, products = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float g = upstream[start + c] * gain[c];
            gradients += g;
            products += g * ((source[start + c] - middle) * inverse);
        }
        float meanGradient = KernelGroups.RowSum(gradients) / columns;
        float meanProduct = KernelGroups.RowSum(products) / columns;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float h = (source[start + c] - middle) * inverse;
            sourceGradient[start + c] = inverse * (upstream[start + c] * gain[c] - meanGradient - h * meanProduct);
        }
    }

    /// <summary>32 columns a group; lane l sums rows l, l + 8, ..., then the lanes are added in order: no atomics, so results repeat.</summary>
    [DeviceKernel]
    public static void ParameterGradients(
        ArrayView<float> source, ArrayView<float> mean, ArrayView<float> inverseDeviation,
        ArrayView<float> upstream, int rows, int columns, ArrayView<float> gainGradient, ArrayView<float> biasGradient)
    {
        ArrayView<float> gains = SharedMemory.Allocate<float>(KernelGroups.ElementThreads);
        ArrayView<float> biases = SharedMemory.Allocate<float>(KernelGroups.ElementThreads);
        int thread = Group.IdxX;
        int lane = thread / ColumnsPerGroup;
        int column = Grid.IdxX * ColumnsPerGroup + thread % ColumnsPerGroup;
        float gain = 0, bias = 0;
        if (column < columns)
        {
            for (int r = lane; r < rows; r += RowLanes)
            {
                float g = upstream[r * columns + column];
                gain += g * ((source[r * columns + column] - mean[r]) * inverseDeviation[r]);
                bias += g;
            }
        }
        gains[thread] = gain;
        biases[thread] = bias;
        Group.Barrier();
        if (lane == 0 && column < columns)
        {
            for (int other = 1; other < RowLanes; other++)
            {
                gain += gains[other * ColumnsPerGroup + thread];
                bias += biases[other * ColumnsPerGroup + thread];
            }
            gainGradient[column] += gain;
            biasGradient[column] += bias;
        }
    }
}
