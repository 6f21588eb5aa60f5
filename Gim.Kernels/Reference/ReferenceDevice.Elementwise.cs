using System.Numerics;
using Gim.Kernels.Devices;

namespace Gim.Kernels.Reference;

internal sealed partial class ReferenceDevice
{
    private static readonly double InverseRootOf2Pi = 1 / Math.Sqrt(2 * Math.PI);

    private protected override void AddCore(DeviceView<float> a, DeviceView<float> b, DeviceView<float> destination)
    {
        for (int i = 0; i < a.Length; i++)
            Span(destination)[i] = Span(a)[i] + Span(b)[i];
    }

    private protected override void ScaleCore(DeviceView<float> source, float factor, DeviceView<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
            Span(destination)[i] = factor * Span(source)[i];
    }

    private protected override void GeluCore(DeviceView<float> source, DeviceView<float> destination)
        => Gelu<float>(Span(source), Span(destination));

    private protected override void GeluBackwardCore(DeviceView<float> source, DeviceView<float> upstream, DeviceView<float> destination)
        => GeluBackward<float>(Span(source), Span(upstream), Span(destination));

    public static void Gelu<T>(ReadOnlySpan<T> source, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = T.CreateChecked(Gelu(double.CreateChecked(source[i])));
    }

    public static void GeluBackward<T>(ReadOnlySpan<T> source, ReadOnlySpan<T> upstream, Span<T> destination) where T : IFloatingPointIeee754<T>
    {
        for (int i = 0; i < source.Length; i++)
        {
            double x = double.CreateChecked(source[i]);
            double slope = NormalDistribution(x) + x * InverseRootOf2Pi * Math.Exp(-x * x / 2);
            destination[i] = T.CreateChecked(double.CreateChecked(upstream[i]) * slope);
        }
    }

    private static double Gelu(double x) => Elementwise.GeluReference.Gelu(x);

    /// <summary>Φ(x) = erfc(-x/√2) / 2.</summary>
    private static double NormalDistribution(double x) => Elementwise.ErrorFunctionReference.Erfc(-x / Math.Sqrt(2)) / 2;
}
