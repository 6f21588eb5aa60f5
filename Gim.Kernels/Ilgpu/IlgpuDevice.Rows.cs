using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void SoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(RowKernels.Softmax, rows, KernelGroups.RowThreads, View(source), columns, View(destination));

    private protected override void LogSoftmaxCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(RowKernels.LogSoftmax, rows, KernelGroups.RowThreads, View(source), columns, View(destination));

    private protected override void NormalizeRowsCore(DeviceView<float> source, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(RowKernels.NormalizeRows, rows, KernelGroups.RowThreads, View(source), columns, View(destination));
}

/// <summary>One group a row; thread t takes columns t, t + 128, ... in every pass, so source and destination may be one.</summary>
internal static class RowKernels
{
    [DeviceKernel]
    public static void Softmax(ArrayView<float> source, int columns, ArrayView<float> destination)
    {
        int start = Grid.IdxX * columns;
        float largest = float.NegativeInfinity, sum = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float value = source[start + c];
            if (value > largest) largest = value;
        }
        largest = KernelGroups.RowMax(largest);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float value = XMath.Exp(source[start + c] - largest);
            destination[start + c] = value;
            sum += value;
        }
        float factor = 1 / KernelGroups.RowSum(sum);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            destination[start + c] *= factor;
    }

    [DeviceKernel]
    public static void LogSoftmax(ArrayView<float> source, int columns, ArrayView<float> destination)
    {
        int start = Grid.IdxX * columns;
        float largest = float.NegativeInfinity, sum = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float value = source[start + c];
            if (value > largest) largest = value;
        }
        largest = KernelGroups.RowMax(largest);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            sum += XMath.Exp(source[start + c] - largest);
        float logarithm = XMath.Log(KernelGroups.RowSum(sum));
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            destination[start + c] = source[start + c] - largest - logarithm;
    }

    [DeviceKernel]
    public static void NormalizeRows(ArrayView<float> source, int columns, ArrayView<float> destination)
    {
        int start = Grid.IdxX * columns;
        float largest = 0, squares = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float magnitude = XMath.Abs(source[start + c]);
            if (magnitude > largest) largest = magnitude;
        }
        // Of values divided by the largest the squares can be summed, however large or small they are.
        largest = KernelGroups.RowMax(largest);
        if (largest == 0) largest = 1;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float value = source[start + c] / largest;
            squares += value * value;
        }
        squares = KernelGroups.RowSum(squares);
        float factor = squares == 0 ? 0 : 1 / XMath.Sqrt(squares);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            destination[start + c] = source[start + c] / largest * factor;
    }
}
