using Gim.Evaluate;
using Gim.Similarity;
using Gim.Train;

namespace Gim.Tests.Train;

/// <summary>A loss in double precision against a gradient by all parameters.</summary>
internal static class ParameterSlopes
{
    /// <summary>Initial weights with noise on all of them, so that no bias is zero and no gain one.</summary>
    public static float[] Start(SimilarityConfiguration configuration, ParameterLayout layout)
    {
        float[] values = InitialWeights.Make(configuration, layout, embedding: null, inverseTemperature: 7, seed: 42);
        var noise = new GaussianRandom(43);
        for (int i = 0; i < values.Length; i++)
            values[i] += (float)(0.1 * noise.Next());
        return values;
    }

    /// <summary>Asserts that a gradient is the slope of the loss, at some places of each tensor: every loss in plain loops takes a while.</summary>
    /// <param name="values">All parameters; they are as before afterwards.</param>
    /// <param name="each">Places of a tensor.</param>
    public static void Check(ParameterLayout layout, double[] values, float[] gradient, Func<double[], double> loss, int each = 40)
    {
        double largest = gradient.Max(Math.Abs);
        foreach (Parameter parameter in layout.All)
        {
            for (int i = 0; i < parameter.Length; i += Math.Max(1, parameter.Length / each))
            {
                int place = parameter.Start + i;
                double slope = Slope(values, loss, place);
                // Float32 sums over some hundred terms on one side, 1e-9 from the differences on the other.
                Assert.True(
                    Math.Abs(slope - gradient[place]) <= 2e-5 * largest + 2e-4 * Math.Abs(slope),
                    $"{parameter.Name}[{i}]: {gradient[place]} where the loss has the slope {slope}");
            }
        }
    }

    private static double Slope(double[] values, Func<double[], double> loss, int place)
    {
        const double change = 1e-5;
        double kept = values[place];
        values[place] = kept + change;
        double up = loss(values);
        values[place] = kept - change;
        double down = loss(values);
        values[place] = kept;
        return (up - down) / (2 * change);
    }
}
