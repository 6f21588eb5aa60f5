using Gim.Train;

namespace Gim.Tests.Train;

public sealed class LearningRateTests
{
    [Fact]
    public void It_rises_stays_and_falls_to_zero()
    {
        var rate = new LearningRate(Peak: 2, WarmUp: 4, Steps: 100, DecayShare: 0.5, DecayKind.Linear);
        Assert.Equal([0.5, 1, 1.5, 2, 2], Enumerable.Range(0, 5).Select(rate.At));
        Assert.Equal(2, rate.At(49));
        Assert.Equal(2, rate.At(50));
        Assert.Equal(1, rate.At(75), 12);
        Assert.Equal(2.0 / 50, rate.At(99), 12);
        var cosine = rate with { Kind = DecayKind.Cosine };
        Assert.Equal(1, cosine.At(75), 12);
        Assert.Equal(1 + Math.Cos(Math.PI * 49 / 50), cosine.At(99), 12);
        var floored = rate with { LowestShare = 0.1 };
        Assert.Equal([1, 2, 2], ((int[])[1, 49, 50]).Select(floored.At));
        Assert.Equal(2 * 0.55, floored.At(75), 12);
        Assert.Equal(2 * (0.1 + 0.9 / 50), floored.At(99), 12);
    }

    [Fact]
    public void Without_decay_it_stays_and_without_warm_up_it_begins_at_its_highest()
    {
        var rate = new LearningRate(1, 0, 10, 0, DecayKind.Linear);
        Assert.All(Enumerable.Range(0, 10), step => Assert.Equal(1, rate.At(step)));
    }

    [Fact]
    public void Until_it_falls_the_number_of_steps_does_not_matter()
    {
        var shorter = new LearningRate(1, 7, 100, 0.3, DecayKind.Linear);
        LearningRate longer = shorter with { Steps = 1000, Kind = DecayKind.Cosine };
        Assert.Equal(70, shorter.DecayStart);
        for (int step = 0; step < shorter.DecayStart; step++)
            Assert.Equal(shorter.At(step), longer.At(step));
        Assert.NotEqual(shorter.At(80), longer.At(80));
    }
}
