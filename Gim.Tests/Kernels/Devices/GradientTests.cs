using Gim.Kernels.Elementwise;
using Gim.Kernels.Reference;

namespace Gim.Tests.Kernels.Devices;

/// <summary>
/// The backward operations against central differences of the forward ones, both the reference's loops in double. The
/// loss is Σ w_i y_i with random weights w, which are then the upstream gradient.
/// </summary>
public partial class GradientTests
{
    /// <summary>With a step of 1e-5 the difference's own error is near 1e-10 of these values.</summary>
    private const double Step = 1e-5, Enough = 1e-7;

    private readonly Random random = new(42);

    [Fact]
    public void Gelu()
    {
        double[] source = Values(200, 3), upstream = Values(200, 1), gradient = new double[200];
        ReferenceDevice.GeluBackward<double>(source, upstream, gradient);
        CheckGradient(source, gradient, () =>
        {
            var result = new double[source.Length];
            ReferenceDevice.Gelu<double>(source, result);
            return Dot(result, upstream);
        });
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 5)]
    [InlineData(7, 33)]
    public void LayerNorm(int rows, int columns)
    {
        double[] source = Values(rows * columns, 2), gain = Values(columns, 1), bias = Values(columns, 1), upstream = Values(rows * columns, 1);
        double[] result = new double[rows * columns], mean = new double[rows], inverse = new double[rows];
        double Loss()
        {
            ReferenceDevice.LayerNorm<double>(source, gain, bias, rows, columns, result, mean, inverse);
            return Dot(result, upstream);
        }

        Loss();
        double[] sourceGradient = new double[rows * columns], gainGradient = new double[columns], biasGradient = new double[columns];
        ReferenceDevice.LayerNormBackward<double>(source, gain, mean, inverse, upstream, rows, columns, sourceGradient, gainGradient, biasGradient);
        CheckGradient(source, sourceGradient, Loss);
        CheckGradient(gain, gainGradient, Loss);
        CheckGradient(bias, biasGradient, Loss);
    }

    [Fact]
    public void The_error_function_has_its_known_values()
    {
        // Abramowitz and Stegun, table 7.1.
        Assert.Equal(0.1124629160, ErrorFunctionReference.Erf(0.1), 10);
        Assert.Equal(0.5204998778, ErrorFunctionReference.Erf(0.5), 10);
        Assert.Equal(0.8427007929, ErrorFunctionReference.Erf(1), 10);
        Assert.Equal(-0.9953222650, ErrorFunctionReference.Erf(-2), 10);
        Assert.Equal(1, ErrorFunctionReference.Erf(7));
        Assert.Equal(0, ErrorFunctionReference.Erf(0));
    }

    private static void CheckGradient(double[] values, double[] gradient, Func<double> loss)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double kept = values[i];
            values[i] = kept + Step;
            double above = loss();
            values[i] = kept - Step;
            double below = loss();
            values[i] = kept;
            double expected = (above - below) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[i]) <= Enough * Math.Max(1, Math.Abs(expected)), $"value {i}: {gradient[i]:R} where differences say {expected:R}");
        }
    }

    private double[] Values(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => scale * (2 * random.NextDouble() - 1))];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
