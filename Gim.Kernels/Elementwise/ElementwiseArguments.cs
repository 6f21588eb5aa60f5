namespace Gim.Kernels.Elementwise;

/// <summary>Checks of what is given to an operation on single elements.</summary>
internal static class ElementwiseArguments
{
    public static void Check(ReadOnlySpan<float> values, ReadOnlySpan<float> results)
    {
        if (values.Length != results.Length)
            throw new ArgumentException($"there are {values.Length} values and room for {results.Length} results");
        if (values.Overlaps(results, out int offset) && offset != 0)
            throw new ArgumentException($"the results share memory with the values, {Math.Abs(offset)} elements apart: a value would be overwritten before it is read");
    }
}
