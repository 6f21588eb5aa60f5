using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void SoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(RowGradientKernels.SoftmaxBackward, rows, KernelGroups.RowThreads, View(result), View(upstream), columns, View(destination));

    private protected override void LogSoftmaxBackwardCore(DeviceView<float> result, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(RowGradientKernels.LogSoftmaxBackward, rows, KernelGroups.RowThreads, View(result), View(upstream), columns, View(destination));

    private protected override void NormalizeRowsBackwardCore(DeviceView<float> source, DeviceView<float> upstream, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(RowGradientKernels.NormalizeRowsBackward, rows, KernelGroups.RowThreads, View(source), View(upstream), columns, View(destination));
}

/// <summary>One group a row; thread t takes columns t, t + 128, ... in every pass, so the destination may be a source.</summary>
internal static class RowGradientKernels
{
    [DeviceKernel]
    public static void SoftmaxBackward(ArrayView<float> result, ArrayView<float> upstream, int columns, ArrayView<float> destination)
    {
        int start = Grid.IdxX * columns;
        float dot = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            dot += upstream[start + c] * result[start + c];
        dot = KernelGroups.RowSum(dot);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            destination[start + c] = result[start + c] * (upstream[start + c] - dot);
    }

    [DeviceKernel]
    public static void LogSoftmaxBackward(ArrayView<float> result, ArrayView<float> upstream, int columns, ArrayView<float> destination)
    {
        int start = Grid.IdxX * columns;
        float sum = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            sum += upstream[start + c];
        sum = KernelGroups.RowSum(sum);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            destination[start + c] = upstream[start + c] - XMath.Exp(result[start + c]) * sum;
    }

    [DeviceKernel]
    public static void NormalizeRowsBackward(ArrayView<float> source, ArrayView<float> upstream, int columns, ArrayView<float> destination)
    {
        int start = Grid.IdxX * columns;
        float squares = 0, dot = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float value = source[start + c];
            squares += value * value;
            dot += value * upstream[start + c];
        }
        squares = KernelGroups.RowSum(squares);
        dot = KernelGroups.RowSum(dot);
        float factor = squares == 0 ? 0 : 1 / XMath.Sqrt(squares);
        // The factor three times, between the values: its third power may lie beyond float32.
        float along = dot * factor * factor;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float across = upstream[start + c] - source[start + c] * along;
            destination[start + c] = squares == 0 ? 0 : across * factor;
        }
    }
}
