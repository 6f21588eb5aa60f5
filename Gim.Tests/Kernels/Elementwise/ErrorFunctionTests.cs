using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Gim.Kernels.Elementwise;
using Xunit.Abstractions;

namespace Gim.Tests.Kernels.Elementwise;

public class ErrorFunctionTests(ITestOutputHelper output)
{
    /// <summary>Every 4,999th float of both signs, so all magnitudes, and a fine grid where the functions bend.</summary>
    private static float[] Values()
    {
        var values = new List<float>();
        for (uint bits = 0; bits < 0x7F800000; bits += 4999)
            values.AddRange([BitConverter.UInt32BitsToSingle(bits), -BitConverter.UInt32BitsToSingle(bits)]);
        for (float x = -16; x <= 16; x += 1f / 8192)
            values.Add(x);
        return [.. values];
    }

    [Theory]
    [InlineData(0.5, 0.5204998778130465, 0.4795001221869535)]
    [InlineData(1, 0.8427007929497149, 0.15729920705028513)]
    [InlineData(2, 0.9953222650189527, 0.004677734981047266)]
    [InlineData(4, 0.9999999845827421, 1.541725790028002e-8)]
    public void The_reference_has_the_published_values(double x, double erf, double erfc)
    {
        Assert.Equal(erf, ErrorFunctionReference.Erf(x), 1e-15);
        Assert.Equal(-erf, ErrorFunctionReference.Erf(-x), 1e-15);
        Assert.Equal(1, ErrorFunctionReference.Erfc(x) / erfc, 1e-12);
        Assert.Equal(1 + erf, ErrorFunctionReference.Erfc(-x), 1e-15);
    }

    [Fact]
    public void Erf_is_the_reference_to_the_precision_of_a_float()
    {
        float[] values = Values(), results = new float[values.Length];
        ErrorFunction.Erf(values, results);
        double largest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double expected = ErrorFunctionReference.Erf(values[i]);
            // A subnormal result has fewer digits.
            double difference = Math.Abs(results[i] - expected) - float.Epsilon;
            largest = Math.Max(largest, expected == 0 ? difference : difference / Math.Abs(expected));
        }
        output.WriteLine($"largest relative difference {largest:G3} of {values.Length} values");
        // Two units in the last place of a float: polynomial and complement round a few times.
        Assert.InRange(largest, 0, 2.4e-7);
    }

    [Fact]
    public void Gelu_is_the_reference_relative_to_it_until_results_are_subnormal()
    {
        float[] values = Values(), results = new float[values.Length];
        Gelu.Apply(values, results);
        double largest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double expected = GeluReference.Gelu(values[i]);
            double difference = Math.Abs(results[i] - expected);
            const float SmallestNormal = 1.17549435e-38f;
            if (Math.Abs(expected) < SmallestNormal)
                Assert.True(difference <= SmallestNormal, $"GELU of {values[i]:R}: expected {expected:R}, got {results[i]:R}");
            else
                largest = Math.Max(largest, difference / Math.Abs(expected));
        }
        output.WriteLine($"largest relative difference {largest:G3} of {values.Length} values");
        // Far below 0 exponential, polynomial, quotient and product each round; three units in the last place are 3.6e-7.
        // Without fused sums, the square in the exponent (up to 87) is rounded to 24 bits.
        Assert.InRange(largest, 0, Fma.IsSupported || AdvSimd.IsSupported ? 6e-7 : 87 * 6e-8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    public void Every_length_gives_the_same_values_in_place_and_beyond_vectors(int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(i => i * 0.37f - 2)];
        float[] erf = [.. values], gelu = [.. values];
        ErrorFunction.Erf(erf, erf);
        Gelu.Apply(gelu, gelu);
        for (int i = 0; i < length; i++)
        {
            float[] one = new float[1];
            ErrorFunction.Erf([values[i]], one);
            Assert.Equal(one[0], erf[i]);
            Gelu.Apply([values[i]], one);
            Assert.Equal(one[0], gelu[i]);
        }
    }

    [Fact]
    public void What_is_not_finite_has_its_limits()
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity], results = new float[3];
        ErrorFunction.Erf(values, results);
        Assert.Equal([float.NaN, 1, -1], results);
        Gelu.Apply(values, results);
        Assert.Equal([float.NaN, float.PositiveInfinity, 0], results);
    }

    [Fact]
    public void Lengths_that_differ_and_shifted_memory_are_refused()
    {
        float[] values = new float[10];
        Assert.Throws<ArgumentException>(() => ErrorFunction.Erf(values, new float[9]));
        Assert.Throws<ArgumentException>(() => Gelu.Apply(values.AsSpan(0, 9), values.AsSpan(1)));
    }
}
