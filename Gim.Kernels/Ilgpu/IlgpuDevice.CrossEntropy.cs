using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void CrossEntropyCore(
        DeviceView<float> logits, DeviceView<int> targets, int rows, int columns, float scale, DeviceView<float> losses, DeviceView<float> gradient, bool hasGradient)
        // A kernel always takes a view; without a gradient it gets the losses' and leaves it alone.
        => kernels.Launch(
            LossKernels.CrossEntropy, rows, KernelGroups.RowThreads,
            View(logits), View(targets), columns, scale, View(losses), View(hasGradient ? gradient : losses), hasGradient ? 1 : 0);
}

internal static class LossKernels
{
    /// <summary>
    /// One group a row; thread t takes columns t, t + 128, ... in every pass, so the gradient may be the logits. Rows
    /// without a target are computed like the others, so that all threads meet at the barriers, and then overwritten.
    /// </summary>
    [DeviceKernel]
    public static void CrossEntropy(
        ArrayView<float> logits, ArrayView<int> targets, int columns, float scale, ArrayView<float> losses, ArrayView<float> gradient, int hasGradient)
    {
        int row = Grid.IdxX, start = row * columns, target = targets[row];
        bool isColumn = target >= 0 && target < columns;
        float instead = target == Devices.Device.NoTarget ? 0 : float.NaN;
        float wanted = isColumn ? logits[start + target] : 0;
        float largest = float.NegativeInfinity, sum = 0;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float value = logits[start + c];
            if (value > largest) largest = value;
        }
        largest = KernelGroups.RowMax(largest);
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
            sum += XMath.Exp(logits[start + c] - largest);
        sum = KernelGroups.RowSum(sum);
        if (Group.IdxX == 0)
            losses[row] = isColumn ? XMath.Log(sum) - (wanted - largest) : instead;
        if (hasGradient == 0) return;
        float factor = 1 / sum;
        for (int c = Group.IdxX; c < columns; c += KernelGroups.RowThreads)
        {
            float share = XMath.Exp(logits[start + c] - largest) * factor;
            if (c == target) share -= 1;
            gradient[start + c] = isColumn ? scale * share : instead;
        }
    }
}
