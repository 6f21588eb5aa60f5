using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

public class AdamWTests
{
    [Fact]
    public void Two_steps_by_hand()
    {
        using Device device = DeviceCatalog.Open("reference");
        using DeviceBuffer<float> p = device.Upload([1f]), g = device.Upload([0.5f]), m = device.AllocateFloats(1), v = device.AllocateFloats(1);
        AdamWStep step = new() { LearningRate = 0.1f, Step = 1, Epsilon = 0, WeightDecay = 0.5f };
        // The first step's m / (1 - β₁) is the gradient and v / (1 - β₂) its square: the move is η in the gradient's direction.
        device.AdamW(p, g, m, v, step);
        Assert.Equal(1 - 0.05 - 0.1, p.ToArray()[0], 6);
        Assert.Equal(0.05, m.ToArray()[0], 6);
        Assert.Equal(0.00025, v.ToArray()[0], 7);
        g.Upload([-0.5f]);
        device.AdamW(p, g, m, v, step with { Step = 2 });
        double mean = (0.9 * 0.05 - 0.1 * 0.5) / (1 - 0.81), root = 0.5;
        Assert.Equal(0.85 * 0.95 - 0.1 * mean / root, p.ToArray()[0], 6);
    }

    [Fact]
    public void It_finds_the_lowest_point()
    {
        using Device device = DeviceCatalog.Open("cpu");
        float[] goal = [1, -2, 3];
        using DeviceBuffer<float> p = device.AllocateFloats(3), g = device.AllocateFloats(3), m = device.AllocateFloats(3), v = device.AllocateFloats(3);
        for (int step = 1; step <= 2000; step++)
        {
            g.Upload([.. p.ToArray().Select((x, i) => x - goal[i])]);
            device.AdamW(p, g, m, v, new AdamWStep { LearningRate = 0.01f, Step = step });
        }
        Assert.All(p.ToArray().Zip(goal), pair => Assert.Equal(pair.Second, pair.First, 0.01));
    }

    [Fact]
    public void Values_outside_their_range_are_refused_and_named()
    {
        using Device device = DeviceCatalog.Open("cpu");
        using DeviceBuffer<float> p = device.Upload([1f]), g = device.Upload([1f]), m = device.AllocateFloats(1), v = device.AllocateFloats(1);
        AdamWStep good = new() { LearningRate = 0.1f, Step = 1 };
        string Refusal(AdamWStep step) => Assert.Throws<HyperparameterException>(() => device.AdamW(p, g, m, v, step)).Message;
        Assert.Equal("adamw: learning rate -1; it must be a number from 0", Refusal(good with { LearningRate = -1 }));
        Assert.Contains("learning rate NaN", Refusal(good with { LearningRate = float.NaN }), StringComparison.Ordinal);
        Assert.Equal("adamw: beta1 1; it must be from 0 to below 1", Refusal(good with { Beta1 = 1 }));
        Assert.Contains("beta2 -0.1", Refusal(good with { Beta2 = -0.1f }), StringComparison.Ordinal);
        Assert.Contains("epsilon ", Refusal(good with { Epsilon = float.PositiveInfinity }), StringComparison.Ordinal);
        Assert.Contains("weight decay ", Refusal(good with { WeightDecay = -1 }), StringComparison.Ordinal);
        Assert.Equal("adamw: step 0; steps count from 1", Refusal(good with { Step = 0 }));
        Assert.Contains("maximum norm -1", Refusal(good with { MaximumNorm = -1 }), StringComparison.Ordinal);
        Assert.Contains("without the gradient's squared norm", Refusal(good with { MaximumNorm = 1 }), StringComparison.Ordinal);
        Assert.Equal([1f], p.ToArray());
    }
}
