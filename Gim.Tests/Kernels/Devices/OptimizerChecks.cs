using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

internal static class OptimizerChecks
{
    public static void AddSumOfSquares(Comparison c)
    {
        // Positive terms, summed with twice the digits in blocks; the blocks' sums are then rounded a few times.
        var tolerance = new Tolerance(0, 4e-7);
        int[] blocks = c.Kind == DeviceKind.IlgpuCpu ? [16_385] : [16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 1_048_577];
        foreach (int n in (int[])[.. c.Lengths, .. blocks])
            c.Compare($"sum of squares of {n}", tolerance, [c.Normal(n)], [[3]], (d, x, y) => d.AddSumOfSquares(x[0], y[0]));
        c.Compare("sum of squares of NaN", tolerance, [[1, float.NaN]], [[3]], (d, x, y) => d.AddSumOfSquares(x[0], y[0]));
        c.Compare("sum of squares of infinity", tolerance, [[1, float.NegativeInfinity]], [[3]], (d, x, y) => d.AddSumOfSquares(x[0], y[0]));
    }

    public static void AdamW(Comparison c)
    {
        // A move is of the size of the learning rate, and a few ulp of it are lost.
        var tolerance = new Tolerance(2e-7, 4e-7);
        AdamWStep[] steps =
        [
            new() { LearningRate = 0.01f, Step = 1 },
            new() { LearningRate = 0.01f, Step = 1000, Beta1 = 0.8f, Beta2 = 0.95f, WeightDecay = 0.1f },
            new() { LearningRate = 0.1f, Step = 3, Epsilon = 0.1f, MaximumNorm = 1 },
            new() { LearningRate = 0, Step = int.MaxValue, Beta1 = 0, Beta2 = 0, WeightDecay = 1 },
        ];
        foreach (int n in c.Lengths)
        {
            AdamWStep step = steps[n % steps.Length];
            float[] squares = [.. c.Normal(n).Select(x => x * x)];
            c.Compare($"adamw {n}, {step}", tolerance, [c.Normal(n), [7.5f]], [c.Normal(n), c.Normal(n), squares],
                (d, x, y) => d.AdamW(y[0], x[0], y[1], y[2], step, x[1]));
        }
        // A norm below the maximum changes nothing; no norm, zero, infinity and NaN.
        AdamWStep clipping = new() { LearningRate = 0.01f, Step = 2, MaximumNorm = 3 };
        foreach (float norm in (float[])[4, 0, 25, float.PositiveInfinity, float.NaN])
            c.Compare($"adamw of squared norm {norm}", tolerance, [c.Normal(9), [norm]], [c.Normal(9), c.Normal(9), [.. c.Normal(9).Select(Math.Abs)]],
                (d, x, y) => d.AdamW(y[0], x[0], y[1], y[2], clipping, x[1]));
        c.Compare("adamw of NaN", tolerance, [[1, float.NaN, 2]], [[1, 2, 3], new float[3], new float[3]], (d, x, y) => d.AdamW(y[0], x[0], y[1], y[2], steps[0]));
    }
}
