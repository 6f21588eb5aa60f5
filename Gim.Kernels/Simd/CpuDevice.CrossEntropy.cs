using System.Numerics.Tensors;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Simd;

internal sealed partial class CpuDevice
{
    private protected override void CrossEntropyCore(
        DeviceView<float> logits, DeviceView<int> targets, int rows, int columns, float scale, DeviceView<float> losses, DeviceView<float> gradient, bool hasGradient)
        => Divide(rows, 5L * columns, new CrossEntropyWork(
            Values(logits), Values(targets), columns, scale, Values(losses), hasGradient ? Values(gradient) : default, hasGradient));

    private readonly struct CrossEntropyWork(
        HostValues<float> logits, HostValues<int> targets, int columns, float scale, HostValues<float> losses, HostValues<float> gradient, bool hasGradient)
        : IDivisibleWork
    {
        public void Run(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<float> from = logits.Row(r, columns);
                Span<float> to = hasGradient ? gradient.Row(r, columns) : [];
                int target = targets[r];
                if ((uint)target >= (uint)columns)
                {
                    float instead = target == NoTarget ? 0 : float.NaN;
                    losses[r] = instead;
                    to.Fill(instead);
                    continue;
                }
                // Read before the gradient takes the logits' place.
                float largest = TensorPrimitives.Max(from), distance = from[target] - largest;
                double sum = hasGradient ? Exponentials.Sum(from, largest, to) : Exponentials.Sum(from, largest);
                losses[r] = (float)(Math.Log(sum) - distance);
                if (hasGradient)
                {
                    TensorPrimitives.Multiply(to, (float)(scale / sum), to);
                    to[target] -= scale;
                }
            }
        }
    }
}
