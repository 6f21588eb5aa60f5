namespace Gim.Kernels.Sequences;

/// <summary>
/// The positions of a sequence grouped by the value that stands there: Order[Starts[s]..Starts[s + 1]] are the positions
/// of Values[s], ascending. What sums over equal values need, <see cref="Devices.Device.SumSegments"/>.
/// </summary>
/// <param name="Order">[n], every position once.</param>
/// <param name="Starts">[values + 1], from 0 to n.</param>
/// <param name="Values">[values], the distinct values, ascending.</param>
public sealed record Segments(int[] Order, int[] Starts, int[] Values)
{
    /// <summary>Groups <paramref name="values"/> [n] of any size and sign.</summary>
    public static Segments Of(ReadOnlySpan<int> values)
    {
        // Value and position in one number: sorting these is sorting by value with the positions in order.
        var sorted = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
            sorted[i] = (long)values[i] << 32 | (uint)i;
        Array.Sort(sorted);

        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || Value(sorted[i]) != Value(sorted[i - 1])) distinct++;
        }
        int[] order = new int[sorted.Length], starts = new int[distinct + 1], found = new int[distinct];
        int segment = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            order[i] = (int)sorted[i];
            if (i > 0 && Value(sorted[i]) == Value(sorted[i - 1])) continue;
            starts[segment] = i;
            found[segment++] = Value(sorted[i]);
        }
        starts[distinct] = sorted.Length;
        return new Segments(order, starts, found);
    }

    private static int Value(long sorted) => (int)(sorted >> 32);
}
