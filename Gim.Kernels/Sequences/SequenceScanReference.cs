namespace Gim.Kernels.Sequences;

/// <summary>The definition of <see cref="SequenceScan"/>'s operations, as plain loops.</summary>
public static class SequenceScanReference
{
    public static int IndexesOf(ReadOnlySpan<int> values, int value, Span<int> positions)
    {
        int found = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == value)
                positions[found++] = i;
        }
        return found;
    }

    public static int CommonSuffixLength(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int length = 0;
        while (length < first.Length && length < second.Length
            && first[first.Length - 1 - length] == second[second.Length - 1 - length])
        {
            length++;
        }
        return length;
    }
}
