using System.Runtime.CompilerServices;
using Gim.Kernels.Devices;
using ILGPU;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void SumSegmentsCore(
        DeviceView<float> weights, DeviceView<int> order, DeviceView<int> starts, int rows, int columns, DeviceView<float> destination)
        => kernels.Launch(
            SegmentKernels.SumSegments, KernelGroups.For(destination.Length), KernelGroups.ElementThreads,
            View(weights), View(order), View(starts), columns, View(destination));
}

internal static class SegmentKernels
{
    /// <summary>A thread for every sum.</summary>
    [DeviceKernel]
    public static void SumSegments(ArrayView<float> weights, ArrayView<int> order, ArrayView<int> starts, int columns, ArrayView<float> destination)
    {
        int i = KernelGroups.Element(), segments = starts.IntLength - 1;
        if (i >= destination.IntLength) return;
        int row = i / segments, segment = i % segments;
        int end = Inside(starts[segment + 1], order.IntLength);
        KernelSum sum = default;
        for (int t = Inside(starts[segment], order.IntLength); t < end; t++)
        {
            int place = order[t];
            if (place >= 0 && place < columns)
                sum.Add(weights[row * columns + place]);
        }
        destination[i] = sum.Total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Inside(int start, int count)
    {
        if (start < 0) return 0;
        return start < count ? start : count;
    }
}
