namespace Gim.Text.Tokenizers;

/// <summary>
/// Byte-pair encoding of one piece (Sennrich et al. 2016): of all neighbouring pairs the one of lowest rank merges, the
/// leftmost among equals, until none is left. A heap of pairs over a linked list of symbols: O(n log n),
/// also for a piece of a million equal letters. Holds scratch memory, so one per thread.
/// </summary>
internal sealed class BytePairMerger
{
    /// <summary>Scratch beyond this many symbols is given back after use.</summary>
    private const int ScratchKept = 1 << 12;

    /// <summary>One symbol; Rank and Merged are those of the pair it makes with its right neighbour.</summary>
    private struct Symbol
    {
        public int Id;
        public int Previous;
        public int Next;
        public int Rank;
        public int Merged;
    }

    private readonly PriorityQueue<int, ulong> pairs = new();
    private Symbol[] symbols = new Symbol[64];

    /// <summary>Merges <paramref name="ids"/>, one per smallest symbol, in place; returns how many are left.</summary>
    public int Merge(Span<int> ids, PairRanks merges)
    {
        int n = ids.Length;
        if (symbols.Length < n) symbols = new Symbol[Math.Max(n, 2 * symbols.Length)];
        Span<Symbol> list = symbols.AsSpan(0, n);
        for (int i = 0; i < n; i++)
            list[i] = new Symbol { Id = ids[i], Previous = i - 1, Next = i + 1 };
        for (int i = 0; i < n; i++) Offer(list, i, merges);

        while (pairs.TryDequeue(out int left, out ulong priority))
        {
            ref Symbol symbol = ref list[left];
            // A pair whose symbols have changed since it was queued has another rank now, or none.
            if (symbol.Rank != (int)(priority >> 32)) continue;

            symbol.Id = symbol.Merged;
            ref Symbol gone = ref list[symbol.Next];
            gone.Rank = int.MaxValue;
            symbol.Next = gone.Next;
            if (symbol.Next < n) list[symbol.Next].Previous = left;
            Offer(list, left, merges);
            if (symbol.Previous >= 0) Offer(list, symbol.Previous, merges);
        }

        int count = 0;
        for (int i = 0; i < n; i = list[i].Next) ids[count++] = list[i].Id;
        if (n > ScratchKept)
        {
            symbols = new Symbol[64];
            pairs.TrimExcess();
        }
        return count;
    }

    private void Offer(Span<Symbol> list, int left, PairRanks merges)
    {
        ref Symbol symbol = ref list[left];
        symbol.Rank = int.MaxValue;
        if (symbol.Next >= list.Length) return;
        symbol.Rank = merges.Rank(symbol.Id, list[symbol.Next].Id, out symbol.Merged);
        if (symbol.Rank != int.MaxValue) pairs.Enqueue(left, (ulong)symbol.Rank << 32 | (uint)left);
    }
}
