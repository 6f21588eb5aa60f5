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

    private static double Gelu(double x) => x * NormalDistribution(x);

    /// <summary>Φ(x) = (1 + erf(x/√2)) / 2.</summary>
    private static double NormalDistribution(double x) => (1 + ErrorFunction(x / Math.Sqrt(2))) / 2;

    /// <summary>
    /// erf(x) = 2/√π exp(-x²) Σ_n 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)), to about 1e-15: all terms have one sign, so nothing cancels.
    /// </summary>
    public static double ErrorFunction(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x); // nearer to 1 than a double can say
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
