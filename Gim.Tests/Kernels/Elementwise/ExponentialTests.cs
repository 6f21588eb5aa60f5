using Gim.Kernels.Elementwise;

namespace Gim.Tests.Kernels.Elementwise;

public class ExponentialTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1001)]
    public void Every_length_gives_the_reference(int count)
    {
        var random = new Random(42);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => 20 * random.NextSingle() - 10)], expected = new float[count], actual = new float[count + 2];
        actual[0] = actual[^1] = 7;
        float sum = Exponential.Apply(values, 1.5f, 0.7f, actual.AsSpan(1, count));
        float expectedSum = ExponentialReference.Apply(values, 1.5f, 0.7f, expected);
        // The argument, up to 8, is rounded three times: each rounding of half an ulp of it is as much of the result.
        for (int i = 0; i < count; i++)
            Assert.True(Math.Abs(actual[i + 1] - expected[i]) <= 2e-6 * expected[i], $"exp of value {values[i]:R} is {actual[i + 1]:R}, not {expected[i]:R}");
        Assert.True(Math.Abs(sum - expectedSum) <= 2e-6 * expectedSum, $"sum {sum:R}, not {expectedSum:R}");
        Assert.Equal([7f, 7f], [actual[0], actual[^1]]);
    }

    [Fact]
    public void All_arguments_are_within_the_stated_error()
    {
        float[] values = [.. Enumerable.Range(0, 2_000_001).Select(i => (i - 1_000_000) * 1.03e-4f)], actual = new float[values.Length];
        Exponential.Apply(values, 0, 1, actual);
        for (int i = 0; i < values.Length; i++)
        {
            double expected = Math.Exp(values[i]);
            if ((float)expected > float.MaxValue)
                Assert.Equal(float.PositiveInfinity, actual[i]);
            else
                Assert.True(Math.Abs(actual[i] - expected) <= 3e-7 * expected + float.Epsilon, $"exp({values[i]:R}) is {actual[i]:R}, not {expected:R}");
        }
    }

    [Fact]
    public void Special_values_give_what_they_should()
    {
        foreach (int copies in (int[])[1, 16, 40])
        {
            foreach ((float value, float expected) in ((float, float)[])
                [
                    (float.NaN, float.NaN), (float.NegativeInfinity, 0), (float.PositiveInfinity, float.PositiveInfinity), (-1000, 0), (1000, float.PositiveInfinity),
                    (0, 1), (-0f, 1), (float.MaxValue, float.PositiveInfinity), (float.MinValue, 0), (float.Epsilon, 1), (89, float.PositiveInfinity), (-104, 0),
                ])
            {
                float[] values = [.. Enumerable.Repeat(value, copies)];
                float sum = Exponential.Apply(values, 0, 1, values);
                Assert.All(values, actual => Assert.Equal(expected, actual));
                Assert.Equal(copies * expected, sum);
            }
        }
    }

    [Fact]
    public void Results_that_share_memory_with_other_values_are_refused()
        => Assert.Throws<ArgumentException>(() =>
        {
            float[] memory = new float[10];
            Exponential.Apply(memory.AsSpan(0, 9), 0, 1, memory.AsSpan(1, 9));
        });
}
