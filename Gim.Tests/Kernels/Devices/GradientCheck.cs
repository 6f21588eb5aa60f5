namespace Gim.Tests.Kernels.Devices;

/// <summary>Gradients against central differences of the loss.</summary>
internal static class GradientCheck
{
    /// <summary>With a step of 1e-5 the difference's own error is near 1e-10 of these values.</summary>
    private const double Step = 1e-5, Enough = 1e-7;

    public static void Central(double[] values, double[] gradient, Func<double> loss)
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
}
