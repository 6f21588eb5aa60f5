namespace Gim.Index.Sort;

/// <summary>Sorts suffixes by keys read beforehand: by insertion where they are few, else by the keys' digits of 8 bits.</summary>
internal static unsafe class KeySort<TIndex>
    where TIndex : unmanaged
{
    private const int Few = 48, DigitBits = 8, Digits = 1 << DigitBits;

    /// <param name="spareKeys">Room for as many keys.</param>
    /// <param name="sparePositions">Room for as many positions.</param>
    public static void Sort(ulong* keys, TIndex* positions, int count, ulong* spareKeys, TIndex* sparePositions)
    {
        if (count <= Few)
            Insert(keys, positions, count, keys, positions);
        else
            SortByDigit(keys, positions, count, 64 - DigitBits, spareKeys, sparePositions);
    }

    private static void SortByDigit(ulong* keys, TIndex* positions, int count, int shift, ulong* spareKeys, TIndex* sparePositions)
    {
        int* ends = stackalloc int[Digits];
        for (; shift >= 0; shift -= DigitBits)
        {
            new Span<int>(ends, Digits).Clear();
            for (int i = 0; i < count; i++)
                ends[(byte)(keys[i] >> shift)]++;
            // Where all have the same digit, the next one decides.
            if (ends[(byte)(keys[0] >> shift)] != count)
                break;
        }
        if (shift < 0)
            return;

        int sum = 0;
        for (int digit = 0; digit < Digits; digit++)
        {
            int size = ends[digit];
            ends[digit] = sum;
            sum += size;
        }
        for (int i = 0; i < count; i++)
        {
            int to = ends[(byte)(keys[i] >> shift)]++;
            spareKeys[to] = keys[i];
            sparePositions[to] = positions[i];
        }
        int start = 0;
        for (int digit = 0; digit < Digits; digit++)
        {
            int size = ends[digit] - start;
            if (size <= Few)
            {
                Insert(spareKeys + start, sparePositions + start, size, keys + start, positions + start);
            }
            else
            {
                long bytes = (long)size * sizeof(ulong);
                Buffer.MemoryCopy(spareKeys + start, keys + start, bytes, bytes);
                bytes = (long)size * sizeof(TIndex);
                Buffer.MemoryCopy(sparePositions + start, positions + start, bytes, bytes);
                if (shift > 0)
                    SortByDigit(keys + start, positions + start, size, shift - DigitBits, spareKeys + start, sparePositions + start);
            }
            start = ends[digit];
        }
    }

    /// <summary>Puts each in its place among those before it; from and to may be the same.</summary>
    private static void Insert(ulong* fromKeys, TIndex* from, int count, ulong* toKeys, TIndex* to)
    {
        for (int i = 0; i < count; i++)
        {
            ulong key = fromKeys[i];
            TIndex position = from[i];
            int at = i;
            for (; at > 0 && toKeys[at - 1] > key; at--)
            {
                toKeys[at] = toKeys[at - 1];
                to[at] = to[at - 1];
            }
            toKeys[at] = key;
            to[at] = position;
        }
    }
}
