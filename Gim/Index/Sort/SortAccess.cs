using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gim.Index.Sort;

/// <summary>
/// Reads and writes of symbols (byte, ushort, int, long) and positions (int, long), all as 64-bit numbers. The type
/// tests are decided when the code is compiled.
/// </summary>
internal static unsafe class SortAccess
{
    /// <summary>
    /// How far loops look ahead. Sorting reads text at random places; asking for it this many steps early hides the
    /// memory's latency, which is most of the run time on texts larger than the cache.
    /// </summary>
    public const int Ahead = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Get<T>(T* values, long index)
        where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
            return ((byte*)values)[index];
        if (typeof(T) == typeof(ushort))
            return ((ushort*)values)[index];
        return typeof(T) == typeof(int) ? ((int*)values)[index] : ((long*)values)[index];
    }

    /// <summary>Writes a position or a count: int or long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set<TIndex>(TIndex* values, long index, long value)
        where TIndex : unmanaged
    {
        if (typeof(TIndex) == typeof(int))
            ((int*)values)[index] = (int)value;
        else
            ((long*)values)[index] = value;
    }

    /// <summary>Adds one to a counter and returns what it was before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Next<TIndex>(TIndex* counters, long index)
        where TIndex : unmanaged
        => typeof(TIndex) == typeof(int) ? ((int*)counters)[index]++ : ((long*)counters)[index]++;

    /// <summary>Takes one from a counter and returns what it is then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Previous<TIndex>(TIndex* counters, long index)
        where TIndex : unmanaged
        => typeof(TIndex) == typeof(int) ? --((int*)counters)[index] : --((long*)counters)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Sets places to the bits of 0 or of -1.</summary>
    public static void Fill<TIndex>(TIndex* values, long count, byte value)
        where TIndex : unmanaged
    {
        const long Piece = 1 << 30;
        byte* to = (byte*)values;
        for (long bytes = count * sizeof(TIndex); bytes > 0;)
        {
            int length = (int)Math.Min(bytes, Piece);
            new Span<byte>(to, length).Fill(value);
            to += length;
            bytes -= length;
        }
    }
}
