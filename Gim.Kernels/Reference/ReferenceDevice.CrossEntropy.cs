using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private protected override void CrossEntropyCore(
        DeviceView<float> logits, DeviceView<int> targets, int rows, int columns, float scale, DeviceView<float> losses, DeviceView<float> gradient, bool hasGradient)
        => CrossEntropy<float>(Span(logits), Span(targets), rows, columns, scale, Span(losses), hasGradient ? Span(gradient) : []);

    /// <param name="gradient">Empty for none.</param>
    public static void CrossEntropy<T>(
        ReadOnlySpan<T> logits, ReadOnlySpan<int> targets, int rows, int columns, double scale, Span<T> losses, Span<T> gradient) where T : IFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> from = logits.Slice(r * columns, columns);
            Span<T> to = gradient.IsEmpty ? [] : gradient.Slice(r * columns, columns);
            int target = targets[r];
            if (target < 0 || target >= columns)
            {
                T instead = target == NoTarget ? T.Zero : T.NaN;
                losses[r] = instead;
                to.Fill(instead);
                continue;
            }
            double largest = double.NegativeInfinity, sum = 0;
            for (int c = 0; c < columns; c++)
                largest = Math.Max(largest, double.CreateChecked(from[c]));
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(double.CreateChecked(from[c]) - largest);
            losses[r] = T.CreateChecked(Math.Log(sum) - (double.CreateChecked(from[target]) - largest));
            for (int c = 0; c < to.Length; c++)
                to[c] = T.CreateChecked(scale * (Math.Exp(double.CreateChecked(from[c]) - largest) / sum - (c == target ? 1 : 0)));
        }
    }
}
