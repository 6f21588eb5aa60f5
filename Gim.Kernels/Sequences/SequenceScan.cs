using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gim.Kernels.Sequences;

/// <summary>
/// Searching a sequence of integers: where a value stands, and how far two sequences agree when read from their ends.
/// <see cref="SequenceScanReference"/> is the definition.
/// </summary>
public static class SequenceScan
{
    /// <summary>
    /// Writes to <paramref name="positions"/> the indexes at which <paramref name="values"/> equals
    /// <paramref name="value"/>, ascending, and returns how many there are.
    /// </summary>
    /// <param name="values">[n]</param>
    /// <param name="value">What to look for.</param>
    /// <param name="positions">[at least n]</param>
    public static int IndexesOf(ReadOnlySpan<int> values, int value, Span<int> positions)
    {
        if (positions.Length < values.Length)
            throw new ArgumentException($"room for {positions.Length} positions where there may be {values.Length}", nameof(positions));
        ref int first = ref MemoryMarshal.GetReference(values);
        int found = 0, i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (Vector512<int> wanted = Vector512.Create(value); i <= values.Length - Vector512<int>.Count; i += Vector512<int>.Count)
                found = Collect(Vector512.Equals(Vector512.LoadUnsafe(ref first, (nuint)i), wanted).ExtractMostSignificantBits(), i, positions, found);
        }
        if (Vector256.IsHardwareAccelerated)
        {
            for (Vector256<int> wanted = Vector256.Create(value); i <= values.Length - Vector256<int>.Count; i += Vector256<int>.Count)
                found = Collect(Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)i), wanted).ExtractMostSignificantBits(), i, positions, found);
        }
        if (Vector128.IsHardwareAccelerated)
        {
            for (Vector128<int> wanted = Vector128.Create(value); i <= values.Length - Vector128<int>.Count; i += Vector128<int>.Count)
                found = Collect(Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)i), wanted).ExtractMostSignificantBits(), i, positions, found);
        }
        for (; i < values.Length; i++)
        {
            if (values[i] == value)
                positions[found++] = i;
        }
        return found;
    }

    private static int Collect(ulong bits, int start, Span<int> positions, int found)
    {
        for (; bits != 0; bits &= bits - 1)
            positions[found++] = start + BitOperations.TrailingZeroCount(bits);
        return found;
    }

    /// <summary>The length of the longest common ending of two sequences.</summary>
    public static int CommonSuffixLength(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int limit = Math.Min(first.Length, second.Length);
        ref int a = ref MemoryMarshal.GetReference(first[^limit..]);
        ref int b = ref MemoryMarshal.GetReference(second[^limit..]);
        int length = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; length <= limit - Vector512<int>.Count; length += Vector512<int>.Count)
            {
                nuint at = (nuint)(limit - length - Vector512<int>.Count);
                ulong equal = Vector512.Equals(Vector512.LoadUnsafe(ref a, at), Vector512.LoadUnsafe(ref b, at)).ExtractMostSignificantBits();
                if (equal != 0xFFFF)
                    return length + BitOperations.LeadingZeroCount(~equal << 48);
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; length <= limit - Vector128<int>.Count; length += Vector128<int>.Count)
            {
                nuint at = (nuint)(limit - length - Vector128<int>.Count);
                uint equal = Vector128.Equals(Vector128.LoadUnsafe(ref a, at), Vector128.LoadUnsafe(ref b, at)).ExtractMostSignificantBits();
                if (equal != 0xF)
                    return length + BitOperations.LeadingZeroCount(~equal << 28);
            }
        }
        while (length < limit && first[^(length + 1)] == second[^(length + 1)])
            length++;
        return length;
    }
}
