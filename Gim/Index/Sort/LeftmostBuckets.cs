using System.Numerics;
using static Gim.Index.Sort.SortAccess;

namespace Gim.Index.Sort;

/// <summary>
/// Distributes leftmost-S suffixes over buckets by their first symbol, or the first two bytes of long texts. Where
/// symbols have at most 16 bits, a bucket of very many is divided further by the next 8 bits. The text is read from
/// front to back, so that this costs little; what the buckets have left to sort is read at random places.
/// </summary>
internal sealed unsafe class LeftmostBuckets<TSymbol, TIndex> : IDisposable
    where TSymbol : unmanaged
    where TIndex : unmanaged
{
    private const int DigitBits = 8, Digits = 1 << DigitBits;

    private readonly TSymbol* text;
    private readonly long length;
    private readonly ulong* marks;
    private readonly int parts;
    private readonly bool pairs;
    private readonly CancellationToken cancellation;

    // For each first symbol, its bucket or the first of its many; and the counters, a table for each part of the text.
    private readonly NativeBuffer<TIndex>? firsts;
    private readonly NativeBuffer<TIndex> tables;

    /// <summary>Writes all marked positions to the front of the suffix array, bucket after bucket.</summary>
    public LeftmostBuckets(
        TSymbol* text, long length, long alphabet, ulong* marks, TIndex* suffixes, int parts, SortSettings settings, CancellationToken cancellation)
    {
        this.text = text;
        this.length = length;
        this.marks = marks;
        this.parts = parts;
        this.cancellation = cancellation;
        pairs = InPairs(length, settings);
        long undivided = Undivided(length, alphabet, settings);
        Count = undivided;
        tables = new NativeBuffer<TIndex>(parts * undivided, zeroed: true, settings.Memory);
        Tally();
        if (sizeof(TSymbol) <= sizeof(ushort) && Large(settings.Group) is > 0 and var large)
        {
            firsts = new NativeBuffer<TIndex>(undivided + 1, zeroed: false, settings.Memory);
            Divide(settings.Group);
            Count = undivided + large * (Digits - 1);
            tables.Dispose();
            tables = new NativeBuffer<TIndex>(parts * Count, zeroed: true, settings.Memory);
            Tally();
        }
        StartBuckets();
        SortTeam.Run(parts, part => Write(part, suffixes), cancellation);
    }

    /// <summary>The most memory in bytes that it takes.</summary>
    public static long WorkingBytes(long length, long alphabet, int parts, SortSettings settings)
    {
        long undivided = Undivided(length, alphabet, settings);
        if (sizeof(TSymbol) > sizeof(ushort))
            return parts * undivided * sizeof(TIndex);
        long large = Math.Min(undivided, length / 2 / settings.Group);
        return (undivided + 1 + parts * (undivided + large * (Digits - 1))) * sizeof(TIndex);
    }

    /// <summary>Symbols that the suffixes of a bucket have in common.</summary>
    public int Depth => pairs ? 2 : 1;

    /// <summary>Low bits of the next key that may differ in a bucket of more suffixes than are sorted at a time.</summary>
    public static int BitsOfLarge => sizeof(TSymbol) <= sizeof(ushort) ? 64 - DigitBits : 64;

    public long Count { get; }

    /// <summary>Where each bucket ends.</summary>
    public TIndex* Ends => tables.Pointer + (parts - 1) * Count;

    private static bool InPairs(long length, SortSettings settings) => sizeof(TSymbol) == 1 && length >= settings.PairsFrom;

    private static long Undivided(long length, long alphabet, SortSettings settings) => InPairs(length, settings) ? 1 << 16 : alphabet;

    // The last position of a text is never marked: every marked one has a symbol after it.
    private long Symbols(long position) => pairs ? Get(text, position) << 8 | Get(text, position + 1) : Get(text, position);

    private long Bucket(long position)
    {
        long symbols = Symbols(position);
        if (firsts is null)
            return symbols;
        long first = Get(firsts.Pointer, symbols);
        if (first + 1 == Get(firsts.Pointer, symbols + 1))
            return first;
        long next = position + Depth;
        return first + (next == length ? 0 : sizeof(TSymbol) == 1 ? Get(text, next) : Get(text, next) >> DigitBits);
    }

    private long Tallied(long bucket)
    {
        long count = 0;
        for (int part = 0; part < parts; part++)
            count += Get(tables.Pointer + part * Count, bucket);
        return count;
    }

    private long Large(int many)
    {
        long large = 0;
        for (long bucket = 0; bucket < Count; bucket++)
            large += Tallied(bucket) > many ? 1 : 0;
        return large;
    }

    private void Divide(int many)
    {
        long next = 0;
        for (long symbols = 0; symbols < Count; symbols++)
        {
            Set(firsts!.Pointer, symbols, next);
            next += Tallied(symbols) > many ? Digits : 1;
        }
        Set(firsts!.Pointer, Count, next);
    }

    private void StartBuckets()
    {
        long sum = 0;
        for (long bucket = 0; bucket < Count; bucket++)
        {
            for (int part = 0; part < parts; part++)
            {
                long count = Get(tables.Pointer + part * Count, bucket);
                Set(tables.Pointer + part * Count, bucket, sum);
                sum += count;
            }
        }
    }

    private void Tally() => SortTeam.Run(parts, Tally, cancellation);

    private void Tally(int part)
    {
        TIndex* counts = tables.Pointer + part * Count;
        long end = SortTeam.Border(length, part + 1, parts);
        for (long word = SortTeam.Border(length, part, parts) >> 6; word << 6 < end; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
                Next(counts, Bucket((word << 6) + BitOperations.TrailingZeroCount(bits)));
        }
    }

    private void Write(int part, TIndex* suffixes)
    {
        TIndex* starts = tables.Pointer + part * Count;
        long end = SortTeam.Border(length, part + 1, parts);
        for (long word = SortTeam.Border(length, part, parts) >> 6; word << 6 < end; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
            {
                long position = (word << 6) + BitOperations.TrailingZeroCount(bits);
                Set(suffixes, Next(starts, Bucket(position)), position);
            }
        }
    }

    public void Dispose()
    {
        firsts?.Dispose();
        tables.Dispose();
    }
}
