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

    // For each first symbol, its bucket or the complement of the first of its many; and the counters, a table for each
    // part of the text.
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
            firsts = new NativeBuffer<TIndex>(undivided, zeroed: false, settings.Memory);
            Divide(settings.Group);
            Count = undivided + large * (Digits - 1);
            tables.Dispose();
            tables = new NativeBuffer<TIndex>(parts * Count, zeroed: true, settings.Memory);
            Tally();
        }
        StartBuckets();
        SortTeam.Run(parts, part => Go<Writing>(part, suffixes), cancellation);
    }

    /// <summary>The most memory in bytes that it takes.</summary>
    public static long WorkingBytes(long length, long alphabet, int parts, SortSettings settings)
    {
        long undivided = Undivided(length, alphabet, settings);
        if (sizeof(TSymbol) > sizeof(ushort))
            return parts * undivided * sizeof(TIndex);
        long large = Math.Min(undivided, length / 2 / settings.Group);
        return (undivided + parts * (undivided + large * (Digits - 1))) * sizeof(TIndex);
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
            bool isLarge = Tallied(symbols) > many;
            Set(firsts!.Pointer, symbols, isLarge ? ~next : next);
            next += isLarge ? Digits : 1;
        }
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

    private void Tally() => SortTeam.Run(parts, part => Go<Counting>(part, null), cancellation);

    private void Go<TStep>(int part, TIndex* suffixes)
        where TStep : struct, IStep
    {
        long start = SortTeam.Border(length, part, parts), end = SortTeam.Border(length, part + 1, parts);
        TIndex* counters = tables.Pointer + part * Count;
        if (pairs)
            Go<TStep, Pair>(text, length, start, end, marks, firsts is null ? null : firsts.Pointer, counters, suffixes);
        else
            Go<TStep, Single>(text, length, start, end, marks, firsts is null ? null : firsts.Pointer, counters, suffixes);
    }

    // For each marked position, counts its bucket or takes the bucket's next place.
    private static void Go<TStep, TWidth>(
        TSymbol* text, long length, long start, long end, ulong* marks, TIndex* firsts, TIndex* counters, TIndex* suffixes)
        where TStep : struct, IStep
        where TWidth : struct, IWidth
    {
        for (long word = start >> 6; word << 6 < end; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
            {
                long position = (word << 6) + BitOperations.TrailingZeroCount(bits);
                // The last position of a text is never marked: every marked one has a symbol after it.
                long bucket = TWidth.Symbols == 2 ? Get(text, position) << DigitBits | Get(text, position + 1) : Get(text, position);
                if (sizeof(TSymbol) <= sizeof(ushort) && firsts is not null)
                {
                    bucket = Get(firsts, bucket);
                    if (bucket < 0)
                    {
                        long next = position + TWidth.Symbols;
                        bucket = ~bucket + (next == length ? 0 : sizeof(TSymbol) == 1 ? Get(text, next) : Get(text, next) >> DigitBits);
                    }
                }
                long place = Next(counters, bucket);
                if (TStep.Writes)
                    Set(suffixes, place, position);
            }
        }
    }

    private interface IStep
    {
        static abstract bool Writes { get; }
    }

    private readonly struct Counting : IStep
    {
        public static bool Writes => false;
    }

    private readonly struct Writing : IStep
    {
        public static bool Writes => true;
    }

    private interface IWidth
    {
        static abstract int Symbols { get; }
    }

    private readonly struct Single : IWidth
    {
        public static int Symbols => 1;
    }

    private readonly struct Pair : IWidth
    {
        public static int Symbols => 2;
    }

    public void Dispose()
    {
        firsts?.Dispose();
        tables.Dispose();
    }
}
