namespace Gim.Kernels.Elementwise;

/// <summary>The definition of <see cref="Exponential"/> in double precision.</summary>
public static class ExponentialReference
{
    /// <summary>results[i] = exp((values[i] - origin) factor), and their sum.</summary>
    public static float Apply(ReadOnlySpan<float> values, float origin, float factor, Span<float> results)
    {
        ElementwiseArguments.Check(values, results);
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double result = Math.Exp((values[i] - (double)origin) * factor);
            results[i] = (float)result;
            sum += result;
        }
        return (float)sum;
    }
}
