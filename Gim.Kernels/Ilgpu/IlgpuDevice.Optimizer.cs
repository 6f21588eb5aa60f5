using Gim.Kernels.Devices;
using ILGPU;
using ILGPU.Algorithms;

namespace Gim.Kernels.Ilgpu;

internal sealed partial class IlgpuDevice
{
    private protected override void AddSumOfSquaresCore(DeviceView<float> source, DeviceView<float> destination)
    {
        int blocks = (int)(((long)source.Length + OptimizerKernels.SquaresBlock - 1) / OptimizerKernels.SquaresBlock);
        // Given back at once: what uses the memory next runs after these kernels.
        using DeviceBuffer<float> sums = AllocateFloats(blocks);
        kernels.Launch(OptimizerKernels.SumSquaresOfBlocks, blocks, KernelGroups.RowThreads, View(source), View<float>(sums));
        kernels.Launch(OptimizerKernels.AddSum, 1, KernelGroups.RowThreads, View<float>(sums), View(destination));
    }

    private protected override void AdamWCore(
        DeviceView<float> parameters, DeviceView<float> gradient, DeviceView<float> firstMoment, DeviceView<float> secondMoment,
        AdamWStep step, DeviceView<float> squaredNorm, bool clips)
        // A kernel always takes a view; where nothing is clipped it gets the parameters' and leaves it alone.
        => kernels.Launch(
            OptimizerKernels.AdamW, KernelGroups.For(parameters.Length), KernelGroups.ElementThreads,
            View(parameters), View(gradient), View(firstMoment), View(secondMoment), View(clips ? squaredNorm : parameters), new AdamWFactors(step, clips));
}

internal static class OptimizerKernels
{
    /// <summary>Values in one partial sum of squares: 128 a thread.</summary>
    public const int SquaresBlock = 128 * KernelGroups.RowThreads;

    [DeviceKernel]
    public static void SumSquaresOfBlocks(ArrayView<float> source, ArrayView<float> sums)
    {
        int start = Grid.IdxX * SquaresBlock, rest = source.IntLength - start, count = rest < SquaresBlock ? rest : SquaresBlock;
        KernelSum own = default;
        for (int i = Group.IdxX; i < count; i += KernelGroups.RowThreads)
            own.Add(source[start + i] * source[start + i]);
        float sum = KernelGroups.RowSum(own.Total);
        if (Group.IdxX == 0)
            sums[Grid.IdxX] = sum;
    }

    /// <summary>One group adds all partial sums.</summary>
    [DeviceKernel]
    public static void AddSum(ArrayView<float> sums, ArrayView<float> destination)
    {
        KernelSum own = default;
        for (int i = Group.IdxX; i < sums.IntLength; i += KernelGroups.RowThreads)
            own.Add(sums[i]);
        float sum = KernelGroups.RowSum(own.Total);
        if (Group.IdxX == 0)
            destination[0] += sum;
    }

    [DeviceKernel]
    public static void AdamW(
        ArrayView<float> parameters, ArrayView<float> gradient, ArrayView<float> firstMoment, ArrayView<float> secondMoment,
        ArrayView<float> squaredNorm, AdamWFactors factors)
    {
        int i = KernelGroups.Element();
        if (i >= parameters.IntLength) return;
        float clip = 1;
        if (factors.MaximumNorm > 0)
        {
            float share = factors.MaximumNorm / XMath.Sqrt(squaredNorm[0]);
            if (!(share >= 1)) clip = share; // NaN too
        }
        float g = gradient[i] * clip;
        float m = firstMoment[i] * factors.Beta1 + g * factors.New1;
        float v = secondMoment[i] * factors.Beta2 + g * g * factors.New2;
        float p = parameters[i];
        parameters[i] = p - (p * factors.Decay + m * factors.Rate / (XMath.Sqrt(v) * factors.Root + factors.Epsilon));
        firstMoment[i] = m;
        secondMoment[i] = v;
    }
}
