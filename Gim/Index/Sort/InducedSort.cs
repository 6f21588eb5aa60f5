using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gim.Index.Sort;

/// <summary>
/// Suffix sorting by induced sorting (Nong, Zhang and Chan, "Two Efficient Algorithms for Linear Time Suffix Array
/// Construction", 2011): linear time in the length for every input, repetitive or not.
/// A suffix is type S when it sorts before the suffix that starts one symbol later, else type L; an S suffix right
/// after an L suffix is "leftmost S". Sorting the leftmost-S suffixes (by recursion over their names) is enough:
/// two sweeps then induce the order of all others.
/// Memory: the caller's text and suffix array, n/8 bytes of marks, and two counters per symbol of the alphabet; the
/// recursion works inside the suffix array.
/// </summary>
internal static unsafe class InducedSort
{
    // How far the sweeps look ahead. Each step reads the text at a random place; asking for it this many steps early
    // hides the memory's latency, which is most of the run time on texts larger than the cache.
    private const int Ahead = 32;

    // How many steps a sweep takes between two looks at the cancellation.
    private const int Stretch = 1 << 21;

    /// <summary>Writes the start positions of all suffixes of <paramref name="text"/>, in ascending order.</summary>
    /// <typeparam name="T">ushort or int; symbols are in [0, alphabet).</typeparam>
    /// <param name="text">n symbols. The end of the text sorts before every symbol.</param>
    /// <param name="length">n, at most 2^31 - 2.</param>
    /// <param name="alphabet">Number of different symbols possible.</param>
    /// <param name="suffixes">Room for n positions.</param>
    public static void Sort<T>(
        T* text, int length, int alphabet, int* suffixes, SortProgress progress, CancellationToken cancellation)
        where T : unmanaged
    {
        if (length <= 1)
        {
            if (length == 1)
                suffixes[0] = 0;
            progress.SkipAll(length);
            return;
        }

        using var marks = new NativeBuffer<ulong>((length >> 6) + 1L, zeroed: true);
        using var counts = new NativeBuffer<int>(alphabet, zeroed: true);
        using var buckets = new NativeBuffer<int>(alphabet, zeroed: false);
        int leftmost = MarkLeftmost(text, length, counts.Pointer, marks.Pointer);

        // Sort the leftmost-S substrings: any order inside a bucket will do, the sweeps put them right.
        new Span<int>(suffixes, length).Clear();
        Ends(counts.Span, buckets.Span);
        for (long word = length >> 6; word >= 0; word--)
        {
            for (ulong bits = marks.Pointer[word]; bits != 0;)
            {
                int bit = BitOperations.Log2(bits);
                bits ^= 1UL << bit;
                int position = (int)(word << 6) + bit;
                suffixes[--buckets.Pointer[Symbol(text, position)]] = position;
            }
        }
        Induce(text, length, counts.Span, buckets.Span, suffixes, progress, cancellation);

        int names = NameSubstrings(text, length, leftmost, marks.Pointer, suffixes);
        cancellation.ThrowIfCancellationRequested();
        if (names < leftmost)
        {
            // Equal substrings: their order is decided by what follows them, that is by the string of names.
            int* reduced = suffixes + (length - leftmost);
            GatherNames(suffixes, length, leftmost);
            Sort(reduced, leftmost, names, suffixes, progress.ForRecursion(length, leftmost), cancellation);
            ListMarks(marks.Pointer, length, reduced);
            for (int i = 0; i < leftmost; i++)
                suffixes[i] = reduced[suffixes[i]];
        }
        else
        {
            progress.SkipRecursion(length);
        }

        // Now the leftmost-S suffixes are in their true order: lay them at the ends of their buckets and induce.
        new Span<int>(suffixes + leftmost, length - leftmost).Clear();
        Ends(counts.Span, buckets.Span);
        for (int i = leftmost - 1; i >= 0; i--)
        {
            int position = suffixes[i];
            suffixes[i] = 0;
            suffixes[--buckets.Pointer[Symbol(text, position)]] = position;
        }
        Induce(text, length, counts.Span, buckets.Span, suffixes, progress, cancellation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Symbol<T>(T* text, int position)
        where T : unmanaged
        => typeof(T) == typeof(ushort) ? ((ushort*)text)[position] : ((int*)text)[position];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMarked(ulong* marks, int position) => (marks[position >> 6] >> (position & 63) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Counts every symbol, marks the leftmost-S positions and returns how many there are.</summary>
    private static int MarkLeftmost<T>(T* text, int length, int* counts, ulong* marks)
        where T : unmanaged
    {
        int found = 0;
        int next = Symbol(text, length - 1);
        counts[next]++;
        bool nextIsS = false;
        for (int i = length - 2; i >= 0; i--)
        {
            int symbol = Symbol(text, i);
            counts[symbol]++;
            bool isS = symbol < next || (symbol == next && nextIsS);
            if (!isS && nextIsS)
            {
                marks[(i + 1) >> 6] |= 1UL << ((i + 1) & 63);
                found++;
            }
            nextIsS = isS;
            next = symbol;
        }
        return found;
    }

    private static void Starts(ReadOnlySpan<int> counts, Span<int> buckets)
    {
        int sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            buckets[i] = sum;
            sum += counts[i];
        }
    }

    private static void Ends(ReadOnlySpan<int> counts, Span<int> buckets)
    {
        int sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            buckets[i] = sum;
        }
    }

    /// <summary>
    /// Both sweeps. A negative entry (bitwise complement of a position) is one whose predecessor is not to be induced
    /// by the sweep at hand: the left-to-right sweep turns what the other sweep must still use back to positive, so
    /// that no type needs to be looked up at random places. An empty slot holds 0, which induces nothing.
    /// </summary>
    private static void Induce<T>(
        T* text, int length, ReadOnlySpan<int> counts, Span<int> buckets, int* suffixes,
        SortProgress progress, CancellationToken cancellation)
        where T : unmanaged
    {
        fixed (int* bucket = buckets)
        {
            Starts(counts, buckets);
            // The last suffix is followed by the end of the text, the smallest of all: it is the first L of its bucket.
            PlaceL(text, length - 1, bucket, suffixes);
            for (int start = 0; start < length; start += Math.Min(Stretch, length - start))
            {
                cancellation.ThrowIfCancellationRequested();
                int end = start + Math.Min(Stretch, length - start);
                InduceL(text, length, start, end, bucket, suffixes);
                progress.Advance(end - start);
            }
            Ends(counts, buckets);
            for (int end = length; end > 0; end -= Math.Min(Stretch, end))
            {
                cancellation.ThrowIfCancellationRequested();
                int start = Math.Max(0, end - Stretch);
                InduceS(text, start, end, bucket, suffixes);
                progress.Advance(end - start);
            }
        }
    }

    private static void InduceL<T>(T* text, int length, int start, int end, int* bucket, int* suffixes)
        where T : unmanaged
    {
        int safe = length - 2 * Ahead;
        for (int i = start; i < end; i++)
        {
            if (i < safe)
            {
                int far = suffixes[i + 2 * Ahead];
                Prefetch(text + (far > 0 ? far - 2 : 0));
                int near = suffixes[i + Ahead];
                if (near > 0)
                    Prefetch(suffixes + bucket[Symbol(text, near - 1)]);
            }
            int position = suffixes[i];
            suffixes[i] = ~position;
            if (position > 0)
                PlaceL(text, position - 1, bucket, suffixes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PlaceL<T>(T* text, int position, int* bucket, int* suffixes)
        where T : unmanaged
    {
        int symbol = Symbol(text, position);
        bool predecessorIsS = position > 0 && Symbol(text, position - 1) < symbol;
        suffixes[bucket[symbol]++] = predecessorIsS ? ~position : position;
    }

    private static void InduceS<T>(T* text, int start, int end, int* bucket, int* suffixes)
        where T : unmanaged
    {
        for (int i = end - 1; i >= start; i--)
        {
            if (i >= 2 * Ahead)
            {
                int far = suffixes[i - 2 * Ahead];
                Prefetch(text + (far > 0 ? far - 2 : 0));
                int near = suffixes[i - Ahead];
                if (near > 0)
                    Prefetch(suffixes + bucket[Symbol(text, near - 1)] - 1);
            }
            int position = suffixes[i];
            if (position <= 0)
            {
                suffixes[i] = ~position;
                continue;
            }
            position--;
            int symbol = Symbol(text, position);
            bool predecessorIsL = position == 0 || Symbol(text, position - 1) > symbol;
            suffixes[--bucket[symbol]] = predecessorIsL ? ~position : position;
        }
    }

    /// <summary>
    /// Collects the leftmost-S positions in substring order at the front, and gives equal substrings equal names, kept
    /// at front + position/2 (two such positions are never adjacent). Returns the number of different names.
    /// </summary>
    private static int NameSubstrings<T>(T* text, int length, int leftmost, ulong* marks, int* suffixes)
        where T : unmanaged
    {
        int collected = 0;
        for (int i = 0; i < length; i++)
        {
            int position = suffixes[i];
            suffixes[collected] = position;
            collected += IsMarked(marks, position) ? 1 : 0;
            if (collected == leftmost)
                break;
        }

        new Span<int>(suffixes + leftmost, length - leftmost).Fill(-1);
        int name = -1, previous = -1;
        for (int i = 0; i < leftmost; i++)
        {
            if (i + Ahead < leftmost)
            {
                Prefetch(text + suffixes[i + Ahead]);
                Prefetch(suffixes + leftmost + (suffixes[i + Ahead] >> 1));
            }
            int position = suffixes[i];
            if (previous < 0 || !SameSubstring(text, length, marks, previous, position))
                name++;
            suffixes[leftmost + (position >> 1)] = name;
            previous = position;
        }
        return name + 1;
    }

    private static bool SameSubstring<T>(T* text, int length, ulong* marks, int first, int second)
        where T : unmanaged
    {
        if (Symbol(text, first) != Symbol(text, second))
            return false;
        for (int a = first + 1, b = second + 1; a < length && b < length; a++, b++)
        {
            if (Symbol(text, a) != Symbol(text, b))
                return false;
            bool endA = IsMarked(marks, a), endB = IsMarked(marks, b);
            if (endA || endB)
                return endA && endB;
        }
        return false;
    }

    /// <summary>Moves the names, which stand in text order with gaps, to the end of the array.</summary>
    private static void GatherNames(int* suffixes, int length, int leftmost)
    {
        int to = length;
        for (int from = length - 1; to > length - leftmost; from--)
        {
            if (suffixes[from] >= 0)
                suffixes[--to] = suffixes[from];
        }
    }

    private static void ListMarks(ulong* marks, int length, int* positions)
    {
        int next = 0;
        for (int word = 0; word <= length >> 6; word++)
        {
            for (ulong bits = marks[word]; bits != 0; bits &= bits - 1)
                positions[next++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
        }
    }
}
