namespace Gim.Kernels.Simd;

/// <summary>
/// exp(x - largest) over a row, and its sum. Rows are taken in runs of one length, each summed in float32 and the runs in
/// double, so a row of any length loses no digits and its sum depends on nothing but the row.
/// </summary>
internal static class Exponentials
{
    private const int Run = 1024;

    /// <summary>Σ exp(source_i - largest).</summary>
    public static double Sum(ReadOnlySpan<float> source, float largest)
    {
        Span<float> values = stackalloc float[Run];
        double sum = 0;
        for (int start = 0; start < source.Length; start += Run)
        {
            ReadOnlySpan<float> from = source.Slice(start, Math.Min(Run, source.Length - start));
            sum += Fill(from, largest, values[..from.Length]);
        }
        return sum;
    }

    /// <summary>The same sum; the exponentials are left in <paramref name="destination"/>, which may be the source.</summary>
    public static double Sum(ReadOnlySpan<float> source, float largest, Span<float> destination)
    {
        double sum = 0;
        for (int start = 0; start < source.Length; start += Run)
        {
            int count = Math.Min(Run, source.Length - start);
            sum += Fill(source.Slice(start, count), largest, destination.Slice(start, count));
        }
        return sum;
    }

    private static float Fill(ReadOnlySpan<float> source, float largest, Span<float> destination)
        => Elementwise.Exponential.Apply(source, largest, 1, destination);
}
