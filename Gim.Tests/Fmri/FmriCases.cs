using Gim.Evaluate;
using Gim.Fmri;

namespace Gim.Tests.Fmri;

/// <summary>Small matrices of known properties.</summary>
internal static class FmriCases
{
    /// <summary>Normal numbers of mean 0 and deviation 1.</summary>
    public static Matrix Normal(int rows, int columns, long seed = 42)
    {
        var matrix = new Matrix(rows, columns);
        new GaussianRandom(seed).Fill(matrix.Values, 1);
        return matrix;
    }

    /// <summary>Responses that depend on the features, half or more of them noise; the last column is noise alone.</summary>
    public static Matrix Responses(Matrix features, int targets, long seed = 7)
    {
        Matrix responses = Normal(features.Rows, targets, seed), weights = Normal(features.Columns, targets, seed + 1);
        double noise = 1, size = 1 / Math.Sqrt(features.Columns);
        for (int row = 0; row < features.Rows; row++)
        {
            for (int target = 0; target < targets; target++)
            {
                double signal = 0;
                for (int i = 0; i < features.Columns && target < targets - 1; i++)
                    signal += features[row, i] * weights[i, target] * size;
                responses[row, target] = (float)(signal * target / targets + noise * responses[row, target]);
            }
        }
        return responses;
    }

    /// <summary>Successive stories named s0, s1, ... with so many rows each.</summary>
    public static StoryRows[] Stories(params int[] counts)
    {
        var stories = new StoryRows[counts.Length];
        for (int i = 0, start = 0; i < counts.Length; start += counts[i++])
            stories[i] = new StoryRows($"s{i}", start, counts[i]);
        return stories;
    }

    /// <summary>The largest difference; fails where one side is NaN.</summary>
    public static double Difference(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.False(double.IsNaN(expected[i]) || float.IsNaN(actual[i]), $"value {i} is {actual[i]} where {expected[i]} was expected");
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        }
        return largest;
    }
}
